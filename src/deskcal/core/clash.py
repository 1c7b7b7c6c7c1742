"""Which bookings lie outside the hours once a window or a closure came or went."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.clinic import Closure
from deskcal.core.hours import Hours, open_bits
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind, occurrences

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def left_out(window: Window, hours: Hours, span: Span) -> bool:
    """Tell whether a booking is outside the hours, as they are now, where a window came or went."""
    first, last = _local(span, hours.zone)
    if window.kind is WindowKind.OVERRIDE:
        first, last = _midnight(first), _midnight(last - _MINUTE) + _DAY
    touched = next(iter(occurrences(window, first, last)), None) is not None
    return touched and not covered(hours, span)


def covered(hours: Hours, span: Span) -> bool:
    """Tell whether all of a span is open."""
    return open_bits(hours, span) == bitmap.full(span)


def closed_by(closures: Iterable[Closure], span: Span, zone: ZoneInfo) -> bool:
    """Tell whether a booking falls on a closed day."""
    start, end = _local(span, zone)
    first, last = start.date(), (end - _MINUTE).date()
    return any(closure.first <= last and first <= closure.last for closure in closures)


def _local(span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Give the wall-clock times between which a span lies, also where clocks go back in it."""
    start, end = sorted(at.astimezone(zone).replace(tzinfo=None) for at in (span.start, span.end))
    return start, max(end, start + _MINUTE)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at, time())
