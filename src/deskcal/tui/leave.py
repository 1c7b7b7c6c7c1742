"""Quitting with a hold open: one question, asked only then."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from deskcal.tui.commands.lists import QUESTION
from deskcal.tui.fields import Dialog


class Leave(Dialog[bool]):
    """Answers True to release the hold and quit."""

    BINDINGS: ClassVar[list[BindingType]] = [*QUESTION]
    TITLE = "Quit?"

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def body(self) -> ComposeResult:
        yield Static(
            f"You still hold {self._what}. Enter releases it and quits, esc goes back.",
            markup=False,
            classes="line",
        )

    def action_agree(self) -> None:
        self.dismiss(result=True)
