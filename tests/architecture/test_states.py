"""The state diagrams say what the code does."""

import re

from architecture.pages import ROOT
from deskcal.core.booking import HoldState, Status
from deskcal.core.lifecycle import NEXT
from deskcal.core.waitlist import EntryState

PAGE = (ROOT / "docs" / "states.md").read_text()
HOLD, APPOINTMENT, WAITLIST = re.findall(r"```mermaid\n(.*?)```", PAGE, re.DOTALL)
ARROW = re.compile(r"(\S+) --> (\w+): ([\w.]+)")


def arrows(diagram: str) -> list[tuple[str, str, str]]:
    return [(before, after, event) for before, after, event in ARROW.findall(diagram)]


def test_every_state_of_a_hold_is_drawn() -> None:
    """The states of the diagram are those of the code, and every one is reached."""
    assert {after for _, after, _ in arrows(HOLD)} == set(HoldState)


def test_every_state_of_an_entry_is_drawn() -> None:
    """The states of the waitlist's diagram are those of the code."""
    assert {after for _, after, _ in arrows(WAITLIST)} == set(EntryState)


def test_the_diagram_is_the_table() -> None:
    """The arrows from one status to another are exactly those that the code lets pass."""
    drawn = {
        (before, after)
        for before, after, event in arrows(APPOINTMENT)
        if event in {"appointment.status_changed", "appointment.canceled"}
    }
    assert drawn == {(before, after) for before, follow in NEXT.items() for after in follow}
    assert {after for _, after, _ in arrows(APPOINTMENT)} == set(Status)


def test_every_arrow_is_an_event() -> None:
    """The events of holds, appointments and the waitlist that flows tell are the arrows of the diagrams."""
    flows = "".join(path.read_text() for path in (ROOT / "src" / "deskcal" / "flows").glob("*.py"))
    told = set(re.findall(r'asking\.event\(\s*"((?:hold|appointment|waitlist)\.\w+)"', flows))
    changes = told - {"appointment.refused"}
    assert {event for _, _, event in arrows(HOLD) + arrows(APPOINTMENT) + arrows(WAITLIST)} == changes
