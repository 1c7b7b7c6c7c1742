import pytest

from cli.typed import Deskcal
from deskcal.cli.exits import Exit

WISH = ("waitlist", "add", "wei chen 1976-06-15", "consultation", "--provider", "perez")


def test_on_and_off_the_waitlist(deskcal: Deskcal) -> None:
    """Who is added is listed with what they wish for, until they are taken off."""
    made = deskcal("--json", *WISH, "--from", "+3", "--time", "09:00-12:00", "--priority", "2").value
    assert (made["state"], made["times"]) == ("waiting", [{"start": "09:00", "end": "12:00"}])
    [row] = [row for row in deskcal("waitlist", "list").rows if row[-1] == made["id"]]
    wished = f"Dr. Ana Perez, from {made['firstDate']}, 09:00-12:00"
    assert row[1:] == ["Consultation", wished, "2", "waiting", "", made["id"]]
    nothing = deskcal("waitlist", "accept", made["id"])
    assert (nothing.code, "Nothing is offered" in nothing.words) == (Exit.REFUSED, True)
    assert deskcal("waitlist", "decline", made["id"]).code == Exit.REFUSED
    assert deskcal("waitlist", "remove", made["id"]).code == Exit.DONE
    assert made["id"] not in deskcal("waitlist", "list").out
    assert made["id"] in deskcal("waitlist", "list", "--all", "--patient", made["patientId"]).out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((*WISH, "--time", "9-12"), "times.start"),
        ((*WISH, "--until", "2020-01-01"), "lastDate: 2020-01-01 is over"),
        (("waitlist", "remove", "wei chen"), "deskcal waitlist list"),
    ],
)
def test_a_wish_that_cannot_be(deskcal: Deskcal, words: tuple[str, ...], hint: str) -> None:
    """What cannot be read or come true is said by its name."""
    said = deskcal(*words)
    assert (said.code, hint in said.words) == (Exit.USAGE, True), said.words
