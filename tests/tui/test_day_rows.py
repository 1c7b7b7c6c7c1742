from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from deskcal.tui.calendar.rows import rows_between

NEW_YORK = ZoneInfo("America/New_York")


def labels(first: datetime, last: datetime, minutes: int = 30, zone: ZoneInfo = NEW_YORK) -> list[str]:
    return [row.label for row in rows_between(first, last, zone, minutes)]


def test_plain_morning() -> None:
    """Rows carry the wall clock, from the full step before the first slot to the last one's end."""
    first, last = datetime(2025, 11, 24, 13, 10, tzinfo=UTC), datetime(2025, 11, 24, 14, 40, tzinfo=UTC)
    assert labels(first, last) == ["08:00", "08:30", "09:00", "09:30"]
    assert labels(first, last, 60) == ["08:00", "09:00"]


def test_hour_that_comes_twice() -> None:
    """When clocks go back the doubled hour is there twice, each row with its zone's name."""
    first, last = datetime(2025, 11, 2, 4, 30, tzinfo=UTC), datetime(2025, 11, 2, 7, 30, tzinfo=UTC)
    doubled = ["01:00 EDT", "01:30 EDT", "01:00 EST", "01:30 EST"]
    assert labels(first, last) == ["00:30", *doubled, "02:00"]


def test_hour_that_does_not_exist() -> None:
    """When clocks go forward the skipped hour has no rows."""
    first, last = datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert labels(first, last) == ["01:00", "01:30", "03:00", "03:30"]


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_rows_tile_the_day(minutes: int) -> None:
    """Rows follow one another without a gap, also where the clock moves by half an hour."""
    zone = ZoneInfo("Australia/Lord_Howe")
    first, last = datetime(2026, 4, 4, 12, tzinfo=UTC), datetime(2026, 4, 5, 2, tzinfo=UTC)
    rows = rows_between(first, last, zone, minutes)
    assert all(row.end == following.start for row, following in pairwise(rows))
    assert rows[0].start <= first
    assert rows[-1].end >= last
