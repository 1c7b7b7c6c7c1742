from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.clash import closed_by, left_out
from deskcal.core.clinic import Closure, Opening
from deskcal.core.hours import Hours
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind

NEW_YORK = ZoneInfo("America/New_York")
WEEK = tuple(Opening(weekday=day, opens=0, closes=1440) for day in range(7))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give a time of November 2026, in which the clocks go back on the 1st."""
    return datetime(2026, 11, day, hour, minute)  # noqa: DTZ001  on the wall clock


def hours(*windows: Window) -> Hours:
    return Hours(zone=NEW_YORK, openings=WEEK, windows=windows, closures=())


def window(kind: WindowKind, start: datetime, end: datetime) -> Window:
    return Window(id=UUID(int=1), kind=kind, start=start, end=end)


def visit(local: datetime, minutes: int = 30) -> Span:
    return Span.of_minutes(local.replace(tzinfo=NEW_YORK), minutes)


def test_only_what_it_overlaps() -> None:
    """Time off clashes with what overlaps it by a minute, not with what touches it."""
    off = window(WindowKind.UNAVAILABLE, at(9, 10), at(9, 11))
    clashing = [
        start
        for start in (at(9, 9, 30), at(9, 9, 31), at(9, 10, 59), at(9, 11))
        if left_out(off, hours(off), visit(start))
    ]
    assert clashing == [at(9, 9, 31), at(9, 10, 59)]


def test_an_overbooked_visit_elsewhere_on_the_day() -> None:
    """What was outside the hours anyway is no business of a window at another time of the day."""
    lunch = window(WindowKind.UNAVAILABLE, at(9, 12), at(9, 13))
    evening = window(WindowKind.UNAVAILABLE, at(9, 18), at(9, 23))
    assert not left_out(lunch, hours(lunch, evening), visit(at(9, 19)))
    assert left_out(evening, hours(lunch, evening), visit(at(9, 19)))


def test_an_override_holds_for_its_whole_date() -> None:
    """Other hours for a date leave out what is booked on it at other times."""
    short = window(WindowKind.OVERRIDE, at(9, 9), at(9, 12))
    assert [
        left_out(short, hours(short), visit(at(day, hour))) for day, hour in ((9, 9), (9, 15), (10, 15))
    ] == [
        False,
        True,
        False,
    ]


def test_the_doubled_hour() -> None:
    """Time off leaves out a visit over the doubled hour, on whose wall clock it ends before it starts."""
    off = window(WindowKind.UNAVAILABLE, at(1, 1), at(1, 2))
    backwards = Span(
        start=datetime(2026, 11, 1, 5, 45, tzinfo=UTC), end=datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    )
    assert left_out(off, hours(off), backwards)


def test_local_days() -> None:
    """A closed day is the visit's local date: midnight at its end is not on the next one."""
    closure = Closure(id=UUID(int=2), first=date(2026, 11, 10), last=date(2026, 11, 10), reason="Closed")
    starts = (at(9, 23, 30), at(9, 23, 31), at(10, 0), at(10, 23, 59), at(11, 0))
    assert [closed_by([closure], visit(start), NEW_YORK) for start in starts] == [
        False,
        True,
        True,
        True,
        False,
    ]
