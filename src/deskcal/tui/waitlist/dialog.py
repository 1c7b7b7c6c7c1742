"""The waitlist over whatever is on screen."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from deskcal.tui.booking.finder import Search
from deskcal.tui.commands.waitlist import OVER
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog
from deskcal.tui.filters import Filter
from deskcal.tui.names import shown
from deskcal.tui.waitlist.join import JoinWaitlist
from deskcal.tui.waitlist.table import WaitlistTable
from deskcal.tui.waitlist.words import about_words
from deskcal.wire.waitlist import Entry


class WaitlistDialog(Dialog[None]):
    """Everybody who waits; `W` puts somebody on."""

    BINDINGS: ClassVar[list[BindingType]] = [*OVER]
    TITLE = "Waitlist"

    def __init__(self, desk: Desk, search: Search) -> None:
        super().__init__()
        self._desk = desk
        self._search = search

    def body(self) -> ComposeResult:
        yield WaitlistTable(self._desk)
        yield Static(markup=False, id="understood")
        yield Static(markup=False, id="problem")

    @property
    def table(self) -> WaitlistTable:
        return self.query_one(WaitlistTable)

    def on_table_moved(self) -> None:
        entry = self.table.entry
        self._write("understood", about_words(entry, self._desk) if entry else "")

    async def on_table_opened(self) -> None:
        await self.table.action_accept()

    def on_waitlist_table_said(self, message: WaitlistTable.Said) -> None:
        self._desk.say(message.words, alarm=message.alarm)
        self._write("problem", message.words)

    async def action_put_on_waitlist(self) -> None:
        join = JoinWaitlist(self._desk, self._search, patient=self._desk.errand.patient, wanted=Filter())
        await self.app.push_screen(join, self._joined)

    def _joined(self, entry: Entry | None) -> None:
        if entry is not None:
            self._write("problem", joined_words(entry, self._desk))
            self.table.load()

    def _write(self, key: str, words: str) -> None:
        self.query_one(f"#{key}", Static).update(words, layout=False)


def joined_words(entry: Entry, desk: Desk) -> str:
    """Say that somebody waits now."""
    name = shown(entry.patient_name, private=desk.private)
    return f"{name} waits for {entry.service_title}; a freed time that suits is offered by itself"
