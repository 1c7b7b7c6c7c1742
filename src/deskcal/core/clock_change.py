"""When clocks change, and what is on the wall clock just then: times that are missing, or come twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from deskcal.core.clinic import Opening
from deskcal.core.localtime import edge, segments, whole_days
from deskcal.core.rota import week_of
from deskcal.core.span import Span
from deskcal.core.window import Window, occurrences

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """The instant at which a zone goes from one offset to another."""

    zone: ZoneInfo
    at: datetime
    before: timedelta
    after: timedelta

    @property
    def forward(self) -> bool:
        """Tell whether wall-clock times are missing; else some come twice."""
        return self.after > self.before

    @property
    def wall(self) -> tuple[datetime, datetime]:
        """The naive wall-clock times that are missing, or come twice, `[from, to)`."""
        start, end = sorted((_naive(self.at, self.before), _naive(self.at, self.after)))
        return start, end

    @property
    def day(self) -> date:
        """The local date on which it happens; one that the zone skips counts as the date before."""
        return (_naive(self.at, self.before) - _MINUTE).date() if self.forward else self.wall[0].date()

    @property
    def day_minutes(self) -> int:
        """How long that date is."""
        span = whole_days(self.day, self.day, self.zone)
        return span.minutes if span else 0

    @property
    def about(self) -> Span:
        """The time to look at: what comes twice, or as much on either side of what is missing."""
        much = abs(self.after - self.before)
        return Span(start=self.at - much, end=self.at + much)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Wall-clock times with a part that is missing or comes twice, and how long they really last.

    `edge_inside` tells that the start or the end itself is such a time: it means the first instant after the
    gap, or the first of two.
    """

    start: datetime
    end: datetime
    minutes: int
    edge_inside: bool

    @property
    def wall_minutes(self) -> int:
        return (self.end - self.start) // _MINUTE


def clock_changes(zone: ZoneInfo, span: Span) -> Iterator[ClockChange]:
    """Give the changes within a stretch of time, in order."""
    before: timedelta | None = None
    for piece, offset in _pieces(zone, span):
        if before is not None and offset != before:
            yield ClockChange(zone=zone, at=piece.start, before=before, after=offset)
        before = offset


def disagreements(one: ZoneInfo, other: ZoneInfo, span: Span) -> Iterator[tuple[Span, timedelta, timedelta]]:
    """Give the stretches in which two zones show different times, each with both offsets."""
    cuts = {change.at for zone in (one, other) for change in clock_changes(zone, span)}
    for start, end in pairwise(sorted({span.start, *cuts, span.end})):
        offset, then = (start.astimezone(zone).utcoffset() or timedelta() for zone in (one, other))
        if offset != then:
            yield Span(start=start, end=end), offset, then


def hours_touched(openings: Iterable[Opening], change: ClockChange) -> Iterator[Touched]:
    """Give the weekly hours that hold around a change and overlap it on the wall clock."""
    first, last = change.wall
    day = first.date()
    while day <= last.date():
        midnight = datetime.combine(day, time())
        for opening in week_of(openings, day):
            if opening.weekday == day.weekday():
                start = midnight + timedelta(minutes=opening.opens)
                yield from _touched(start, midnight + timedelta(minutes=opening.closes), change)
        day += _DAY


def window_touched(window: Window, change: ClockChange) -> Iterator[Touched]:
    """Give the occurrences of a window that overlap a change on the wall clock."""
    for start, end in occurrences(window, *change.wall):
        yield from _touched(start, end, change)


def _touched(start: datetime, end: datetime, change: ClockChange) -> Iterator[Touched]:
    first, last = change.wall
    if start < last and first < end:
        yield Touched(
            start=start,
            end=end,
            minutes=(edge(end, change.zone) - edge(start, change.zone)) // _MINUTE,
            edge_inside=first <= start < last or first < end < last,
        )


def _pieces(zone: ZoneInfo, span: Span) -> Iterator[tuple[Span, timedelta]]:
    """Cut a span where the offset changes, and at each day on the way: a change back would hide the first.

    It begins on a whole second, as changes do.
    """
    start = span.start.replace(microsecond=0)
    while start < span.end:
        end = min(start + _DAY, span.end)
        yield from segments(Span(start=start, end=end), zone)
        start = end


def _naive(at: datetime, offset: timedelta) -> datetime:
    return at.replace(tzinfo=None) + offset
