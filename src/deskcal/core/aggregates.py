"""Many providers' slots as counts of a local day, and as stretches of a clinic's wall clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.localtime import stretch
from deskcal.core.span import Span
from deskcal.core.survey import Starts

_MINUTE = timedelta(minutes=1)
_HALF_HOUR = (1 << 30) - 1
HALF_HOUR = 30
FEW = 2
"""So many free slots in a stretch are few, however many there were."""


class Severity(StrEnum):
    """How much is left; the word that every face shows."""

    NORMAL = "normal"
    LIMITED = "limited"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """A provider's slots of a local day: all, those that are not over, and those that can be booked."""

    offered: int
    coming: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A local date of many providers: `closed` without slots, `full` if some are to come and none is free."""

    day: date
    available: int
    booked: int
    limited: bool
    full: bool
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some time with the same providers free throughout; `available` free slots begin in it."""

    span: Span
    severity: Severity
    available: int
    provider_ids: tuple[UUID, ...]

    def label(self, zone: ZoneInfo) -> str:
        """Say it in words: `5 providers free, 10:30-12:00 EST`."""
        many = len(self.provider_ids)
        who = f"{many} {'provider' if many == 1 else 'providers'} free" if many else "full"
        return f"{who}, {stretch(self.span, zone)}"


@dataclass(slots=True, kw_only=True)
class _HalfHour:
    """Half an hour in which slots begin that are not over, and longer where the last of them goes on."""

    behind: int = 0
    coming: int = 0
    available: int = 0
    provider_ids: dict[UUID, None] = field(default_factory=dict)


def counts_by_day(starts: Starts, days: Mapping[date, Span]) -> dict[date, Counts]:
    """Count a provider's slots on local days within the window."""
    masks = starts.offered, starts.offered & starts.coming, starts.free
    found = {}
    for day, span in days.items():
        place, whole = starts.place(span.start), bitmap.full(span)
        offered, coming, free = ((mask >> place & whole).bit_count() for mask in masks)
        found[day] = Counts(offered=offered, coming=coming, free=free)
    return found


def summary(day: date, counts: Sequence[Counts], *, booked: int, limited_percent: int) -> Summary:
    """Put together what all providers have on a date."""
    coming, free = sum(one.coming for one in counts), sum(one.free for one in counts)
    return Summary(
        day=day,
        available=free,
        booked=booked,
        limited=0 < free * 100 <= limited_percent * coming,
        full=coming > 0 and not free,
        closed=not any(one.offered for one in counts),
    )


def stretches(all_starts: Iterable[Starts], day: Span, *, limited_percent: int) -> list[Stretch]:
    """Cut what is left of a day at its half hours, and join those that are alike.

    A half hour in which no slot begins goes with the one before, as long as a slot of that one lasts.
    """
    found: list[Stretch] = []
    for first, half in sorted(_half_hours(all_starts, day).items()):
        one = Stretch(
            span=Span(start=day.start + first * _MINUTE, end=day.start + half.behind * _MINUTE),
            severity=_severity(half, limited_percent),
            available=half.available,
            provider_ids=tuple(half.provider_ids),
        )
        last = found[-1] if found else one
        alike = (last.severity, last.provider_ids) == (one.severity, one.provider_ids)
        if alike and last.span.end == one.span.start:
            span = Span(start=last.span.start, end=one.span.end)
            found[-1] = replace(last, span=span, available=last.available + one.available)
        else:
            found.append(one)
    return found


def _half_hours(all_starts: Iterable[Starts], day: Span) -> dict[int, _HalfHour]:
    """Sort the slots of a day by the minute of the day at which their half hour begins."""
    whole = bitmap.full(day)
    found: dict[int, _HalfHour] = {}
    running = 0
    for starts in all_starts:
        place = starts.place(day.start)
        coming, free = starts.offered & starts.coming, starts.free
        coming, free = coming >> place & whole, free >> place & whole
        running |= bitmap.lasting(coming, starts.service.duration_minutes)
        for minute in bitmap.positions(coming):
            first = minute - minute % HALF_HOUR
            half = found.get(first)
            if half is None:
                half = found[first] = _HalfHour()
            half.coming += 1
            if free >> minute & 1:
                half.available += 1
                half.provider_ids[starts.provider.id] = None
    for first, half in found.items():
        half.behind = first + HALF_HOUR
        while half.behind < day.minutes and half.behind not in found and running >> half.behind & _HALF_HOUR:
            half.behind += HALF_HOUR
    return found


def _severity(half: _HalfHour, limited_percent: int) -> Severity:
    if not half.available:
        return Severity.FULL
    few = half.available <= FEW or half.available * 100 <= limited_percent * half.coming
    return Severity.LIMITED if few else Severity.NORMAL
