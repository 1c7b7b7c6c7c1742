"""What opens a resource on a date, by example and against an oracle that asks the wall clock each minute."""

from bisect import bisect_left
from dataclasses import dataclass, replace
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
from deskcal.core.clinic import Closure, Equipment, Opening, Provider, Room, Unit
from deskcal.core.hours import (
    Hours,
    closure_on,
    hours_of,
    open_bits,
    open_spans,
    open_time,
    stretches,
    unit_hours,
)
from deskcal.core.localtime import stretch
from deskcal.core.rota import parse_words
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind, read_rule

ID = UUID(int=1)
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 9)
DAY, MINUTE, WEEK = timedelta(days=1), timedelta(minutes=1), 7 * 1440
AVAILABLE, UNAVAILABLE, OVERRIDE = WindowKind.AVAILABLE, WindowKind.UNAVAILABLE, WindowKind.OVERRIDE


def window(kind: WindowKind, start: str, end: str, rule: str | None = None) -> Window:
    first = datetime.fromisoformat(start)
    found = read_rule(rule, first, all_day=False, zone=NEW_YORK) if rule else None
    return Window(id=ID, kind=kind, start=first, end=datetime.fromisoformat(end), rule=found)


def whole(kind: WindowKind, first: str, behind: str) -> Window:
    return replace(window(kind, first, behind), all_day=True)


def closed(first: date, last: date) -> Closure:
    return Closure(id=ID, first=first, last=last, reason="Inventory")


def hours(words: str | None, *windows: Window, closures: tuple[Closure, ...] = ()) -> Hours:
    openings = None if words is None else parse_words(words.split())
    return Hours(zone=NEW_YORK, openings=openings, windows=windows, closures=closures)


def said(about: Hours, day: date = MONDAY) -> list[str]:
    """Say each stretch of a date with the minute that its steps count from."""
    return [f"{stretch(one.span, about.zone)} from {one.anchor}" for one in stretches(about, day)]


def test_available_adds() -> None:
    """An available window is open besides the weekly hours, with steps of its own."""
    extra = window(AVAILABLE, "2026-03-09T16:50", "2026-03-09T19:00")
    assert said(hours("mon 09:00-17:00", extra)) == ["09:00-17:00 EDT from 540", "16:50-19:00 EDT from 1010"]
    assert [stretch(span, NEW_YORK) for span in open_spans(hours("mon 09:00-17:00", extra), MONDAY)] == [
        "09:00-19:00 EDT"
    ]


def test_unavailable_cuts() -> None:
    """What is taken away, from the weekly hours or an override, leaves pieces whose steps count as before."""
    lunch = window(UNAVAILABLE, "2026-03-02T12:10", "2026-03-02T12:40", "FREQ=WEEKLY;BYDAY=MO")
    assert said(hours("mon 09:00-17:00", lunch)) == ["09:00-12:10 EDT from 540", "12:40-17:00 EDT from 540"]
    instead = window(OVERRIDE, "2026-03-09T12:00", "2026-03-09T13:00")
    assert said(hours("mon 09:00-17:00", instead, lunch)) == [
        "12:00-12:10 EDT from 720",
        "12:40-13:00 EDT from 720",
    ]


def test_override_replaces() -> None:
    """An override stands in place of all weekly hours of the dates that it touches, and of no others."""
    late = window(OVERRIDE, "2026-03-09T20:00", "2026-03-10T02:00")
    about = hours("mon-wed 09:00-17:00", late, window(AVAILABLE, "2026-03-09T08:00", "2026-03-09T09:00"))
    assert said(about) == ["08:00-09:00 EDT from 480", "20:00-24:00 EDT from 1200"]
    assert said(about, MONDAY + DAY) == ["00:00-02:00 EDT from -240"]
    assert said(about, MONDAY + 2 * DAY) == ["09:00-17:00 EDT from 540"]


def test_override_within_the_gap() -> None:
    """An override in the hour that the clock skips still replaces the hours, and leaves the date shut."""
    nothing = window(OVERRIDE, "2026-03-08T02:00", "2026-03-08T03:00")
    assert said(hours("sun 09:00-17:00", nothing), date(2026, 3, 8)) == []


def test_whole_days() -> None:
    """Whole days are local dates: an override opens all of them, an absence none of them."""
    about = hours(
        "mon-wed 09:00-17:00",
        whole(OVERRIDE, "2026-03-07", "2026-03-09"),
        whole(UNAVAILABLE, "2026-03-10", "2026-03-11"),
    )
    assert said(about, MONDAY - 2 * DAY) == ["00:00-24:00 EST from 0"]
    assert said(about, MONDAY - DAY) == ["00:00 EST-24:00 EDT from 0"]
    assert [said(about, MONDAY + n * DAY) for n in range(3)] == [
        ["09:00-17:00 EDT from 540"],
        [],
        ["09:00-17:00 EDT from 540"],
    ]


def test_closures_shut_everything() -> None:
    """On a closed date nothing is open, whatever window says so, from its first date to its last."""
    about = hours(
        "daily 09:00-17:00",
        whole(OVERRIDE, "2026-03-09", "2026-03-11"),
        window(AVAILABLE, "2026-03-08T20:00", "2026-03-11T02:00"),
        closures=(closed(MONDAY, MONDAY + DAY),),
    )
    assert [len(stretches(about, MONDAY + n * DAY)) for n in range(-1, 3)] == [2, 0, 0, 2]
    assert closure_on(about, MONDAY + DAY) == closed(MONDAY, MONDAY + DAY)
    assert closure_on(about, MONDAY + 2 * DAY) is None


def test_open_time_runs_on_over_midnight() -> None:
    """A service may use what adjoins its date's hours, into the next dates as far as it is long."""
    night = hours(
        "mon 20:00-24:00 tue 00:00-06:00", window(AVAILABLE, "2026-03-10T06:00", "2026-03-12T12:00")
    )
    spans = [open_time(night, MONDAY, minutes)[0] for minutes in (60, 3000)]
    assert [span.minutes for span in spans] == [28 * 60, 64 * 60]
    absent = window(UNAVAILABLE, "2026-03-09T23:30", "2026-03-10T00:30")
    cut = open_time(hours("mon 20:00-24:00 tue 00:00-06:00", absent), MONDAY, 60)
    assert [stretch(span, NEW_YORK) for span in cut] == ["20:00-23:30 EDT", "00:30-06:00 EDT"]


def test_who_has_hours() -> None:
    """Providers have weekly hours, rooms and equipment are always open, and units add their own downtime."""
    zone, openings = "America/New_York", parse_words(["daily", "09:00-17:00"])
    away, down = (
        whole(UNAVAILABLE, "2026-03-09", "2026-03-10"),
        whole(UNAVAILABLE, "2026-03-11", "2026-03-12"),
    )
    shut = (closed(MONDAY + DAY, MONDAY + DAY),)
    provider = Provider(
        id=ID, name="Dr. Perez", timezone=zone, openings=openings, windows=(away,), closures=shut
    )
    room = Room(
        id=ID, name="Exam 1", type="exam", location_id=None, timezone=zone, windows=(away,), closures=shut
    )
    unit = Unit(id=ID, number=1, windows=(down,))
    pool = Equipment(
        id=ID,
        name="ECG",
        type="ecg",
        location_id=None,
        units=(unit,),
        timezone=zone,
        windows=(away,),
        closures=shut,
    )

    def minutes(about: Hours) -> list[int]:
        return [sum(span.minutes for span in open_spans(about, MONDAY + n * DAY)) for n in range(4)]

    assert minutes(hours_of(provider)) == [0, 0, 480, 480]
    assert minutes(hours_of(room)) == minutes(hours_of(pool)) == [0, 0, 1440, 1440]
    assert minutes(unit_hours(pool, unit)) == [0, 0, 0, 1440]


def test_clocks_that_go_back_over_midnight() -> None:
    """Every minute is open where nothing closes, also those that show the old date again after midnight."""
    newfoundland = ZoneInfo("America/St_Johns")
    elsewhere = (closed(MONDAY, MONDAY),)
    about = Hours(zone=newfoundland, openings=None, windows=(), closures=elsewhere)
    again = Span.of_minutes(datetime(2010, 11, 7, 2, 31, tzinfo=UTC), 59)
    assert f"{again.start.astimezone(newfoundland):%d %H:%M}" == "06 23:01"
    assert open_bits(about, again) == bitmap.full(again)


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
        closures.append(closed(first, first + draw(st.integers(0, 1)) * DAY))
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
