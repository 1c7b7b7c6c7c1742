"""The state diagrams say what the code does."""

import re

from architecture.pages import ROOT
from deskcal.core.booking import HoldState, Status

PAGE = (ROOT / "docs" / "states.md").read_text()
HOLD, APPOINTMENT = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
ARROW = re.compile(r"(\S+) --> (\w+): ([\w.]+)")


def arrows(diagram: str) -> list[tuple[str, str, str]]:
    return [(before, after, event) for before, after, event in ARROW.findall(diagram)]


def test_every_state_of_a_hold_is_drawn() -> None:
    """The states of the diagram are those of the code, and every one is reached."""
    assert {after for _, after, _ in arrows(HOLD)} == set(HoldState)


def test_every_state_of_an_appointment_is_named() -> None:
    """A status is drawn, or named below as one that nothing leads to."""
    drawn = {after for _, after, _ in arrows(APPOINTMENT)}
    unreached = set(re.findall(r"`(\w+)`", PAGE.rpartition("```")[2]))
    assert drawn | unreached == set(Status)
    assert not drawn & unreached


def test_every_arrow_is_an_event() -> None:
    """The events of holds and appointments that flows tell are the arrows of the diagrams."""
    flows = "".join(path.read_text() for path in (ROOT / "src" / "deskcal" / "flows").glob("*.py"))
    told = set(re.findall(r'asking\.event\(\s*"((?:hold|appointment)\.\w+)"', flows))
    assert {event for _, _, event in arrows(HOLD) + arrows(APPOINTMENT)} == told
