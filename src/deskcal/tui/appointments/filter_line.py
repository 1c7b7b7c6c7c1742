"""The line above a list for the words that narrow it."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from deskcal.tui.commands.table import FILTERING
from deskcal.tui.fields import Field


class FilterLine(Horizontal):
    """There while the list is narrowed, or about to be."""

    BINDINGS: ClassVar[list[BindingType]] = [*FILTERING]

    @dataclass
    class Typed(Message):
        """The words read differently."""

    @dataclass
    class Left(Message):
        """The keys are the list's again."""

    def compose(self) -> ComposeResult:
        yield Label("Filter")
        yield Field(placeholder="patient, doctor, service, status or reference", id="filter")

    def on_mount(self) -> None:
        self.display = False

    @property
    def text(self) -> str:
        return self.query_one(Field).value.strip()

    def open(self) -> None:
        self.display = True
        self.screen.set_focus(self.query_one(Field))

    def clear(self) -> None:
        self.query_one(Field).value = ""
        self.action_keep_filter()

    def action_keep_filter(self) -> None:
        self.display = bool(self.text)
        self.post_message(self.Left())

    def action_drop_filter(self) -> None:
        self.clear()

    @on(Input.Changed)
    def _typed(self) -> None:
        self.post_message(self.Typed())
