"""What calendars of others say, and when it keeps a provider busy."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcal.core.busy_times import Range, busy_times
from deskcal.core.foreign_calendar import ForeignEvent, Unreadable, read
from deskcal.core.localtime import edge
from deskcal.core.refusals import Invalid
from deskcal.core.window import Window, occurrences

ZONE = ZoneInfo("America/New_York")
YEAR = Range(zone=ZONE, first=date(2027, 1, 1), last=date(2027, 12, 31), exact=False)

OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0600
TZOFFSETTO:-0700
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0700
TZOFFSETTO:-0600
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def event(*lines: str, uid: str = "a@example.org") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


def calendar(*parts: str) -> str:
    return "\r\n".join("\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).split("\n"))


def windows(*parts: str, within: Range = YEAR, keep_title: bool = False) -> tuple[Window, ...]:
    [found] = read(calendar(*parts))
    assert isinstance(found, ForeignEvent), found
    said = busy_times(found, within, keep_title=keep_title)
    assert not isinstance(said, str), said
    return said


def skipped(*parts: str, within: Range = YEAR) -> str:
    [found] = read(calendar(*parts))
    assert isinstance(found, ForeignEvent), found
    said = busy_times(found, within, keep_title=False)
    assert isinstance(said, str)
    return said


def walls(found: tuple[Window, ...], *, days: int = 365) -> list[str]:
    """List when the windows are, on the wall clock."""
    first = datetime(2027, 1, 1)  # noqa: DTZ001  a wall clock
    spans = sorted(
        span for window in found for span in occurrences(window, first, first + timedelta(days=days))
    )
    return [f"{start:%m-%d %H:%M}/{end:%m-%d %H:%M}" for start, end in spans]


def test_google_writes_a_weekly_meeting_with_an_exception() -> None:
    """A series on the provider's own clock stays one, without end; what was moved or called off is so."""
    weekly = event(
        "DTSTART;TZID=America/New_York:20270104T090000",
        "DTEND;TZID=America/New_York:20270104T100000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO",
        "EXDATE;TZID=America/New_York:20270111T090000",
        "SUMMARY:Board meeting with Maria",
    )
    moved = event(
        "RECURRENCE-ID;TZID=America/New_York:20270118T090000",
        "DTSTART;TZID=America/New_York:20270118T140000",
        "DTEND;TZID=America/New_York:20270118T150000",
    )
    off = event(
        "RECURRENCE-ID:20270125T140000Z",
        "DTSTART;TZID=America/New_York:20270125T090000",
        "DTEND;TZID=America/New_York:20270125T100000",
        "STATUS:CANCELLED",
    )
    found = windows(weekly, moved, off)
    assert walls(found, days=40) == [
        "01-04 09:00/01-04 10:00",
        "01-18 14:00/01-18 15:00",
        "02-01 09:00/02-01 10:00",
        "02-08 09:00/02-08 10:00",
    ]
    assert sorted(one.rule is None for one in found) == [False, True]
    assert {one.reason for one in found} == {"Busy"}
    assert {one.source_uid for one in found} == {"a@example.org"}
    titled = windows(weekly, keep_title=True)
    assert titled[0].reason == "Board meeting with Maria"


def test_outlook_names_zones_its_own_way() -> None:
    """Windows' names of zones are known, and a zone that the file describes goes by its description."""
    eastern = event(
        "DTSTART;TZID=Eastern Standard Time:20270704T090000",
        "DTEND;TZID=Eastern Standard Time:20270704T093000",
    )
    assert walls(windows(eastern)) == ["07-04 09:00/07-04 09:30"]
    custom = event(
        "DTSTART;TZID=Customized Time Zone:20270308T070000",
        "DTEND;TZID=Customized Time Zone:20270308T080000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    assert walls(windows(OUTLOOK_ZONE, custom)) == ["03-08 09:00/03-08 10:00", "03-15 09:00/03-15 10:00"]


def test_a_zone_is_of_its_own_file() -> None:
    """Two files may give the same name to different zones."""
    custom = event(
        "DTSTART;TZID=Customized Time Zone:20270108T070000", "DTEND;TZID=Customized Time Zone:20270108T080000"
    )
    assert walls(windows(OUTLOOK_ZONE, custom)) == ["01-08 09:00/01-08 10:00"]
    later = OUTLOOK_ZONE.replace("-0700", "-0800").replace("-0600", "-0700")
    assert walls(windows(later, custom)) == ["01-08 10:00/01-08 11:00"]
    [unknown] = read(calendar(custom))
    assert isinstance(unknown, Unreadable)
    assert '"Customized Time Zone" is not known' in unknown.why


def test_apple_writes_whole_days() -> None:
    """Days are whole local days, the last one not counted, also of a series; one date is one day."""
    holiday = event(
        "DTSTART;VALUE=DATE:20270705", "DTEND;VALUE=DATE:20270710", "X-APPLE-STRUCTURED-LOCATION;X"
    )
    [found] = windows(holiday)
    assert (found.all_day, walls((found,))) == (True, ["07-05 00:00/07-10 00:00"])
    birthday = event("DTSTART;VALUE=DATE:20200301", "RRULE:FREQ=YEARLY")
    assert walls(windows(birthday)) == ["03-01 00:00/03-02 00:00"]


def test_a_series_by_another_clock() -> None:
    """A weekly call at nine in Berlin is at three or four in New York, whichever clock has changed."""
    call = event(
        "DTSTART;TZID=Europe/Berlin:20270301T090000",
        "DURATION:PT30M",
        "RRULE:FREQ=WEEKLY;UNTIL=20270405T235959Z",
        "RDATE;TZID=Europe/Berlin:20270304T090000",
    )
    assert walls(windows(call)) == [
        "03-01 03:00/03-01 03:30",
        "03-04 03:00/03-04 03:30",
        "03-08 03:00/03-08 03:30",
        "03-15 04:00/03-15 04:30",
        "03-22 04:00/03-22 04:30",
        "03-29 03:00/03-29 03:30",
        "04-05 03:00/04-05 03:30",
    ]


def test_floating_times_are_the_provider_s() -> None:
    """A time without a zone is on the provider's clock; seconds become whole minutes around them."""
    assert walls(windows(event("DTSTART:20270105T100030", "DTEND:20270105T103030"))) == [
        "01-05 10:00/01-05 10:31"
    ]


def test_only_from_and_until() -> None:
    """With dates a series is cut to them, and what begins after or ends before is left out."""
    weekly = event("DTSTART;TZID=America/New_York:20270104T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    fortnight = Range(zone=ZONE, first=date(2027, 1, 11), last=date(2027, 1, 24), exact=True)
    found = windows(weekly, within=fortnight)
    assert walls(found) == ["01-11 09:00/01-11 10:00", "01-18 09:00/01-18 10:00"]
    once = event("DTSTART:20270125T090000Z", "DTEND:20270125T100000Z")
    assert "2027-01-11 and 2027-01-24" in skipped(once, within=fortnight)


@pytest.mark.parametrize(
    ("lines", "uid", "why"),
    [
        (["TRANSP:TRANSPARENT"], "a", "free"),
        (["STATUS:CANCELLED"], "a", "canceled"),
        ([], "01a1fee6-f124-757b-864b-bd844cae787b@deskcal", "deskcal wrote it"),
        (["DTEND:20270105T100000Z"], "a", "nothing of it"),
    ],
)
def test_skipped(lines: list[str], uid: str, why: str) -> None:
    """What is free, called off, without length, or deskcal's own keeps nobody busy."""
    end = [] if any("DTEND" in line for line in lines) else ["DTEND:20270105T110000Z"]
    assert why in skipped(event("DTSTART:20270105T100000Z", *end, *lines, uid=uid))


MALFORMED: Mapping[str, list[str]] = {
    "DTSTART": ["DTSTART:2027-01-05 10:00"],
    "no DTSTART": ["DTEND:20270105T100000Z"],
    "RRULE": ["DTSTART:20270105T100000Z", "RRULE:FREQ=SOMETIMES"],
    "too often": ["DTSTART:20270105T100000Z", "RRULE:FREQ=SECONDLY"],
    "before it starts": ["DTSTART:20270105T100000Z", "DTEND:20270105T090000Z"],
    "not both": ["DTSTART:20270105T100000Z", "DTEND:20270105T110000"],
    "not known": ["DTSTART;TZID=Mars/Olympus:20270105T100000", "DURATION:PT1H"],
}


@pytest.mark.parametrize(("why", "lines"), MALFORMED.items())
def test_malformed_events_do_not_spoil_the_others(why: str, lines: list[str]) -> None:
    """What cannot be used is said with its line and UID, and the good ones before and after it go in."""
    good = [event("DTSTART:20270105T100000Z", "DURATION:PT1H", uid=uid) for uid in ("x", "z")]
    found = read(calendar(good[0], event(*lines, uid="y"), good[1]))
    assert [one.uid for one in found] == ["x", "y", "z"]
    bad = found[1]
    assert isinstance(bad, Unreadable)
    assert (why in bad.why or why == "DTSTART", bad.line) == (True, 9)
    assert sum(isinstance(one, ForeignEvent) for one in found) == 2


def test_an_event_without_uid_or_end() -> None:
    """One without a UID could not be found again; one that never ends is told by its line."""
    nameless = event("DTSTART:20270105T100000Z").replace("UID:a@example.org\n", "")
    assert [one.why for one in read(calendar(nameless)) if isinstance(one, Unreadable)] == ["it has no UID"]
    broken = event("DTSTART:20270105T100000Z", "BEGIN:VALARM")
    assert ["cannot be read" in one.why for one in read(calendar(broken)) if isinstance(one, Unreadable)] == [
        True
    ]


@pytest.mark.parametrize("text", ["", "<html></html>", "name,date\n", calendar(event())[:-20]])
def test_no_calendar(text: str) -> None:
    """What is no calendar at all, or only the beginning of one, is refused whole."""
    with pytest.raises(Invalid, match="calendar file"):
        read(text)


@given(
    start=st.datetimes(datetime(2027, 1, 2), datetime(2027, 12, 30)),  # noqa: DTZ001  made UTC below
    minutes=st.integers(1, 3000),
)
def test_busy_time_is_never_lost(start: datetime, minutes: int) -> None:
    """Whatever the clocks do, the window covers all of the event, and is not more than two hours longer."""
    utc = ZoneInfo("UTC")
    start = start.replace(microsecond=0)
    end = start + timedelta(minutes=minutes)
    [found] = windows(event(f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}"))
    covered = edge(found.start, ZONE), edge(found.end, ZONE)
    assert covered[0] <= start.replace(tzinfo=utc)
    assert covered[1] >= end.replace(tzinfo=utc)
    assert covered[1] - covered[0] <= timedelta(minutes=minutes, hours=2)
