"""What the desk said, to be read again."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from deskcal.tui.commands.lists import MESSAGES, PICK
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog
from deskcal.tui.picks import Picks


class Messages(Dialog[str]):
    """The last fifty, newest first; answers the one to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [*MESSAGES, *PICK]
    TITLE = "Messages"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._said = [*reversed(desk.said.messages)]
        self._words = [one.shown(private=desk.private) for one in self._said]
        self._lines = [
            f"{desk.local(one.at):%H:%M:%S}  {'! ' if one.alarm else ''}{words}"
            for one, words in zip(self._said, self._words, strict=True)
        ]

    def body(self) -> ComposeResult:
        yield Picks(self._lines, empty="Nothing was said yet.")

    def action_highlight(self, step: int) -> None:
        self.query_one(Picks).move(step)

    def action_copy_message(self) -> None:
        at = self.query_one(Picks).at
        self.dismiss(None if at is None else self._words[at])
