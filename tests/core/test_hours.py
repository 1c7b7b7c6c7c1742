"""What opens a resource on a date: weekly hours, windows and closures together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.clinic import Closure, Equipment, Provider, Room, Unit
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
DAY = timedelta(days=1)
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
    again = Span.of_minutes(datetime(2010, 11, 7, 2, 31, tzinfo=UTC), 50)
    assert f"{again.start.astimezone(newfoundland):%d %H:%M}" == "06 23:01"
    assert open_bits(about, again) == bitmap.full(again)
