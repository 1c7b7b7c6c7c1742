"""Local dates and wall-clock times as instants, in every zone there is."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcal.core.localtime import edge, find_zone, local_day, segments, to_instant
from deskcal.core.refusals import Invalid, NonexistentTime
from deskcal.core.span import Span

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(sorted(available_timezones() - {"Factory", "localtime"})).map(ZoneInfo)
LOCAL_TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))  # noqa: DTZ001  a wall clock


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("America/New_York", date(2026, 3, 8), 1380),
        ("America/New_York", date(2026, 3, 9), 1440),
        ("America/New_York", date(2026, 11, 1), 1500),
        ("Europe/Berlin", date(2026, 10, 25), 1500),
        ("Australia/Lord_Howe", date(2026, 4, 5), 1470),
        ("Australia/Lord_Howe", date(2026, 10, 4), 1410),
        ("Asia/Kathmandu", date(2026, 3, 9), 1440),
    ],
)
def test_length_of_a_day(zone: str, day: date, minutes: int) -> None:
    """A day has 23, 24 or 25 hours, or half an hour more or less where the zone says so."""
    assert local_day(day, ZoneInfo(zone)).minutes == minutes


def test_days_tile_the_year() -> None:
    """In every zone each day ends where the next one begins, and together they are the year."""
    for name in available_timezones():
        zone = ZoneInfo(name)
        first = date(2026, 1, 1)
        days = [local_day(first + timedelta(days=n), zone) for n in range(365)]
        assert all(day.end == after.start for day, after in pairwise(days)), name
        new_years = [datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) for year in (2026, 2027)]
        assert timedelta(minutes=sum(day.minutes for day in days)) == new_years[1] - new_years[0], name


def test_midnight_that_does_not_exist() -> None:
    """In Santiago the clocks go forward at midnight, so that day starts at one."""
    santiago = ZoneInfo("America/Santiago")
    day = local_day(date(2026, 9, 6), santiago)
    assert f"{day.start.astimezone(santiago):%H:%M}" == "01:00"
    assert day.minutes == 1380


def test_day_that_never_took_place() -> None:
    """Samoa went from the 29th to the 31st of December 2011."""
    with pytest.raises(Invalid, match="2011-12-30 never took place in Pacific/Apia; choose 2011-12-31"):
        local_day(date(2011, 12, 30), ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize(
    ("zone", "local", "next_valid"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T03:00:00-04:00"),
        ("America/New_York", "2026-03-08T02:00", "2026-03-08T03:00:00-04:00"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-04T02:30:00+11:00"),
        ("Africa/Cairo", "2026-04-24T00:10", "2026-04-24T01:00:00+03:00"),
    ],
)
def test_nonexistent_time(zone: str, local: str, next_valid: str) -> None:
    """A time that the clock jumps over is refused with the first one after it; as an edge it is that one."""
    wall = datetime.fromisoformat(local)
    with pytest.raises(NonexistentTime, match=f"does not exist in {zone}") as refusal:
        to_instant(wall, ZoneInfo(zone))
    assert refusal.value.next_valid.isoformat() == next_valid
    assert edge(wall, ZoneInfo(zone)) == refusal.value.next_valid


def test_doubled_time_is_the_first() -> None:
    """01:30 on the morning when clocks go back is the one before they do."""
    wall = datetime.fromisoformat("2026-11-01T01:30")
    assert to_instant(wall, NEW_YORK).isoformat() == "2026-11-01T05:30:00+00:00"
    assert edge(wall, NEW_YORK) == to_instant(wall, NEW_YORK)


@settings(deadline=None)
@given(zone=ZONES, wall=LOCAL_TIMES)
def test_every_wall_clock_time_is_read_back_or_skipped(zone: ZoneInfo, wall: datetime) -> None:
    """A local time is the earliest instant that reads so; if none does, the next valid time is named."""
    near = [wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-26, 27)]
    offsets = {at.astimezone(zone).utcoffset() or timedelta() for at in near}
    reads_so = sorted(
        at
        for at in ((wall - offset).replace(tzinfo=UTC) for offset in offsets)
        if at.astimezone(zone).replace(tzinfo=None) == wall
    )
    if reads_so:
        assert to_instant(wall, zone) == edge(wall, zone) == reads_so[0]
    else:
        with pytest.raises(NonexistentTime) as refusal:
            to_instant(wall, zone)
        valid = refusal.value.next_valid
        assert valid.replace(tzinfo=None) > wall
        just_before = (valid.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
        assert just_before.replace(tzinfo=None) < wall


def test_pieces_of_constant_offset() -> None:
    """A span over a clock change is cut at the change, one that merely ends there is not."""
    day = local_day(date(2026, 3, 8), NEW_YORK)
    change = datetime(2026, 3, 8, 7, tzinfo=UTC)
    assert [(piece.minutes, offset / timedelta(hours=1)) for piece, offset in segments(day, NEW_YORK)] == [
        (120, -5),
        (1260, -4),
    ]
    assert len(list(segments(Span(start=day.start, end=change), NEW_YORK))) == 1


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("America/NewYork", "America/New_York"),
        ("new york", "America/New_York"),
        ("berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America", "did you mean"),
        ("Mars/Olympus", "use a name such as America/New_York"),
        ("", "use a name such as America/New_York"),
        ("../etc/passwd", "use a name such as America/New_York"),
    ],
)
def test_unknown_zone(name: str, hint: str) -> None:
    """A zone that does not exist is refused with names that come close, or an example."""
    with pytest.raises(Invalid) as refusal:
        find_zone(name)
    [(field, message)] = refusal.value.fields
    assert field == "timezone"
    assert f'"{name}" is not a time zone' in message
    assert hint in message


def test_known_zone() -> None:
    """A zone in its exact spelling is found."""
    assert find_zone("America/New_York").key == "America/New_York"
    assert find_zone("UTC").key == "UTC"
