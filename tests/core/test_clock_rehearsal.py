"""What is on the wall clock when clocks change: missing, twice, and how long hours last then."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from deskcal.core.clinic import Opening
from deskcal.core.clock_change import clock_changes, disagreements, hours_touched, window_touched
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind

NEW_YORK = ZoneInfo("America/New_York")
YEAR = Span(start=datetime(2026, 1, 1, tzinfo=UTC), end=datetime(2027, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "found"),
    [
        (
            "America/New_York",
            [("2026-03-08", 23 * 60, "02:00-03:00"), ("2026-11-01", 25 * 60, "01:00-02:00")],
        ),
        ("Europe/Madrid", [("2026-03-29", 23 * 60, "02:00-03:00"), ("2026-10-25", 25 * 60, "02:00-03:00")]),
        ("Australia/Lord_Howe", [("2026-04-05", 1470, "01:30-02:00"), ("2026-10-04", 1410, "02:00-02:30")]),
        ("America/Phoenix", []),
    ],
)
def test_every_change_of_a_year(zone: str, found: list[tuple[str, int, str]]) -> None:
    """Days have 23 or 25 hours, half an hour less or more on Lord Howe, or none ever changes."""
    assert [
        (str(one.day), one.day_minutes, f"{one.wall[0]:%H:%M}-{one.wall[1]:%H:%M}")
        for one in clock_changes(ZoneInfo(zone), YEAR)
    ] == found


def test_a_date_that_is_skipped() -> None:
    """Where a zone leaves out a whole date, that day is what is missing."""
    span = Span(start=datetime(2011, 12, 20, tzinfo=UTC), end=datetime(2012, 1, 5, tzinfo=UTC))
    [change] = clock_changes(ZoneInfo("Pacific/Apia"), span)
    assert change.wall == tuple(datetime.combine(date(2011, 12, day), time()) for day in (30, 31))
    assert (change.day, change.day_minutes) == (date(2011, 12, 29), 1440)


@pytest.mark.parametrize(
    ("opens", "closes", "spring", "autumn"),
    [
        (0, 6, (300, False), (420, False)),
        (2, 3, (0, True), None),
        (1, 2, None, (120, True)),
        (1, 5, (180, False), (300, True)),
        (9, 17, None, None),
    ],
)
def test_hours_around_a_change(
    opens: int, closes: int, spring: tuple[int, bool] | None, autumn: tuple[int, bool] | None
) -> None:
    """Hours over the change last an hour less or more; those within what is missing last nothing."""
    openings = [Opening(weekday=6, opens=opens * 60, closes=closes * 60)]
    for change, expected in zip(clock_changes(NEW_YORK, YEAR), (spring, autumn), strict=True):
        found = [(one.minutes, one.edge_inside) for one in hours_touched(openings, change)]
        assert found == ([] if expected is None else [expected])


def test_an_occurrence_of_a_window() -> None:
    """A window that recurs is touched on the night of the change only, and on no other."""
    window = Window(
        id=UUID(int=1),
        kind=WindowKind.UNAVAILABLE,
        start=datetime.combine(date(2026, 3, 1), time(2, 30)),
        end=datetime.combine(date(2026, 3, 1), time(4)),
        rule="RRULE:FREQ=DAILY",
    )
    spring, autumn = clock_changes(NEW_YORK, YEAR)
    [touched] = window_touched(window, spring)
    assert (f"{touched.start}", touched.minutes, touched.wall_minutes) == ("2026-03-08 02:30:00", 60, 90)
    assert touched.edge_inside
    assert list(window_touched(window, autumn)) == []


def test_where_two_zones_disagree() -> None:
    """A zone that keeps its clock and one that changes it differ for the summer, and agree else."""
    [(span, offset, then)] = disagreements(NEW_YORK, ZoneInfo("America/Panama"), YEAR)
    spring, autumn = clock_changes(NEW_YORK, YEAR)
    assert (span.start, span.end) == (spring.at, autumn.at)
    assert (offset, then) == (timedelta(hours=-4), timedelta(hours=-5))
    assert list(disagreements(NEW_YORK, NEW_YORK, YEAR)) == []
