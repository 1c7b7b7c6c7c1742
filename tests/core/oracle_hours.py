"""What hours open, found by asking the wall clock minute by minute."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from core.zones import ZONES, change_days
from deskcal.core.clinic import Closure, Opening
from deskcal.core.hours import Hours
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind

ID = UUID(int=1)
DAY, MINUTE, WEEK = timedelta(days=1), timedelta(minutes=1), 7 * 1440
AVAILABLE, UNAVAILABLE, OVERRIDE = WindowKind.AVAILABLE, WindowKind.UNAVAILABLE, WindowKind.OVERRIDE


def week_about(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC) - timedelta(hours=84)


@lru_cache(maxsize=8)
def reached(day: date, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Say for each minute of the week about a date how far the wall clock has come until then."""
    minutes = (week_about(day) + n * MINUTE for n in range(WEEK))
    return tuple(accumulate((minute.astimezone(zone).replace(tzinfo=None) for minute in minutes), max))


@dataclass(frozen=True, kw_only=True)
class Around:
    """Hours around a date; `times` are all occurrences of their windows."""

    hours: Hours
    times: tuple[tuple[WindowKind, datetime, datetime], ...]
    day: date

    @property
    def first(self) -> datetime:
        return week_about(self.day)

    def minutes(self, start: datetime, end: datetime) -> range:
        """Give the minutes from when the wall clock first shows the start, or more, until it does the end."""
        shown = reached(self.day, self.hours.zone)
        return range(bisect_left(shown, start), bisect_left(shown, end))

    def on(self, day: date) -> dict[int, set[int]]:
        """Say for each minute open on a date where steps count from."""
        if any(closure.first <= day <= closure.last for closure in self.hours.closures):
            return {}
        midnight = datetime.combine(day, time())
        near = [each for each in self.times if each[1] < midnight + DAY and midnight < each[2]]
        opened = [(start, end) for kind, start, end in near if kind is OVERRIDE]
        if not opened and self.hours.openings is None:
            opened = [(midnight, midnight + DAY)]
        elif not opened:
            opened = [
                (midnight + opening.opens * MINUTE, midnight + opening.closes * MINUTE)
                for opening in self.hours.openings or ()
                if opening.weekday == day.weekday()
            ]
        opened += [(start, end) for kind, start, end in near if kind is AVAILABLE]
        left = set(self.minutes(midnight, midnight + DAY))
        left -= {i for kind, *ends in near if kind is UNAVAILABLE for i in self.minutes(*ends)}
        found: dict[int, set[int]] = {}
        for start, end in opened:
            for i in left.intersection(self.minutes(start, end)):
                found.setdefault(i, set()).add((start - midnight) // MINUTE)
        return found

    @cached_property
    def opened(self) -> set[int]:
        """Give the open minutes of all dates near."""
        return {i for n in range(-3, 5) for i in self.on(self.day + n * DAY)}

    def with_windows(self, other: "Around") -> "Around":
        """Add the windows of other hours, as a unit adds its own to those of its pool."""
        hours = replace(self.hours, windows=self.hours.windows + other.hours.windows)
        return Around(hours=hours, times=self.times + other.times, day=self.day)

    def place(self, span: Span) -> range:
        return range((span.start - self.first) // MINUTE, (span.end - self.first) // MINUTE)


@st.composite
def places(draw: st.DrawFn) -> tuple[str, date]:
    """Draw any zone with a date, often one on which its clock changes."""
    name = draw(st.sampled_from(ZONES))
    some_day = st.dates(date(2025, 1, 1), date(2030, 12, 31))
    return name, draw(st.sampled_from(change_days(name)) | some_day if change_days(name) else some_day)


@st.composite
def weekly(draw: st.DrawFn, day: date) -> tuple[Opening, ...]:
    """Draw weekly hours of the days around a date."""
    found = [Opening(weekday=day.weekday(), opens=0, closes=1440)] if draw(st.integers(0, 2)) else []
    for _ in range(draw(st.integers(0, 6))):
        opens, closes = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=2)))
        weekday = (day.weekday() + draw(st.integers(-1, 2))) % 7
        found.append(Opening(weekday=weekday, opens=opens * 15, closes=closes * 15))
    return tuple(found)


@st.composite
def arounds(
    draw: st.DrawFn, *, place: tuple[str, date] | None = None, most: int = 4, always: bool | None = None
) -> Around:
    """Draw hours around a date, with so many windows at most and weekly hours or, if `always`, none."""
    name, day = place or draw(places())
    windows, times = [], []
    for _ in range(draw(st.integers(0, most))):
        kind, step, count = (
            draw(st.sampled_from(WindowKind)),
            draw(st.integers(1, 3)),
            draw(st.integers(1, 4)),
        )
        start = datetime.combine(day, time()) + draw(st.integers(-300, 300)) * 15 * MINUTE
        end = start + draw(st.integers(1, 120) | st.integers(121, 3000)) * MINUTE
        rule = f"RRULE:FREQ=DAILY;INTERVAL={step};COUNT={count}" if count > 1 else None
        windows.append(Window(id=ID, kind=kind, start=start, end=end, rule=rule))
        times += [(kind, start + n * step * DAY, end + n * step * DAY) for n in range(count)]
    closures = []
    if draw(st.integers(0, 5)) == 5:
        first = day + draw(st.integers(-3, 3)) * DAY
        last = first + draw(st.integers(0, 1)) * DAY
        closures.append(Closure(id=ID, first=first, last=last, reason="Inventory"))
    if always is None:
        always = draw(st.booleans())
    return Around(
        hours=Hours(
            zone=ZoneInfo(name),
            openings=None if always else draw(weekly(day)),
            windows=tuple(windows),
            closures=tuple(closures),
        ),
        times=tuple(times),
        day=day,
    )
