"""Windows and their series: what clients write, and when it takes place."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from core.zones import change_days
from deskcal.core.localtime import edge
from deskcal.core.refusals import Invalid
from deskcal.core.window import Window, WindowKind, occurrences, over_at, read_rule

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime.combine(date(2026, 3, 9), time(9))
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PLACES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata", "UTC")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def window(start: datetime, *, hours: float = 1, rule: str | None = None) -> Window:
    kind, end = WindowKind.UNAVAILABLE, start + timedelta(hours=hours)
    return Window(id=UUID(int=1), kind=kind, start=start, end=end, rule=rule)


def read(text: str, start: datetime = MONDAY, *, all_day: bool = False) -> str:
    return read_rule(text, start, all_day=all_day, zone=NEW_YORK)


def starts(text: str, start: datetime = MONDAY, *, all_day: bool = False) -> list[str]:
    """Say when a series begins within 60 days, as month-day hour:minute."""
    repeated = window(start, rule=read(text, start, all_day=all_day))
    return [f"{at:%m-%d %H:%M}" for at, _ in occurrences(repeated, start, start + 60 * DAY)]


def test_once() -> None:
    """A window without a rule takes place once, and what only touches it is not meant."""
    once = window(MONDAY)
    end = MONDAY + timedelta(hours=1)
    assert list(occurrences(once, MONDAY, MONDAY + DAY)) == [(MONDAY, end)]
    assert list(occurrences(once, end, end + DAY)) == list(occurrences(once, MONDAY - DAY, MONDAY)) == []
    assert over_at(once) == end


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "RRULE:FREQ=WEEKLY;BYDAY=MO"),
        ("rrule:byday=mo,we;interval=2;freq=weekly;", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;INTERVAL=2"),
        ("FREQ=DAILY;UNTIL=20260401T090000", "RRULE:FREQ=DAILY;UNTIL=20260401T090000"),
        ("FREQ=DAILY;UNTIL=20260401T130000Z", "RRULE:FREQ=DAILY;UNTIL=20260401T090000"),
        ("FREQ=DAILY;UNTIL=20260401", "RRULE:FREQ=DAILY;UNTIL=20260401T235959"),
        ("FREQ=DAILY\r\nEXDATE:20260310T\r\n 090000", "RRULE:FREQ=DAILY\nEXDATE:20260310T090000"),
        ("FREQ=DAILY\nEXDATE:20260310T130000Z", "RRULE:FREQ=DAILY\nEXDATE:20260310T090000"),
        (
            "FREQ=DAILY\nEXDATE;TZID=America/Los_Angeles:20260310T060000",
            "RRULE:FREQ=DAILY\nEXDATE:20260310T090000",
        ),
        (
            "FREQ=DAILY;BYHOUR=9,14\nEXDATE;VALUE=DATE:20260310",
            "RRULE:FREQ=DAILY;BYHOUR=9,14\nEXDATE:20260310T090000,20260310T140000",
        ),
        ("EXDATE:20260311,20260310T100000\nFREQ=WEEKLY", "RRULE:FREQ=WEEKLY"),
        (
            "FREQ=WEEKLY\nRDATE:20260312\nRDATE;VALUE=DATE-TIME:20260311T200000Z",
            "RRULE:FREQ=WEEKLY\nRDATE:20260311T160000,20260312T090000",
        ),
    ],
)
def test_one_form(text: str, canonical: str) -> None:
    """However a rule is spelled, it is kept in one form, on the zone's wall clock, which reads as itself."""
    assert read(text) == canonical
    assert read(canonical) == canonical


def test_all_day() -> None:
    """A series of whole days is told apart by dates, whatever times of day come with them."""
    start = MONDAY.replace(hour=0)
    text = "FREQ=WEEKLY;UNTIL=20260406\nRDATE:20260311T093000\nEXDATE;VALUE=DATE:20260316"
    rule = "RRULE:FREQ=WEEKLY;UNTIL=20260406T235959\nRDATE:20260311T000000\nEXDATE:20260316T000000"
    assert read(text, start, all_day=True) == rule
    assert starts(text, start, all_day=True) == [
        "03-09 00:00",
        "03-11 00:00",
        "03-23 00:00",
        "03-30 00:00",
        "04-06 00:00",
    ]


def test_left_out_at_the_start() -> None:
    """The first of a series may be left out, and so may an added date."""
    assert starts("FREQ=WEEKLY;COUNT=3\nRDATE:20260310,20260311\nEXDATE:20260309,20260310") == [
        "03-11 09:00",
        "03-16 09:00",
        "03-23 09:00",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there are 0 rules; give one"),
        ("FREQ=DAILY\nFREQ=WEEKLY", "there are 2 rules; give one"),
        ("EXDATE:20260309", "there are 0 rules"),
        (
            "DTSTART:20260309T090000\nFREQ=DAILY",
            '"DTSTART:20260309T090000" is not understood; write lines of',
        ),
        ("every Monday", '"every Monday" is not understood'),
        ("BYDAY=MO", "FREQ says how often; write one of DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=HOURLY", "FREQ says how often"),
        ("FREQ=MINUTELY", "FREQ says how often"),
        ("FREQ=SECONDLY", "FREQ says how often"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is there twice"),
        ("FREQ=DAILY;BYEASTER=0", '"BYEASTER=0" is not understood; a rule is made of FREQ, UNTIL'),
        ("FREQ=DAILY;BYSECOND=30", '"BYSECOND=30" is not understood'),
        ("FREQ=DAILY;COUNT=3;UNTIL=20260401", "COUNT and UNTIL both say when the series stops"),
        ("FREQ=DAILY;INTERVAL=0", '"0" is no INTERVAL; write 1 to 1000'),
        ("FREQ=DAILY;INTERVAL=1,2", '"1,2" is no INTERVAL'),
        ("FREQ=DAILY;COUNT=-1", '"-1" is no COUNT; write 1 to 10000'),
        ("FREQ=DAILY;COUNT=", '"" is no COUNT'),
        (
            "FREQ=MONTHLY;BYMONTHDAY=0",
            '"0" is no BYMONTHDAY; write 1 to 31, or below 0 to count from the end',
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=9,32", '"32" is no BYMONTHDAY'),
        ("FREQ=DAILY;BYHOUR=9,24", '"24" is no BYHOUR; write 0 to 23'),
        ("FREQ=WEEKLY;BYDAY=MON", '"MON" is not a day; write BYDAY=MO,TU'),
        ("FREQ=WEEKLY;BYDAY=2MO", "2MO counts the days of a month or year; with FREQ=WEEKLY write BYDAY=MO"),
        ("FREQ=MONTHLY;BYDAY=1MO,TU", "1MO,TU counts some days and not others; count all of them, or none"),
        ("FREQ=WEEKLY;WKST=1MO", '"1MO" is not a day; write WKST=MO or WKST=SU'),
        (
            "FREQ=WEEKLY;BYDAY=TU",
            "Monday 2026-03-09 09:00 is not in FREQ=WEEKLY;BYDAY=TU; start with a time that is",
        ),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "is not in FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        (
            "FREQ=DAILY;UNTIL=20260308",
            "the series stops on 2026-03-08, before it starts; choose a later UNTIL",
        ),
        ("FREQ=DAILY;UNTIL=soon", '"SOON" is not a time; write 20260309T090000'),
        ("FREQ=DAILY;UNTIL=20260230", '"30" is not a day in 2026-02-30; February 2026 ends on 28'),
        ("FREQ=DAILY;UNTIL=20260401T240000", '"20260401T240000" has no time of day'),
        ("FREQ=YEARLY;COUNT=1000", "the series goes on after 2199; give a smaller COUNT"),
        ("FREQ=DAILY\nRDATE:20260308", "2026-03-08 09:00 is before the start; let the series start then"),
        (
            "FREQ=DAILY\nEXDATE;TZID=America/New_Yorck:20260310T090000",
            '"America/New_Yorck" is not a time zone; did',
        ),
        (
            "FREQ=DAILY\nEXDATE;RANGE=THISANDFUTURE:20260310",
            '"RANGE=THISANDFUTURE" is not understood; leave it out',
        ),
        ("FREQ=DAILY;COUNT=2\nEXDATE:20260309,20260310", "EXDATE leaves nothing of the series"),
    ],
)
def test_wrong_rules(text: str, message: str) -> None:
    """A rule that cannot be meant is refused with the word that is wrong and what would be right."""
    with pytest.raises(Invalid) as refusal:
        read(text)
    [(field, said)] = refusal.value.fields
    assert field == "recurrenceRule"
    assert message in said


def test_times_of_day_in_a_series_of_whole_days() -> None:
    """Whole days have no hours to repeat at."""
    with pytest.raises(Invalid, match="BYHOUR is for times of day, but this lasts all day; leave it out"):
        read("FREQ=DAILY;BYHOUR=0", MONDAY.replace(hour=0), all_day=True)


def test_over() -> None:
    """A series is over when its last occurrence ends, left-out ones aside; an endless one never is."""
    assert over_at(window(MONDAY, rule=read("FREQ=WEEKLY"))) is None
    weekly = window(MONDAY, hours=30, rule=read("FREQ=WEEKLY;COUNT=3\nEXDATE:20260323"))
    assert over_at(weekly) == MONDAY + 7 * DAY + timedelta(hours=30)


def test_between_two() -> None:
    """Nothing is found in the time between two of a series, up to their very ends."""
    daily = window(MONDAY, rule=read("FREQ=DAILY"))
    assert list(occurrences(daily, MONDAY + timedelta(hours=1), MONDAY + DAY)) == []


def test_longer_than_the_time_between() -> None:
    """Each occurrence that reaches into a stretch is found, also ones that began years before."""
    long = window(MONDAY, hours=24 * 700, rule=read("FREQ=YEARLY"))
    new_year = MONDAY.replace(year=2028, month=1, day=1)
    assert [at.year for at, _ in occurrences(long, new_year, new_year + DAY)] == [2026, 2027]


@st.composite
def rules(draw: st.DrawFn) -> str:
    often = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={often}", f"INTERVAL={draw(st.integers(1, 4))}"]
    days = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3, unique=True))
    if often in {"MONTHLY", "YEARLY"}:
        counted = draw(st.booleans())
        days = [f"{draw(st.sampled_from(['1', '2', '-1']))}{day}" if counted else day for day in days]
        of_month = draw(st.lists(st.sampled_from([1, 9, 15, 30, 31, -1]), max_size=2, unique=True))
        if of_month and not days:
            parts.append(f"BYMONTHDAY={','.join(map(str, of_month))}")
    if days:
        parts.append(f"BYDAY={','.join(days)}")
    return ";".join(parts)


@st.composite
def left_out(draw: st.DrawFn, at: datetime, zone: ZoneInfo) -> str:
    """Write an EXDATE in one of the ways that people do."""
    if draw(st.booleans()):
        return f"EXDATE;VALUE=DATE:{at:%Y%m%d}"
    if draw(st.booleans()) and not skipped(at, zone):
        return f"EXDATE:{edge(at, zone):%Y%m%dT%H%M%SZ}"
    return f"EXDATE;TZID={zone.key}:{at:%Y%m%dT%H%M%S}"


@st.composite
def calendars(draw: st.DrawFn) -> tuple[ZoneInfo, str, Window]:
    """Draw a zone, a calendar with one event, and the window that is read from the same words."""
    name = draw(st.sampled_from(PLACES))
    zone, all_day, rule = ZoneInfo(name), draw(st.booleans()), draw(rules())
    near = draw(st.sampled_from(change_days(name) or (MONDAY.date(),))) - draw(st.integers(0, 9)) * DAY
    minute = 0 if all_day else draw(st.integers(0, 95)) * 15
    start = next(iter(rrulestr(rule, dtstart=datetime.combine(near, time()) + timedelta(minutes=minute))))
    end = start + (draw(st.integers(1, 3)) * DAY if all_day else draw(st.integers(1, 2000)) * MINUTE)
    gone = draw(
        st.lists(st.sampled_from([*islice(rrulestr(rule, dtstart=start), 9)][1:]), max_size=3, unique=True)
    )
    if draw(st.booleans()):
        rule += f";COUNT={draw(st.integers(1, 30))}"
    elif draw(st.booleans()):
        noon = datetime.combine(start.date() + draw(st.integers(1, 300)) * DAY, time(12))
        rule += f";UNTIL={noon:%Y%m%d}" if all_day else f";UNTIL={edge(noon, zone):%Y%m%dT%H%M%SZ}"
    form, of = ("%Y%m%d", ";VALUE=DATE") if all_day else ("%Y%m%dT%H%M%S", f";TZID={name}")
    event = (
        f"DTSTART{of}:{start:{form}}",
        f"DTEND{of}:{end:{form}}",
        f"RRULE:{rule}",
        *(f"EXDATE{of}:{at:{form}}" for at in gone),
    )
    text = "\n".join([rule, *(draw(left_out(at, zone)) for at in gone)])
    series = window(start, rule=read_rule(text, start, all_day=all_day, zone=zone))
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:x", *event)
    calendar = "\r\n".join((*lines, "END:VEVENT", "END:VCALENDAR"))
    return zone, calendar, replace(series, end=end, all_day=all_day)


def skipped(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall


@settings(deadline=None)
@given(drawn=calendars(), ahead=st.integers(0, 700), days=st.integers(1, 60))
def test_series_are_those_of_icalendar(drawn: tuple[ZoneInfo, str, Window], ahead: int, days: int) -> None:
    """Any series takes place at the instants at which another library has it.

    But for times that the clock skips: RFC 5545 counts on with the offset before, here they are the first
    instant that there is.
    """
    zone, calendar, series = drawn
    first = datetime.combine(series.start.date() + ahead * DAY, time())
    last = first + days * DAY

    def instant(at: date) -> datetime:
        wall = datetime.combine(at, at.time() if isinstance(at, datetime) else time())
        if isinstance(at, datetime) and not skipped(wall, zone):
            return at.astimezone(UTC)
        return edge(wall, zone)

    around = recurring_ical_events.of(Calendar.from_ical(calendar)).between(
        (first - 3 * DAY).replace(tzinfo=zone), (last + 3 * DAY).replace(tzinfo=zone)
    )
    theirs = [(instant(event["DTSTART"].dt), instant(event["DTEND"].dt)) for event in around]
    ours = [(edge(start, zone), edge(stop, zone)) for start, stop in occurrences(series, first, last)]

    def seen(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
        begin, end = edge(first, zone), edge(last, zone)
        return sorted(
            (start, stop) for start, stop in spans if start != stop and start < end and begin < stop
        )

    assert seen(ours) == seen(theirs)
