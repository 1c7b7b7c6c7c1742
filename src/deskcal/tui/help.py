"""Help: the commands that work right now, searchable; Enter runs the one picked."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, BindingType
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from deskcal.tui.commands import FINDER
from deskcal.tui.fields import Dialog, Field
from deskcal.tui.legend import MARKS


class Help(Dialog[ActiveBinding]):
    """Built from the bindings of the screen below; answers the command to run."""

    BINDINGS: ClassVar[list[BindingType]] = [*FINDER]
    TITLE = "Help"

    def __init__(self, below: Screen[object]) -> None:
        super().__init__()
        self._commands = commands_of(below)
        self._found = self._commands

    def body(self) -> ComposeResult:
        yield Field(placeholder="search keys")
        yield OptionList(*map(_option, self._commands), compact=True, markup=False)
        yield Static(f"marks  {MARKS}", markup=False, classes="line quiet")

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.can_focus = False
        options.highlighted = 0

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._found = [one for one in self._commands if all(word in _line(one).casefold() for word in words)]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(map(_option, self._found))
        options.highlighted = 0 if self._found else None

    def action_highlight(self, step: int) -> None:
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted or 0) + step) % options.option_count

    def action_pick(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None:
            self.dismiss(self._found[at])


def commands_of(screen: Screen[object]) -> list[ActiveBinding]:
    """List each command that the screen offers once, by group in the order of the table."""
    found: dict[tuple[object, str], ActiveBinding] = {}
    for active in screen.active_bindings.values():
        if active.binding.group is not None and active.enabled:
            found.setdefault((active.node, active.binding.action), active)
    return sorted(found.values(), key=_group)


def _group(active: ActiveBinding) -> str:
    return active.binding.group.description if active.binding.group else ""


def _line(active: ActiveBinding) -> str:
    keys = active.binding.key_display or active.binding.key
    return f"{keys:<10} {active.binding.description:<30} {_group(active)}"


def _option(active: ActiveBinding) -> Option:
    return Option(_line(active))
