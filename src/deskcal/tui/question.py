"""One question with two answers; what happens anyway is the one that Esc gives."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from deskcal.tui.commands.lists import QUESTION
from deskcal.tui.fields import Dialog


class Question(Dialog[bool]):
    """Answers True for Enter or `y`. `words` say what that does."""

    BINDINGS: ClassVar[list[BindingType]] = [*QUESTION]

    def __init__(self, title: str, words: str) -> None:
        super().__init__()
        self.title = title
        self._words = words

    def body(self) -> ComposeResult:
        yield Static(self._words, markup=False, classes="line")

    def action_agree(self) -> None:
        self.dismiss(result=True)

    def action_disagree(self) -> None:
        self.dismiss(result=False)
