"""What is open on a date, in any zone, against an oracle that asks the wall clock minute by minute."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.zones import ZONES, change_days
from deskcal.core import bitmap
from deskcal.core.clinic import Closure, Opening
from deskcal.core.hours import Hours, open_bits, open_time, stretches
from deskcal.core.rota import parse_words
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
class Case:
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

    def opened(self) -> set[int]:
        """Give the open minutes of all dates near."""
        return {i for n in range(-3, 5) for i in self.on(self.day + n * DAY)}

    def place(self, span: Span) -> range:
        return range((span.start - self.first) // MINUTE, (span.end - self.first) // MINUTE)


def check(case: Case) -> None:
    """Compare a date's stretches, and the open minutes of the five days around it, with the oracle."""
    found: dict[int, set[int]] = {}
    parts = stretches(case.hours, case.day)
    for one in parts:
        for i in case.place(one.span):
            found.setdefault(i, set()).add(one.anchor)
    assert found == case.on(case.day)
    assert [one.span for one in parts] == sorted(one.span for one in parts)
    around = Span.of_minutes(case.first + DAY, 5 * 1440)
    opened = {i + 1440 for i in bitmap.positions(open_bits(case.hours, around))}
    assert opened == case.opened().intersection(case.place(around))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    name = draw(st.sampled_from(ZONES))
    some_day = st.dates(date(2025, 1, 1), date(2030, 12, 31))
    day = draw(st.sampled_from(change_days(name)) | some_day if change_days(name) else some_day)
    openings = []
    for _ in range(draw(st.integers(0, 6))):
        opens, closes = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=2)))
        weekday = (day.weekday() + draw(st.integers(-1, 2))) % 7
        openings.append(Opening(weekday=weekday, opens=opens * 15, closes=closes * 15))
    windows, times = [], []
    for _ in range(draw(st.integers(0, 4))):
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
    if draw(st.sampled_from([False, False, True])):
        first = day + draw(st.integers(-3, 3)) * DAY
        last = first + draw(st.integers(0, 1)) * DAY
        closures.append(Closure(id=ID, first=first, last=last, reason="Inventory"))
    return Case(
        hours=Hours(
            zone=ZoneInfo(name),
            openings=draw(st.sampled_from([tuple(openings), None])),
            windows=tuple(windows),
            closures=tuple(closures),
        ),
        times=tuple(times),
        day=day,
    )


@settings(deadline=None)
@given(case=cases())
def test_open_minutes_are_those_that_the_wall_clock_shows(case: Case) -> None:
    """On any hours, windows and closures, in any zone, what is open is what asking each minute says."""
    check(case)


@settings(deadline=None)
@given(case=cases(), minutes=st.integers(1, 2000))
def test_open_time_holds_what_can_be_used(case: Case, minutes: int) -> None:
    """A start on a date fits into its open time exactly if that many minutes from there are open."""
    spans = open_time(case.hours, case.day, minutes)
    assert all(one.end < later.start for one, later in pairwise(spans))
    opened = case.opened()
    runs = list(accumulate(reversed(range(WEEK)), lambda run, i: run + 1 if i in opened else 0, initial=0))
    for i in case.on(case.day):
        fits = any(case.place(span)[0] <= i and i + minutes <= case.place(span).stop for span in spans)
        assert fits == (runs[WEEK - i] >= minutes)


@pytest.mark.prove
@pytest.mark.parametrize("name", ZONES)
def test_all_clock_changes(name: str) -> None:
    """In every zone, on each day of a clock change from 2025 to 2030, the oracle has the same open."""
    split = parse_words(["daily", "00:00-01:15,01:15-02:30,02:50-23:20"])
    for day in change_days(name):
        midnight = datetime.combine(day, time())
        times = tuple(
            (kind, midnight + start * MINUTE, midnight + end * MINUTE)
            for kind, start, end in (
                (UNAVAILABLE, -30, 20),
                (UNAVAILABLE, 75, 105),
                (AVAILABLE, 130, 170),
                (UNAVAILABLE, 1430, 1455),
                (OVERRIDE, -120, 140),
            )
        )
        for openings, used in ((split, times[:4]), (None, times), (None, times[:1])):
            windows = tuple(Window(id=ID, kind=kind, start=start, end=end) for kind, start, end in used)
            about = Hours(zone=ZoneInfo(name), openings=openings, windows=windows, closures=())
            check(Case(hours=about, times=used, day=day))
