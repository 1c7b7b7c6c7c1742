"""Calendar files as icalendar's own parser and as a calendar program of others read them."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from deskcal.core.booking import Appointment, Mode, SessionState, Status, on_todays_terms
from deskcal.core.clinic import Clinic, Patient, Provider, Service
from deskcal.core.outside import Side
from deskcal.core.sharing import Places, shared
from deskcal.core.span import Span
from deskcal.wire.ics import file_of, subscription

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLINIC = Clinic(id=UUID(int=1), slug="riverside", name="Riverside", timezone=NEW_YORK.key)
PEREZ = Provider(id=UUID(int=2), name="Dr Perez", timezone=NEW_YORK.key)
PLACES = Places(clinic=CLINIC, rooms={UUID(int=3): "Room 2"}, locations={PEREZ.id: "West wing"})
LINK = "https://meet.example.org/x"
KHAL = shutil.which("khal", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))

CONFIG = """
[calendars]
[[clinic]]
path = {folder}/clinic
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = America/New_York
default_timezone = America/New_York
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


def booked(start: datetime) -> Appointment:
    """Draw up half an hour with Dr Perez in room 2."""
    made = on_todays_terms(
        id=UUID(int=4),
        provider=PEREZ,
        service=Service(id=UUID(int=5), title="Follow-up", duration_minutes=30, slot_step_minutes=30),
        patient=Patient(id=UUID(int=6), name="Maria Lopez", date_of_birth=None),
        span=Span.of_minutes(start, 30),
        status=Status.CONFIRMED,
        mode=None,
        notes="needs an interpreter",
        booked_by="somebody",
        now=NOW,
        room_id=UUID(int=3),
    )
    return replace(made, reference="B-20001")


def written(made: Appointment, side: Side = Side.PATIENT, link: str | None = None) -> bytes:
    return file_of(shared(made, side, PLACES, link=link), CLINIC)


def event_in(text: bytes) -> Event:
    [event] = Calendar.from_ical(text).events
    return event


@pytest.mark.parametrize(
    ("day", "offset", "name"),
    [(date(2026, 3, 7), -5, "EST"), (date(2026, 3, 8), -4, "EDT"), (date(2026, 11, 1), -5, "EST")],
)
def test_the_zone_in_the_file_is_right_around_a_clock_change(day: date, offset: int, name: str) -> None:
    """Whoever knows no zones but those of the file reads the same instant, on either side of a change."""
    start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK)
    calendar = Calendar.from_ical(written(booked(start)))
    [zone], [event] = calendar.timezones, calendar.events
    assert isinstance(event.start, datetime)
    assert (event["DTSTART"].params["TZID"], zone.tz_name) == (NEW_YORK.key, NEW_YORK.key)
    local = event.start.replace(tzinfo=zone.to_tz())
    assert (local.utcoffset(), local.tzname()) == (timedelta(hours=offset), name)
    assert local == start


def test_what_is_told_of_the_place() -> None:
    """Room and location in person, the link where it may be told, else that it is online."""
    made = booked(NOW + timedelta(days=1))
    remote = replace(made, mode=Mode.VIDEO, session=SessionState.READY, room_id=None)
    assert event_in(written(made))["LOCATION"] == "Room 2, West wing"
    assert event_in(written(remote, link=LINK))["LOCATION"] == LINK
    assert event_in(written(remote))["LOCATION"] == "Online"


@pytest.mark.parametrize("side", Side)
def test_the_patient_stays_in_the_house(side: Side) -> None:
    """Neither the patient's name nor the notes are written, to whomever; the rest is marked private."""
    text = written(booked(NOW + timedelta(days=1)), side).decode()
    assert not [word for word in ("Lopez", "interpreter", "somebody") if word in text]
    assert event_in(text.encode())["CLASS"] == "PRIVATE"


def test_reminders() -> None:
    """A calendar reminds 24 hours and one hour before."""
    start = NOW + timedelta(days=3)
    alarms = event_in(written(booked(start))).alarms.times
    assert sorted(alarm.trigger for alarm in alarms) == [
        start - timedelta(days=1),
        start - timedelta(hours=1),
    ]


def test_a_subscription_writes_each_zone_once() -> None:
    """Many appointments of several years share the zones that they are in."""
    winter, summer = (
        booked(datetime(2026, 1, 5, 15, tzinfo=UTC)),
        booked(datetime(2027, 7, 5, 14, tzinfo=UTC)),
    )
    london = replace(summer, timezone="Europe/London")
    shown = [shared(made, Side.PROVIDER, PLACES) for made in (winter, summer, london)]
    calendar = Calendar.from_ical(subscription(shown, CLINIC, "Dr Perez, Riverside"))
    assert [zone.tz_name for zone in calendar.timezones] == [NEW_YORK.key, "Europe/London"]
    assert [event.start for event in calendar.events] == [
        made.span.start for made in (winter, summer, london)
    ]
    assert calendar["NAME"] == "Dr Perez, Riverside"


@pytest.mark.skipif(KHAL is None, reason="khal comes with the dev dependencies")
def test_another_program_follows_a_change(tmp_path: Path) -> None:
    """A calendar program that imports an appointment, moved and then canceled, has it once, as it is."""
    config = tmp_path / "config"
    config.write_text(CONFIG.format(folder=tmp_path))
    (tmp_path / "clinic").mkdir()

    def khal(*words: str) -> str:
        assert KHAL is not None
        done = subprocess.run([KHAL, "-c", config, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def taken_in(made: Appointment) -> list[str]:
        file = tmp_path / "visit.ics"
        file.write_bytes(written(made))
        khal("import", "--batch", str(file))
        form = "{start-long} {title}, {location} {status}"
        listed = khal("list", "--format", form, "--day-format", "", "2026-03-07", "3d")
        return [line.strip() for line in listed.splitlines() if line]

    made = booked(datetime(2026, 3, 7, 9, 30, tzinfo=NEW_YORK))
    moved = replace(
        made,
        span=Span.of_minutes(datetime(2026, 3, 8, 14, tzinfo=NEW_YORK), 30),
        calendar_sequence=1,
        updated_at=NOW + timedelta(hours=1),
    )
    gone = replace(moved, status=Status.CANCELED, calendar_sequence=2)
    said = "Follow-up with Dr Perez, Room 2, West wing"
    assert taken_in(made) == [f"2026-03-07 09:30 {said} CONFIRMED"]
    assert taken_in(moved) == [f"2026-03-08 14:00 {said} CONFIRMED"]
    assert taken_in(gone) == [f"2026-03-08 14:00 {said} CANCELLED"]
