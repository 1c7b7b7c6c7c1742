"""A text field whose Enter belongs to the form around it, and the base of all dialogs."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from deskcal.tui.commands.lists import DIALOG
from deskcal.tui.footer import Keys

ResultT = TypeVar("ResultT")


class Field(Input):
    """One line of text. Enter acts in the form, in the same step as the keys before it."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(value, placeholder, id=id, compact=True, select_on_focus=False)
        self._bindings.key_to_bindings.pop("enter")

    def fill(self, value: str) -> None:
        """Put a text in, with the cursor behind it."""
        self.value = value
        self.cursor_position = len(value)


class Dialog(ModalScreen[ResultT | None]):
    """A box over the screen; leaving it answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [*DIALOG]
    TITLE = ""

    def compose(self) -> ComposeResult:
        box = Vertical(id="box")
        box.border_title = self.title or self.TITLE
        with box:
            yield from self.body()
            yield Keys()

    def body(self) -> ComposeResult:
        """Compose what stands inside the box."""
        yield from ()

    def action_leave(self) -> None:
        self.dismiss(None)
