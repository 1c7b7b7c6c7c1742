"""Series and walk-ins, typed on the command line."""

import pytest

from cli.typed import Deskcal, Said
from deskcal.cli.exits import Exit

THERE = {"DESKCAL_CLINIC": "vardo"}
WEEKLY = ["--repeat", "FREQ=WEEKLY;COUNT=3"]


@pytest.fixture
def there(deskcal: Deskcal) -> Deskcal:
    """Type in a clinic of these tests' own, with a provider who never sleeps."""
    if deskcal("clinic", "show", "vardo").code != Exit.DONE:
        deskcal("clinic", "create", "Vardø", "--timezone", "Europe/Oslo", "--slug", "vardo")
        deskcal("service", "add", "Talk", "--duration", "30", "--price", "50.00", **THERE)
        deskcal("provider", "add", "Dr. Kari Nordli", "--service", "Talk", **THERE)
        deskcal("provider", "set-hours", "nordli", "daily", "00:00-24:00", **THERE)
        deskcal("patient", "add", "Ola Hansen", "--dob", "1984-03-12", **THERE)
        deskcal("patient", "add", "Eva Berg", "--dob", "1990-01-01", **THERE)

    def typed(*words: str) -> Said:
        return deskcal(*words, **THERE)

    return typed


def test_a_series_from_first_to_last(there: Deskcal) -> None:
    """It is judged, booked without what is taken, shown, and canceled; each answer says which and why."""
    book = ["book", "Ola Hansen", "Talk", "nordli", "+30 10:00", *WEEKLY]
    assert there("book", "Eva Berg", "Talk", "nordli", "+37 10:00").code == Exit.DONE
    judged = there(*book, "--dry-run")
    assert (judged.code, [row[1] == "can be booked" for row in judged.rows]) == (
        Exit.REFUSED,
        [True, False, True],
    )
    refused = there(*book)
    assert (refused.code, refused.rows) == (Exit.REFUSED, [])
    assert "1 of 3 cannot be booked" in refused.words
    assert "already booked" in refused.words
    made = there("--json", *book, "--on-conflict", "skip").value
    assert (len(made["booked"]), len(made["refused"])) == (2, 1)
    series = made["series"]["id"]
    assert [row[4] for row in there("series", "show", series).rows] == ["scheduled"] * 2
    gone = there("series", "cancel", series, "--from", "+40", "--reason", "moves")
    assert [row[3] for row in gone.rows] == ["0.00 USD"]
    assert [row[4] for row in there("series", "show", series).rows] == ["scheduled", "canceled"]


@pytest.mark.parametrize("option", [["--dry-run"], ["--on-conflict", "skip"]])
def test_options_of_a_series_need_one(option: list[str], there: Deskcal) -> None:
    """What goes with --repeat is refused without it, and says so."""
    alone = there("book", "Ola Hansen", "Talk", "nordli", "+30 10:00", *option)
    assert (alone.code, "--repeat" in alone.words) == (Exit.USAGE, True)


def test_a_series_is_named_by_its_id(there: Deskcal) -> None:
    """Anything else says where ids are found."""
    wrong = there("series", "show", "Ola")
    assert (wrong.code, "by its id" in wrong.words) == (Exit.USAGE, True)


def test_who_walks_in_is_seen_next(there: Deskcal) -> None:
    """The patient is checked in with whoever can soonest."""
    come = there("walk-in", "Eva Berg", "Talk")
    assert (come.code, come.out.startswith("Eva Berg is checked in: Talk with Dr. Kari Nordli")) == (
        Exit.DONE,
        True,
    )
