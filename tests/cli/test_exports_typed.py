"""What is taken elsewhere is whole, comes in again, and runs nowhere."""

import csv
import json
from asyncio import CancelledError
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest

from cli.typed import Deskcal
from deskcal.cli.exits import Exit
from deskcal.cli.whole_file import whole_text

TODAY = datetime.now(UTC).date()
AROUND = ("--from", f"{TODAY - timedelta(days=21)}", "--to", f"{TODAY + timedelta(days=21)}")
SAME = ("patient_name", "date_of_birth", "provider", "service", "start", "duration", "status")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return [*csv.DictReader(file)]


def test_appointments_come_in_again(deskcal: Deskcal, tmp_path: Path) -> None:
    """A provider's appointments and all patients, imported into another clinic, are the same there."""
    visits, people, again = tmp_path / "visits.csv", tmp_path / "people.csv", tmp_path / "again.csv"
    deskcal("patient", "add", "Jolanta Gżegżółka", "--dob", "1990-02-03", "--phone", "+48 22 555 01 77")
    deskcal("book", "Jolanta Gżegżółka", "Consultation", "Dr. Perez", "+50 10:30")
    wanted = (*AROUND[:2], "--to", "+60", "--provider", "perez")
    assert deskcal("export", "appointments", *wanted, "-o", str(visits)).code == Exit.DONE
    assert deskcal("export", "patients", "--bom", "-o", str(people)).code == Exit.DONE
    there = {"DESKCAL_CLINIC": "mirror"}
    deskcal("clinic", "create", "Mirror", "--timezone", "America/New_York")
    kept = read(visits)
    durations = {row["service"]: row["duration"] for row in kept}
    for service, minutes in durations.items():
        deskcal("service", "add", service, "--duration", minutes, "--step", "5", **there)
    offered = [word for service in durations for word in ("--service", service)]
    deskcal("provider", "add", kept[0]["provider"], *offered, **there)
    deskcal("provider", "set-hours", kept[0]["provider"], "daily", "00:00-24:00", **there)
    brought = deskcal("import", "patients", str(people), **there)
    assert brought.code == Exit.DONE, brought.words
    refused = tmp_path / "refused.csv"
    done = deskcal("import", "appointments", str(visits), "-o", str(refused), **there)
    assert done.code in {Exit.DONE, Exit.REFUSED}, done.words
    left = {row["external_id"]: row["deskcal_reason"] for row in read(refused)} if refused.exists() else {}
    assert deskcal("export", "appointments", *wanted[:4], "-o", str(again), **there).code == Exit.DONE
    stands = [row for row in kept if row["external_id"] not in left]
    both = [[{name: row[name] for name in SAME} for row in rows] for rows in (stands, read(again))]
    assert len(stands) > 0.9 * len(kept) > 10, left
    assert both[0] == both[1]
    numbers = {row["name"]: row["phone"] for row in read(people)}
    assert numbers["Jolanta Gżegżółka"] == "'+48 22 555 01 77"
    [mine] = deskcal("--json", "patient", "find", "Jolanta Gżegżółka", **there).value
    assert mine["phone"] == "+48 22 555 01 77"


def test_json_lines_are_the_servers(deskcal: Deskcal) -> None:
    """Each line is a thing with the fields of the HTTP interface; canceled ones come when asked for."""
    lines = deskcal("export", "appointments", *AROUND, "--format", "jsonl").out.splitlines()
    listed = deskcal("--json", "appointments").value
    stand = {one["id"] for one in listed if one["status"] != "canceled"}
    found = [json.loads(line) for line in lines]
    assert {one["id"] for one in found} <= stand
    assert len(found) > 100
    gone = deskcal("--json", "book", "Mario Lopez", "Consultation", "Dr. Perez", "+20 10:30").value
    assert deskcal("--yes", "cancel", gone["id"]).code == Exit.DONE
    for word, there in (((), False), (("--canceled",), True)):
        assert (gone["id"] in deskcal("export", "appointments", *AROUND, *word).out) is there


def test_the_log_from_a_day_on(deskcal: Deskcal) -> None:
    """All of it is there by number; of some days what happened on them, wherever in the log that is."""
    logged = [json.loads(line) for line in deskcal("export", "log").out.splitlines()]
    assert [one["seq"] for one in logged] == [*range(1, len(logged) + 1)]
    zone = ZoneInfo("America/New_York")
    days = {one["seq"]: datetime.fromisoformat(one["occurredAt"]).astimezone(zone).date() for one in logged}
    for first, last in ((20, 0), (9, 3), (1, 1)):
        begins, ends = TODAY - timedelta(days=first), TODAY - timedelta(days=last)
        said = deskcal("export", "log", "--from", str(begins), "--to", str(ends))
        found = [seq for line in said.out.splitlines() if (seq := json.loads(line)["seq"]) in days]
        assert found == [seq for seq, day in days.items() if begins <= day <= ends]
    tomorrow = f"{TODAY + timedelta(days=2)}"
    assert deskcal("export", "log", "--from", tomorrow, "--format", "csv").rows == [
        ["seq,occurred_at,event_type,aggregate_type,aggregate_id,actor,payload,trace_id"]
    ]


def test_a_calendar_names_nobody(deskcal: Deskcal, tmp_path: Path) -> None:
    """An ics has every appointment once, at its time, and no patient's name."""
    out = tmp_path / "visits.ics"
    assert deskcal("export", "appointments", *AROUND, "--format", "ics", "-o", str(out)).code == Exit.DONE
    calendar = icalendar.Calendar.from_ical(out.read_bytes())
    lines = deskcal("export", "appointments", *AROUND, "--format", "jsonl").out.splitlines()
    booked = {f"{one['id']}@deskcal": one for one in map(json.loads, lines)}
    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    assert set(events) == set(booked)
    for uid, event in events.items():
        assert event.decoded("dtstart") == datetime.fromisoformat(booked[uid]["start"])
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["America/New_York"]
    names = {one["patientName"] for one in booked.values()}
    staff = " ".join({one["providerName"] for one in booked.values()})
    text = out.read_text()
    assert not [name for name in names if name in text and name not in staff]


def test_patients_are_for_admins(deskcal: Deskcal, tmp_path: Path) -> None:
    """The front desk takes no list of all patients with it, and no file is left of the attempt."""
    desk = deskcal("--json", "token", "create", "--role", "front_desk").value["token"]
    out = tmp_path / "people.csv"
    refused = deskcal("export", "patients", "-o", str(out), DESKCAL_TOKEN=desk)
    assert (refused.code, "patients:export" in refused.words) == (Exit.NOT_ALLOWED, True)
    assert [*tmp_path.iterdir()] == []
    assert deskcal("export", "appointments", "--from", "+3", "--to", "+2").code == Exit.USAGE
    assert deskcal("export", "appointments", "--format", "parquet").code == Exit.USAGE


@pytest.mark.parametrize("error", [KeyboardInterrupt, CancelledError, ValueError])
def test_a_file_is_whole_or_as_it_was(error: type[BaseException], tmp_path: Path) -> None:
    """Whatever stops the writing, what was there before stays, and nothing beside it."""
    out = tmp_path / "rows.csv"
    out.write_text("before")

    def stopped() -> None:
        with whole_text(out) as file:
            file.write("half a row")
            raise error

    with pytest.raises(error):
        stopped()
    assert out.read_text() == "before"
    with whole_text(out) as file:
        file.write("after")
    assert out.read_text() == "after"
    assert [*tmp_path.iterdir()] == [out]
