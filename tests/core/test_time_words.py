"""Times and dates as clients and people write them, and as screens show them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from deskcal.core.localtime import (
    abbreviation,
    clock,
    parse_date,
    parse_instant,
    parse_local,
    stretch,
    zone_label,
)
from deskcal.core.refusals import Invalid, NaiveTime, NonexistentTime
from deskcal.core.span import Span

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-03-09T09:30:00-04:00", "2026-03-09T13:30:00+00:00"),
        ("2026-03-09T13:30:00Z", "2026-03-09T13:30:00+00:00"),
        ("2026-03-09t13:30:00.250z", "2026-03-09T13:30:00.250000+00:00"),
        ("2026-03-09 13:30+00:00", "2026-03-09T13:30:00+00:00"),
        ("2026-11-01T01:30:00-05:00", "2026-11-01T06:30:00+00:00"),
        ("2026-03-08T02:30:00Z", "2026-03-08T02:30:00+00:00"),
        ("2026-03-08T02:30:00+01:00", "2026-03-08T01:30:00+00:00"),
    ],
)
def test_instant_with_offset(text: str, instant: str) -> None:
    """An offset or Z makes it an instant; another zone's offset is not measured against this zone's clock."""
    assert parse_instant(text, NEW_YORK).isoformat() == instant
    assert parse_local(text, NEW_YORK).isoformat() == instant


def test_naive_time() -> None:
    """A naive time is refused by the API with the right offset, and taken as local on the command line."""
    with pytest.raises(NaiveTime, match=r"write 2026-03-09T09:30:00-04:00 for America/New_York \(EDT\)"):
        parse_instant("2026-03-09T09:30:00", NEW_YORK)
    for text in ("2026-03-09T09:30", "2026-03-09 09:30"):
        assert parse_local(text, NEW_YORK) == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-03-08T02:30:00", "2026-03-08T02:30:00-05:00", "2026-03-08T02:30:00-04:00"]
)
def test_skipped_time(text: str) -> None:
    """The skipped 02:30 is refused, bare or with either offset around the jump; 03:00 is named instead."""
    for parse in (parse_instant, parse_local):
        with pytest.raises(NonexistentTime, match="the next valid time is 03:00 EDT") as refusal:
            parse(text, NEW_YORK)
        assert refusal.value.next_valid.isoformat() == "2026-03-08T03:00:00-04:00"


def test_zulu_is_never_local() -> None:
    """Where winter time is UTC, Z is an instant; +00:00 in the gap is a local time that is skipped."""
    london = ZoneInfo("Europe/London")
    assert parse_instant("2026-03-29T01:30:00Z", london) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    with pytest.raises(NonexistentTime, match="the next valid time is 02:00 BST"):
        parse_instant("2026-03-29T01:30:00+00:00", london)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("tomorrow", '"tomorrow" is not a time'),
        ("2026-03-09", '"2026-03-09" is not a time'),
        ("20260309T093000Z", "is not a time"),
        ("2026-03-09T25:00:00Z", '"25:00:00Z" is not a time of day'),
        ("2026-03-09T09:30:00+99:00", '"09:30:00+99:00" is not a time of day'),
        ("2026-02-30T09:30:00Z", '"30" is not a day'),
        ("0001-01-01T00:00:00+05:00", '"0001" is not a year'),
        ("٢٠٢٦-03-09T09:30:00Z", "is not a time"),
    ],
)
def test_garbage_time(text: str, wrong: str) -> None:
    """What is no time is refused under the name of the field it came in."""
    with pytest.raises(Invalid) as refusal:
        parse_instant(text, NEW_YORK, field="end")
    [(field, message)] = refusal.value.fields
    assert field == "end"
    assert wrong in message


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("2026-13-45", '"13" is not a month in 2026-13-45'),
        ("2026-02-29", '"29" is not a day in 2026-02-29; February 2026 ends on 28'),
        ("2026-01-00", '"00" is not a day in 2026-01-00'),
        ("1026-01-01", '"1026" is not a year from 1900 to 2199'),
        ("03/09/2026", "write YYYY-MM-DD"),
    ],
)
def test_wrong_date(text: str, wrong: str) -> None:
    """A date that cannot be is refused with the part that is wrong."""
    with pytest.raises(Invalid) as refusal:
        parse_date(text)
    assert refusal.value.fields[0][0] == "date"
    assert wrong in refusal.value.fields[0][1]


def test_date() -> None:
    """A leap day of a leap year is a date."""
    assert parse_date("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("America/New_York", "America/New_York (EST)"),
        ("America/Sao_Paulo", "America/Sao_Paulo (UTC-3)"),
        ("Asia/Kathmandu", "Asia/Kathmandu (UTC+5:45)"),
        ("Australia/Lord_Howe", "Australia/Lord_Howe (UTC+11)"),
        ("UTC", "UTC (UTC)"),
    ],
)
def test_zone_label(zone: str, label: str) -> None:
    """The label names the zone and what its clock is called then; a nameless clock shows its offset."""
    assert zone_label(ZoneInfo(zone), datetime(2026, 1, 15, tzinfo=UTC)) == label


def test_every_zone_has_a_name_for_its_clock() -> None:
    """No zone shows a bare number or nothing."""
    for name in available_timezones():
        assert abbreviation(ZoneInfo(name), datetime(2026, 7, 1, tzinfo=UTC))[0].isalpha(), name


def test_clock_and_stretch() -> None:
    """A stretch says the clock once, twice where it changes, and 24:00 for midnight at its end."""
    midnight = datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert clock(midnight, NEW_YORK) == "00:00 EST"
    assert stretch(Span.of_minutes(midnight, 90), NEW_YORK) == "00:00-01:30 EST"
    assert stretch(Span.of_minutes(midnight, 23 * 60), NEW_YORK) == "00:00 EST-24:00 EDT"
