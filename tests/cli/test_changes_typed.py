"""What becomes of appointments, typed: found by reference, moved, canceled, on paper and in calendars."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from cli.typed import Deskcal
from deskcal.cli.exits import Exit

NUMBERS = count(1)


@pytest.fixture
def booked(deskcal: Deskcal) -> dict[str, Any]:
    """Book the first free time of a day ahead for a new patient, so that nobody is in two places."""
    name = f"Nadia Visit{next(NUMBERS)}"
    deskcal("patient", "add", name, "--dob", "1990-01-01")
    made: dict[str, Any] = deskcal("--json", "book", name, "Follow-up", "perez", _free(deskcal)[0]).value
    return made


def _free(deskcal: Deskcal) -> list[str]:
    """List free times of Dr. Perez some days from now."""
    found = deskcal("--json", "free", "follow-up", "perez", "--on", "+5", "--days", "10").value
    return [slot["start"] for slot in found]


def test_a_reference_stands_for_an_appointment(deskcal: Deskcal, booked: dict[str, Any]) -> None:
    """The reference, its number alone and the id all name the same appointment."""
    reference = booked["reference"]
    shown = [deskcal("--json", "show", name).value["id"] for name in (reference, reference[2:], booked["id"])]
    assert shown == [booked["id"]] * 3
    unknown = deskcal("show", "B-1")
    assert (unknown.code, "deskcal appointments" in unknown.words) == (Exit.NOT_FOUND, True)


def test_move(deskcal: Deskcal, booked: dict[str, Any]) -> None:
    """A move keeps the reference; a time that is taken is refused with free ones; the audit tells both."""
    _, *_, last = _free(deskcal)
    moved = deskcal("move", booked["reference"], last, "--reason", "patient asked")
    assert moved.code == Exit.DONE
    assert moved.out.startswith(f"{booked['reference']} is now ")
    night = deskcal("move", booked["reference"], f"{last[:10]} 03:00")
    assert (night.code, "Free instead" in night.words) == (Exit.REFUSED, True)
    rows = deskcal("show", booked["reference"], "--audit").rows
    assert [row[2] for row in rows[-3:]] == ["created", "rescheduled", "refused"]


def test_cancel(deskcal: Deskcal, booked: dict[str, Any]) -> None:
    """Canceling says fee and refund; it is history then, and cannot be canceled again."""
    gone = deskcal("--yes", "cancel", booked["reference"], "--reason", "patient asked")
    assert gone.code == Exit.DONE
    assert gone.out.startswith(f"{booked['reference']} is canceled. Fee 0.00 ")
    assert deskcal("--yes", "cancel", booked["reference"]).code == Exit.REFUSED
    mine = ("--patient", booked["patientName"])
    assert deskcal("--json", "appointments", "--upcoming", *mine).value == []
    assert [one["id"] for one in deskcal("--json", "appointments", "--history", *mine).value] == [
        booked["id"]
    ]
    assert deskcal("appointments", "--upcoming", "--history").code == Exit.USAGE


def test_status(deskcal: Deskcal, booked: dict[str, Any]) -> None:
    """A status that follows is taken, another is refused with what could follow."""
    assert deskcal("status", booked["reference"], "confirmed").out == f"{booked['reference']} is confirmed.\n"
    early = deskcal("status", booked["reference"], "completed")
    assert (early.code, "it can become" in early.words) == (Exit.REFUSED, True)
    assert deskcal("status", booked["reference"], "late").code == Exit.USAGE


def test_day_sheet(deskcal: Deskcal, booked: dict[str, Any]) -> None:
    """A day on paper has a line for each who comes, with a box; who canceled is not on it."""
    day = booked["start"][:10]
    sheet = deskcal("day-sheet", day, "--provider", "perez").out
    [line] = [line for line in sheet.splitlines() if booked["reference"] in line]
    assert line.startswith(f"[ ]  {booked['start'][11:16]}-{booked['end'][11:16]}  {booked['patientName']}")
    deskcal("--yes", "cancel", booked["reference"])
    assert booked["reference"] not in deskcal("day-sheet", day).out


def test_calendar_file(deskcal: Deskcal, booked: dict[str, Any], tmp_path: Path) -> None:
    """The file, on disk or in a pipe, holds the appointment."""
    file = tmp_path / "visit.ics"
    assert deskcal("calendar", booked["reference"], "-o", str(file)).code == Exit.DONE
    [event] = Calendar.from_ical(file.read_bytes()).events
    assert event["UID"] == f"{booked['id']}@deskcal"
    assert deskcal("calendar", booked["reference"]).out.startswith("BEGIN:VCALENDAR")
