"""What ops type: boards replayed, parked events decided, clocks rehearsed, zones foreseen."""

import pytest

from cli.harming import guarded_for_nobody, park
from cli.typed import Demo, Deskcal
from deskcal.cli.exits import Exit


def test_nothing_differs_in_the_demo(deskcal: Deskcal) -> None:
    """A whole clinic agrees, page after page, and that is said in words and in JSON."""
    said = deskcal("replay-projection", "--check")
    assert (said.code, said.out) == (Exit.DONE, ""), said.words
    assert "say the same" in said.words
    assert "days compared" in said.words
    whole = deskcal("--json", "replay-projection", "--provider", "perez", "--from", "today", "--to", "+30")
    assert whole.code == Exit.DONE
    assert (whole.value["same"], whole.value["repaired"], whole.value["drift"]) == (True, True, [])


def test_drift_is_named_and_not_mended_by_hand(deskcal: Deskcal, demo: Demo) -> None:
    """Time that only the database takes is named with day, time and who says so; 3 is the end of it."""
    with guarded_for_nobody(demo):
        for words in ((), ("--check",), ("--provider", "perez")):
            said = deskcal("replay-projection", *words)
            assert said.code == Exit.REFUSED
            [[_, kind, name, _, what, said_by, not_by]] = said.rows
            assert (kind, name, what) == ("provider", "Dr. Ana Perez", "booked")
            assert (said_by, not_by) == ("in occupancy", "not in log")
            assert "changed the database by hand" in said.words
        assert deskcal("replay-projection", "--provider", "chen").code == Exit.DONE
        assert deskcal("replay-projection", "--to", "+30").code == Exit.DONE
    assert deskcal("replay-projection", "--check").code == Exit.DONE


@pytest.mark.parametrize(
    "words", [("--from", "+3", "--to", "+2"), ("--from", "someday"), ("--provider", "nobody")]
)
def test_what_cannot_be_replayed(words: tuple[str, ...], deskcal: Deskcal) -> None:
    """Dates and names are read as everywhere."""
    assert deskcal("replay-projection", *words).code in {Exit.USAGE, Exit.NOT_FOUND}


def test_parked_events(deskcal: Deskcal, demo: Demo) -> None:
    """Listed, shown, dropped with a reason and kept on record, or tried again and done."""
    one, other = park(demo), park(demo)
    assert [row[0] for row in deskcal("parked", "list").rows] == sorted([one, other], key=number)
    assert "no way in" in deskcal("parked", "show", one).out
    assert deskcal("parked", "drop", one, "--reason", "the visit is over", "--dry-run").code == Exit.DONE
    assert deskcal("--json", "parked", "show", one).value["state"] == "parked"
    assert deskcal("parked", "drop", one, "--reason", "the visit is over").code == Exit.DONE
    dropped = deskcal("--json", "parked", "show", one).value
    assert (dropped["state"], dropped["dropReason"]) == ("dropped", "the visit is over")
    assert deskcal("parked", "retry", one).code == Exit.REFUSED
    assert deskcal("--json", "parked", "retry", "--all", "--dry-run").value[0]["id"] == other
    assert deskcal("parked", "retry", "--all").code == Exit.DONE
    assert deskcal("parked", "list").rows == []
    assert one in [row[0] for row in deskcal("parked", "list", "--all").rows]
    assert deskcal("parked", "show", "sessions-0").code == Exit.NOT_FOUND
    assert deskcal("parked", "retry").code == Exit.USAGE
    assert deskcal("parked", "retry", one, "--all").code == Exit.USAGE


def number(name: str) -> int:
    return int(name.rpartition("-")[2])


def test_clocks_are_rehearsed(deskcal: Deskcal) -> None:
    """The day is drawn with what is missing or comes twice, and the zone data is named."""
    said = deskcal("rehearse-dst", "--year", "2027")
    assert said.code == Exit.DONE
    assert "Sun 2027-03-14  America/New_York  clocks go forward: 02:00-03:00 is missing" in said.out
    assert "00 01 -- 03 04" in said.out
    assert "00 01 01 02 03" in said.out
    assert "(EST to EDT), 23 hours" in said.out
    assert "time zone data" in said.out
    assert deskcal("--json", "rehearse-dst").value["changes"][0]["zone"] == "America/New_York"
    assert deskcal("rehearse-dst", "--zone", "New York").code == Exit.USAGE
    assert "do not change" in deskcal("rehearse-dst", "--zone", "Asia/Tokyo").words


def test_another_zone_is_foreseen(deskcal: Deskcal) -> None:
    """A preview lists hours and appointments and changes nothing, of the clinic as of a location."""
    said = deskcal("clinic", "set-timezone", "America/Chicago", "--preview")
    assert said.code == Exit.DONE
    assert any(row[0] == "hours" and "begin 1:00 h later" in row[2] for row in said.rows)
    assert any(row[0] == "appointment" for row in said.rows)
    whole = deskcal("--json", "clinic", "set-timezone", "America/Chicago", "--preview").value
    assert (whole["before"], whole["shiftMinutes"]) == ("America/New_York", 60)
    assert deskcal("--json", "clinic", "show").value["timezone"] == "America/New_York"
    assert deskcal("clinic", "set-timezone", "Chicago").code == Exit.USAGE
    deskcal("location", "add", "Annex")
    foreseen = deskcal("location", "edit", "Annex", "--timezone", "America/Chicago", "--preview")
    assert (foreseen.code, foreseen.out) == (Exit.DONE, "")
    assert deskcal("--json", "location", "show", "Annex").value["timezone"] == "America/New_York"
    assert deskcal("location", "edit", "Annex", "--name", "Annexe", "--preview").code == Exit.USAGE


def test_a_clinic_is_moved(deskcal: Deskcal) -> None:
    """It says how many appointments look moved, and then the clinic is there."""
    there = {"DESKCAL_CLINIC": "lakeside"}
    deskcal("clinic", "create", "Lakeside", "--timezone", "America/New_York")
    moved = deskcal("--json", "clinic", "set-timezone", "America/Chicago", **there)
    assert (moved.code, moved.value["timezone"]) == (Exit.DONE, "America/Chicago")
    assert "0 appointments keep their moment" in moved.words
