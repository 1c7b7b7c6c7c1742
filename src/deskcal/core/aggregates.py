"""Many providers' slots as counts of a local day, and as stretches of a clinic's wall clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.localtime import stretch
from deskcal.core.span import Span
from deskcal.core.starts import Starts

_MINUTE = timedelta(minutes=1)
HALF_HOUR = 30
_ITS_MINUTES = (1 << HALF_HOUR) - 1
FEW = 2
"""So many free slots in a stretch are few, however many there were."""


class Severity(StrEnum):
    """How much is left; the word that every face shows."""

    NORMAL = "normal"
    LIMITED = "limited"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStarts:
    """Where a provider's slots of so many `minutes` start on a day: masks of its minutes.

    `coming` are those that are not over, `free` those that can be booked; `offered` counts them all.
    """

    provider_id: UUID
    minutes: int
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


def cut(starts: Starts, days: Mapping[date, Span]) -> dict[date, DayStarts]:
    """Cut days out of the window."""
    coming, free = starts.offered & starts.coming, starts.free
    found = {}
    for day, span in days.items():
        place, whole = starts.place(span.start), bitmap.full(span)
        found[day] = DayStarts(
            provider_id=starts.provider.id,
            minutes=starts.service.duration_minutes,
            offered=(starts.offered >> place & whole).bit_count(),
            coming=coming >> place & whole,
            free=free >> place & whole,
        )
    return found


def summary(day: date, lanes: Iterable[DayStarts], *, booked: int, limited_percent: int) -> Summary:
    """Put together what all providers have on a date."""
    offered = coming = free = 0
    for lane in lanes:
        offered += lane.offered
        coming += lane.coming.bit_count()
        free += lane.free.bit_count()
    return Summary(
        day=day,
        available=free,
        booked=booked,
        limited=0 < free * 100 <= limited_percent * coming,
        full=coming > 0 and not free,
        closed=not offered,
    )


def stretches(lanes: Iterable[DayStarts], day: Span, *, limited_percent: int) -> list[Stretch]:
    """Cut what is left of a day at its half hours, and join those that are alike.

    A half hour in which no slot begins goes with the one before, as long as a slot of that one lasts.
    """
    found: list[Stretch] = []
    for first, half in sorted(_half_hours(lanes, day).items()):
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


def _half_hours(lanes: Iterable[DayStarts], day: Span) -> dict[int, _HalfHour]:
    """Sort the slots of a day by the minute of the day at which their half hour begins."""
    found: dict[int, _HalfHour] = {}
    running = 0
    for lane in lanes:
        running |= bitmap.lasting(lane.coming, lane.minutes)
        for minute in bitmap.positions(lane.coming):
            first = minute - minute % HALF_HOUR
            half = found.get(first)
            if half is None:
                half = found[first] = _HalfHour()
            half.coming += 1
            if lane.free >> minute & 1:
                half.available += 1
                half.provider_ids[lane.provider_id] = None
    for first, half in found.items():
        half.behind = first + HALF_HOUR
        while (
            half.behind < day.minutes and half.behind not in found and running >> half.behind & _ITS_MINUTES
        ):
            half.behind += HALF_HOUR
    return found


def _severity(half: _HalfHour, limited_percent: int) -> Severity:
    if not half.available:
        return Severity.FULL
    few = half.available <= FEW or half.available * 100 <= limited_percent * half.coming
    return Severity.LIMITED if few else Severity.NORMAL
