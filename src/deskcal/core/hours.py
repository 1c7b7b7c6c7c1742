"""What opens a resource on a local date: weekly hours, windows and closures together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.clinic import Closure, Equipment, Opening, Provider, Room, Unit
from deskcal.core.localtime import edge
from deskcal.core.rota import opened
from deskcal.core.span import Span, merged
from deskcal.core.window import Window, WindowKind, occurrences

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_SHORTEST_DAY = 1320
"""Minutes of a date on which the clock goes two hours forward, the most that any does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a resource is open. `openings` are the weekly ones; None is for one that is always open.

    Override windows stand in place of the openings of every date that they touch, available ones add.
    Unavailable ones take away from all of these, and so do closures, by whole dates.
    """

    zone: ZoneInfo
    openings: tuple[Opening, ...] | None
    windows: tuple[Window, ...]
    closures: tuple[Closure, ...]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stretch:
    """A span open on a local date, and the minute of that date's wall clock from which steps count.

    It is negative in the rest of a window that began the day before; whole days count from each midnight.
    """

    span: Span
    anchor: int


def hours_of(thing: Provider | Room | Equipment) -> Hours:
    """Give a provider's hours, or those of a room or a whole pool, which have no weekly ones."""
    return Hours(
        zone=ZoneInfo(thing.timezone),
        openings=thing.openings if isinstance(thing, Provider) else None,
        windows=thing.windows,
        closures=thing.closures,
    )


def unit_hours(pool: Equipment, unit: Unit) -> Hours:
    """Give the hours of one unit: the pool's, with its own downtime."""
    return Hours(
        zone=ZoneInfo(pool.timezone),
        openings=None,
        windows=pool.windows + unit.windows,
        closures=pool.closures,
    )


def closure_on(hours: Hours, day: date) -> Closure | None:
    """Give the closure that covers a local date."""
    return next((closure for closure in hours.closures if closure.first <= day <= closure.last), None)


def stretches(hours: Hours, day: date) -> tuple[Stretch, ...]:
    """Give what is open on a local date in order, cut at its midnights; stretches may overlap each other.

    What takes away cuts a stretch into pieces that keep its anchor.
    """
    if closure_on(hours, day):
        return ()
    midnight = datetime.combine(day, time())
    absences = _walls(hours, WindowKind.UNAVAILABLE, midnight)
    gone = [one.span for one in _within(absences, midnight, hours.zone)]
    pieces = (
        Stretch(span=piece, anchor=one.anchor)
        for one in _opened(hours, midnight)
        for piece in one.span.without(gone)
    )
    return tuple(sorted(pieces))


def _opened(hours: Hours, midnight: datetime) -> Iterator[Stretch]:
    walls = _walls(hours, WindowKind.OVERRIDE, midnight)
    if not walls and hours.openings is None:
        walls = [(midnight, midnight + _DAY)]
    elif not walls:
        for opening, span in opened(hours.openings or (), midnight.date(), hours.zone):
            yield Stretch(span=span, anchor=opening.opens)
    walls += _walls(hours, WindowKind.AVAILABLE, midnight)
    yield from _within(walls, midnight, hours.zone)


def _walls(hours: Hours, kind: WindowKind, midnight: datetime) -> list[tuple[datetime, datetime]]:
    return [
        (max(start, midnight) if window.all_day else start, end)
        for window in hours.windows
        if window.kind is kind
        for start, end in occurrences(window, midnight, midnight + _DAY)
    ]


def _within(
    walls: Iterable[tuple[datetime, datetime]], midnight: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    """Cut wall-clock times at the date's midnights; what lies in a gap of the clock drops."""
    for start, end in walls:
        first = edge(max(start, midnight), zone)
        behind = edge(min(end, midnight + _DAY), zone)
        if first != behind:
            yield Stretch(span=Span(start=first, end=behind), anchor=(start - midnight) // _MINUTE)


def open_spans(hours: Hours, day: date) -> tuple[Span, ...]:
    """Give the time open on a local date in order; what adjoins or overlaps is one."""
    return merged(stretch.span for stretch in stretches(hours, day))


def open_time(hours: Hours, day: date, minutes: int) -> tuple[Span, ...]:
    """Give the open time that a service of so many minutes starting on `day` can use, also after midnight.

    What adjoins or overlaps is one.
    """
    days = (day + n * _DAY for n in range(2 + minutes // _SHORTEST_DAY))
    return merged(span for each in days for span in open_spans(hours, each))


def open_bits(hours: Hours, window: Span) -> int:
    """Set the open minutes of a window of whole minutes."""
    if hours.openings is None and not hours.windows and not hours.closures:
        return bitmap.full(window)
    first = window.start.astimezone(hours.zone).date()
    # Clocks that go back over midnight show the old date again, in time that belongs to the next.
    last = window.end.astimezone(hours.zone).date() + _DAY
    days = (first + n * _DAY for n in range((last - first).days + 1))
    return bitmap.union((span for each in days for span in open_spans(hours, each)), window)
