"""A sick day on the command line."""

import csv
from pathlib import Path
from typing import Any

from cli.typed import Deskcal

HOME = {"DESKCAL_CLINIC": "harstad"}
PATIENTS = ("Kari Moen", "Ola Lie", "Siri Dahl")


def made_clinic(deskcal: Deskcal) -> None:
    """Make a clinic with two providers who work every day."""
    if deskcal("clinic", "show", "harstad").code == 0:
        return
    assert deskcal("clinic", "create", "Harstad", "--timezone", "Europe/Oslo").code == 0
    assert deskcal("service", "add", "Visit", "--duration", "30", **HOME).code == 0
    for name in ("Dr. Berg", "Dr. Vik"):
        assert deskcal("provider", "add", name, "--service", "visit", **HOME).code == 0
        assert deskcal("provider", "set-hours", name, "daily", "09:00-16:00", **HOME).code == 0
    for number, name in enumerate(PATIENTS):
        words = ["--dob", "12 mar 1984", "--phone", f"555-010{number}"]
        assert deskcal("patient", "add", name, *words, **HOME).code == 0


def _booked(deskcal: Deskcal, day: str, *hours: int) -> list[dict[str, Any]]:
    return [
        deskcal("--json", "book", name, "visit", "berg", f"{day} {hour}:00", **HOME).value
        for name, hour in zip(PATIENTS, hours, strict=False)
    ]


def _sick(deskcal: Deskcal, day: str, *words: str) -> Any:
    return deskcal("--json", "provider", "sick-day", "berg", day, *words, **HOME)


def test_planned_applied_undone(deskcal: Deskcal, tmp_path: Path) -> None:
    """The plan holds places, applying moves there and writes whom to call, undoing moves back."""
    made_clinic(deskcal)
    made = _booked(deskcal, "+20", 9, 10, 11)
    planned = _sick(deskcal, "+20", "--plan")
    plan = planned.value
    assert planned.code == 0
    assert [item["state"] for item in plan["items"]] == ["held"] * 3
    assert [item["changed"] for item in plan["items"]] == [["provider"]] * 3
    assert deskcal("book", "kari", "visit", "vik", "+20 9:00", **HOME).code == 3
    assert _sick(deskcal, "+20").value["id"] == plan["id"]
    calls = tmp_path / "calls.csv"
    dry = _sick(deskcal, "+20", "--apply", plan["id"], "--only", made[0]["reference"], "--dry-run")
    assert [item["reference"] for item in dry.value["items"]] == [made[0]["reference"]]
    one = _sick(deskcal, "+20", "--apply", plan["id"], "--except", made[0]["reference"])
    assert (one.code, [item["state"] for item in one.value["items"]]) == (0, ["held", "moved", "moved"])
    rest = _sick(deskcal, "+20", "--apply", plan["id"], "-o", str(calls))
    assert (rest.code, [item["state"] for item in rest.value["items"]]) == (0, ["moved"] * 3)
    with calls.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["patient"], row["phone"]) for row in rows] == [
        (name, f"555-010{number}") for number, name in enumerate(PATIENTS)
    ]
    assert "with Dr. Vik" in rows[0]["is to be"]
    assert deskcal("--json", "free", "visit", "berg", "--on", "+20", **HOME).value == []
    undone = _sick(deskcal, "+20", "--undo", plan["id"])
    assert undone.code == 0
    assert [item["state"] for item in undone.value["items"]] == ["moved_back"] * 3
    shown = deskcal("--json", "show", made[0]["reference"], **HOME).value
    assert (shown["start"], shown["providerId"]) == (made[0]["start"], made[0]["providerId"])


def test_whose_time_was_taken_stays(deskcal: Deskcal) -> None:
    """Undoing says who cannot go back, and why; their appointment is where the plan has put it."""
    made_clinic(deskcal)
    [made] = _booked(deskcal, "+21", 9)
    plan = _sick(deskcal, "+21").value
    assert _sick(deskcal, "+21", "--apply", plan["id"]).code == 0
    assert deskcal("provider", "windows", "berg", **HOME).out.count("unavailable") == 1
    [off] = deskcal("--json", "provider", "windows", "berg", **HOME).value
    assert deskcal("provider", "windows", "berg", "--remove", off["id"], **HOME).code == 0
    assert deskcal("book", "ola", "visit", "berg", "+21 9:00", **HOME).code == 0
    undone = _sick(deskcal, "+21", "--undo", plan["id"])
    [item] = undone.value["items"]
    assert (undone.code, item["state"]) == (3, "not_moved_back")
    assert "already booked" in item["reason"]
    assert deskcal("--json", "show", made["reference"], **HOME).value["providerName"] == "Dr. Vik"


def test_in_words(deskcal: Deskcal) -> None:
    """Without --json there is a line for each, and what to type next; given up, the places are free."""
    made_clinic(deskcal)
    _booked(deskcal, "+22", 9)
    planned = deskcal("provider", "sick-day", "berg", "+22", **HOME)
    [row] = planned.rows
    assert (row[0], row[2:5]) == ("held", ["Kari Moen", "555-0100", "Visit"])
    assert "1 of 1 have a new place" in planned.words
    plan = planned.words.split()[-1]
    assert deskcal("provider", "sick-day", "berg", "+22", "--give-up", plan, **HOME).rows[0][0] == "lapsed"
    assert deskcal("book", "ola", "visit", "vik", "+22 9:00", **HOME).code == 0
    over = deskcal("provider", "sick-day", "berg", "+22", "--apply", plan, **HOME)
    assert (over.code, "given up" in over.words) == (3, True)


def test_asked_wrongly(deskcal: Deskcal) -> None:
    """What does not go together is a mistake, and what is not there is not found."""
    made_clinic(deskcal)
    plan = _sick(deskcal, "+23").value
    assert plan["items"] == []
    for words, code, said in (
        (["--plan", "--undo", plan["id"]], 2, "one thing at a time"),
        (["--only", "B-1"], 2, "go with --apply"),
        (["--apply", "tomorrow"], 2, "id of a plan"),
        (["--apply", plan["id"], "--only", "1"], 4, "B-1 is not in this plan"),
        (["--apply", plan["providerId"]], 4, "no such plan"),
        (["--undo", plan["id"]], 3, "not applied"),
    ):
        wrong = deskcal("provider", "sick-day", "berg", "+23", *words, **HOME)
        assert (wrong.code, said in wrong.words) == (code, True), wrong.words
    other = deskcal("provider", "sick-day", "berg", "+24", "--apply", plan["id"], **HOME)
    assert (other.code, plan["date"] in other.words) == (2, True)
    assert deskcal("provider", "sick-day", "berg", "-3", **HOME).code == 2
