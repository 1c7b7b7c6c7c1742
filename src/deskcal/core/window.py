"""Availability windows: times besides the weekly hours at which a resource is there, or is not."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr

from deskcal.core.recurrence import read_lines, read_moment, read_pattern, stamp, wrong

_LAST_YEAR = 2199


class WindowKind(StrEnum):
    """What a window does to the hours: adds time, takes it away, or stands in place of the weekly hours."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`start` and `end` are naive wall-clock times of the resource's zone, in whole minutes.

    Where `rule` is given, as `read_rule` gave it, they are those of the first of a series. An all-day window
    begins and ends at midnight, the end behind the last day.
    """

    id: UUID
    kind: WindowKind
    start: datetime
    end: datetime
    all_day: bool = False
    rule: str | None = None
    reason: str | None = None
    source: Literal["manual", "imported"] = "manual"
    source_uid: str | None = None
    """The event of another calendar that it was imported from."""


def occurrences(window: Window, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Give start and end, on the wall clock, of each occurrence that overlaps `[first, last)`, in order.

    Each lasts as long on the wall clock as the window itself.
    """
    if window.start >= last:
        return
    if window.rule is None:
        if window.end > first:
            yield window.start, window.end
        return
    length = window.end - window.start
    over = first - length
    for year in range(max(over, window.start).year, last.year + 1):
        starts = _starts_in(window.rule, window.start, year)
        for start in starts[bisect_right(starts, over) : bisect_left(starts, last)]:
            yield start, start + length


@lru_cache(maxsize=8192)
def _starts_in(rule: str, start: datetime, year: int) -> tuple[datetime, ...]:
    # A series is walked from its beginning, so a year of it is worth keeping.
    first, last = date(year, 1, 1), date(year, 12, 31)
    series = starts_by(rule, start).between(
        datetime.combine(first, time()), datetime.combine(last, time.max), inc=True
    )
    return tuple(series)


def starts_by(rule: str, start: datetime) -> rruleset:
    """Give the starts that a rule means, in order, perhaps without end; `rule` is as `read_rule` gave it."""
    return rrulestr(rule, dtstart=start, forceset=True)


def over_at(window: Window) -> datetime | None:
    """Give the wall-clock time at which the last occurrence ends; None if they never cease."""
    if window.rule is None:
        return window.end
    if endless(window.rule):
        return None
    [last] = deque(starts_by(window.rule, window.start), maxlen=1)
    return last + (window.end - window.start)


def endless(rule: str) -> bool:
    """Tell whether a rule, as `read_rule` gave it, never ceases."""
    return "COUNT=" not in rule and "UNTIL=" not in rule


def read_rule(text: str, start: datetime, *, all_day: bool, zone: ZoneInfo) -> str:
    """Read an RRULE, and lines of RDATE and EXDATE if there are any, for a series whose first is at `start`.

    Gives lines that name wall-clock times of `zone` only. A date stands for what begins on it, and in UNTIL
    for its end; EXDATEs on which nothing begins are dropped. Invalid("recurrenceRule") says what is wrong.
    """
    rules: list[str] = []
    moments: dict[str, list[tuple[date, time | None]]] = {"RDATE": [], "EXDATE": []}
    for name, said_in, value in read_lines(text, zone):
        if name == "RRULE":
            rules.append(f"RRULE:{read_pattern(value, start, all_day=all_day, zone=zone)}")
            continue
        for word in value.split(","):
            day, at = read_moment(word, said_in, zone)
            moments[name].append((day, None if all_day else at))
    if len(rules) != 1:
        raise wrong(f"there are {len(rules)} rules; give one, such as FREQ=WEEKLY;BYDAY=MO")
    added = {datetime.combine(day, at or start.time()) for day, at in moments["RDATE"]}
    if added and min(added) < start:
        raise wrong(f"{min(added):%Y-%m-%d %H:%M} is before the start; let the series start then")
    rule = "\n".join((*rules, *_dates("RDATE", added)))
    rule = "\n".join((rule, *_dates("EXDATE", _hit(starts_by(rule, start), set(moments["EXDATE"])))))
    series = starts_by(rule, start)
    if next(iter(series), None) is None:
        raise wrong("EXDATE leaves nothing of the series; leave a date of it out, or delete the window")
    if not endless(rule) and any(at.year > _LAST_YEAR for at in series):
        raise wrong(f"the series goes on after {_LAST_YEAR}; give a smaller COUNT, or none to have no end")
    return rule


def _hit(series: Iterable[datetime], left_out: set[tuple[date, time | None]]) -> Iterator[datetime]:
    last = max((day for day, _ in left_out), default=date.min)
    for at in takewhile(lambda at: at.date() <= last, series):
        if {(at.date(), None), (at.date(), at.time())} & left_out:
            yield at


def _dates(name: str, times: Iterable[datetime]) -> Iterator[str]:
    if words := ",".join(map(stamp, sorted(times))):
        yield f"{name}:{words}"
