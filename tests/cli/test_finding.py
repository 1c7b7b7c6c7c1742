"""Free slots found from the command line, and why they are what they are."""

import pytest

from cli.typed import Deskcal
from deskcal.cli.exits import Exit


def test_the_best_slots_come_first(deskcal: Deskcal) -> None:
    """`free --best` lists by score, and its JSON has ids that can be reserved."""
    said = deskcal("free", "consultation", "--days", "14", "--best")
    scores = [int(score) for _, _, score in said.rows]
    assert scores == sorted(scores, reverse=True)
    assert 0 < len(scores) <= 50
    first = deskcal("--json", "free", "consultation", "--days", "14", "--best").value[0]
    assert {"timeslotId", "startUTC", "provider", "score", "roomOptions"} <= first.keys()


def test_a_time_of_day(deskcal: Deskcal) -> None:
    """`free --prefer afternoon` puts the afternoon first, and one provider can be named."""
    said = deskcal("--json", "free", "consultation", "perez", "--days", "14", "--prefer", "afternoon")
    assert {slot["provider"]["name"] for slot in said.value} == {"Dr. Ana Perez"}
    assert said.value[0]["start"][11:13] >= "12"
    assert deskcal("free", "consultation", "--prefer", "teatime").code == Exit.USAGE


@pytest.mark.parametrize("words", [("consultation", "--on", "+3"), ("consultation", "perez", "--days", "2")])
def test_in_order_of_time(deskcal: Deskcal, words: tuple[str, ...]) -> None:
    """Without `--best` the list stays in order of time."""
    starts = [slot["startUtc"] for slot in deskcal("--json", "free", *words).value]
    assert starts == sorted(starts)


def test_explain(deskcal: Deskcal) -> None:
    """`explain` ends with what `free` finds, and shows the plan when asked."""
    steps = deskcal("explain", "perez", "consultation", "+3").rows
    free = deskcal("--json", "free", "consultation", "perez", "--on", "+3").value
    assert [name for name, *_ in steps][:5] == ["board", "hours", "now", "bookings", "holds"]
    assert int(steps[-1][4]) == len(free)
    planned = deskcal("explain", "perez", "consultation", "+3", "--sql").out
    assert "occupancy" in planned
    assert deskcal("explain", "nobody", "consultation", "+3").code == Exit.NOT_FOUND
