"""Help: the commands that work right now, searchable; Enter runs the one picked."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.screen import Screen
from textual.widgets import Input, Static

from deskcal.tui.command import GROUPS
from deskcal.tui.commands.lists import PICK, RUN
from deskcal.tui.fields import Dialog, Field
from deskcal.tui.footer import is_offered
from deskcal.tui.marks import Marks
from deskcal.tui.picks import Picks


class Help(Dialog[ActiveBinding]):
    """Built from the bindings of the screen below; answers the command to run."""

    BINDINGS: ClassVar[list[BindingType]] = [*PICK, *RUN]
    TITLE = "Help"

    def __init__(self, below: Screen[object], marks: Marks) -> None:
        super().__init__()
        self._marks = marks.states
        self._commands = commands_of(below)
        self._found = self._commands

    def body(self) -> ComposeResult:
        yield Field(placeholder="search keys")
        yield Picks([_line(one) for one in self._commands])
        yield Static(f"marks  {self._marks}", markup=False, classes="line quiet")

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._found = [one for one in self._commands if all(word in _line(one).casefold() for word in words)]
        self.query_one(Picks).show([_line(one) for one in self._found], empty="nothing of that name")

    def action_highlight(self, step: int) -> None:
        self.query_one(Picks).move(step)

    def action_run(self) -> None:
        at = self.query_one(Picks).at
        if at is not None:
            self.dismiss(self._found[at])

    def on_picks_picked(self, event: Picks.Picked) -> None:
        self.dismiss(self._found[event.at])


def commands_of(screen: Screen[object]) -> list[ActiveBinding]:
    """List each command that the screen offers once, by group in the order of the table."""
    found: dict[tuple[object, str], ActiveBinding] = {}
    for active in screen.active_bindings.values():
        if active.enabled and is_offered(screen, active.binding):
            found.setdefault((active.node, active.binding.action), active)
    return sorted(found.values(), key=_place)


def _place(active: ActiveBinding) -> tuple[int, bool]:
    return GROUPS.index(_group(active)), not active.binding.show


def _group(active: ActiveBinding) -> str:
    return active.binding.group.description if active.binding.group else ""


def _line(active: ActiveBinding) -> str:
    keys = active.binding.key_display or active.binding.key
    return f"{keys:<10} {active.binding.description:<30} {_group(active)}"
