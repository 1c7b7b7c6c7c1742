"""Finding a patient: one field, any part of a name, phone or birth date; matches below it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widgets import Input, Label

from deskcal.client.errors import ClientError
from deskcal.tui.commands.lists import PICK
from deskcal.tui.fields import Field
from deskcal.tui.names import last_four
from deskcal.tui.picks import Picks
from deskcal.wire.people import Patient

Search = Callable[[str], Awaitable[list[Patient]]]


class Finder(Container):
    """A patient to choose. `chosen` is None again as soon as the text is changed."""

    BINDINGS: ClassVar[list[BindingType]] = [*PICK]

    @dataclass
    class Chosen(Message):
        """A patient was chosen, or the choice undone."""

        patient: Patient | None

    @dataclass
    class Failed(Message):
        """The search had no answer."""

        words: str

    def __init__(
        self, search: Search, *, debounce: float, chosen: Patient | None = None, typed: str = ""
    ) -> None:
        super().__init__()
        self._search = search
        self._debounce = debounce
        self.chosen = chosen
        self.matches: list[Patient] = []
        self._typed = chosen.name if chosen else typed
        self._matches_for = chosen.name if chosen else ""

    def compose(self) -> ComposeResult:
        with Horizontal(classes="entry"):
            yield Label("Patient")
            yield Field(self._typed, placeholder="name, phone or birth date", id="patient")
        yield Picks()

    @property
    def text(self) -> str:
        return self.query_one(Field).value.strip()

    def choose(self, patient: Patient) -> None:
        """Take this patient, whatever was typed."""
        self.chosen, self.matches, self._matches_for = patient, [], patient.name
        self.query_one(Field).fill(patient.name)
        self.query_one(Picks).show([])
        self.post_message(self.Chosen(patient))

    def reset(self, chosen: Patient | None, typed: str) -> None:
        """Begin again, with a patient or a text that is to find one."""
        self.workers.cancel_group(self, "find")
        self.chosen, self.matches = chosen, []
        self._matches_for = chosen.name if chosen else ""
        self.query_one(Field).fill(chosen.name if chosen else typed)
        self.query_one(Picks).show([])

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.chosen and self.text != self.chosen.name:
            self.chosen = None
            self.post_message(self.Chosen(None))
        if self.chosen is None and self.text != self._matches_for:
            self._look()

    def action_highlight(self, step: int) -> None:
        self.query_one(Picks).move(step)

    async def pick(self) -> Patient | None:
        """Take the highlighted match. Text that was typed ahead of its matches takes only a single one."""
        if self.chosen is not None:
            return self.chosen
        stale = self._matches_for != self.text
        if stale:
            self.workers.cancel_group(self, "find")
            await self._show(self.text)
        at = self.query_one(Picks).at
        if at is not None and self.matches and (not stale or len(self.matches) == 1):
            self.choose(self.matches[at])
        return self.chosen

    def on_picks_picked(self, event: Picks.Picked) -> None:
        event.stop()
        self.choose(self.matches[event.at])

    @work(group="find", exclusive=True)
    async def _look(self) -> None:
        await asyncio.sleep(self._debounce)
        await self._show(self.text)

    async def _show(self, text: str) -> None:
        try:
            found = await self._search(text) if text else []
        except ClientError as error:
            self.post_message(self.Failed(str(error)))
            return
        self.matches, self._matches_for = found, text
        none = "no match: F9 adds a new patient" if text else ""
        self.query_one(Picks).show([patient_line(patient) for patient in found], empty=none)


def patient_line(patient: Patient) -> str:
    """Write what tells two people apart: name, birth date, last four digits of the phone."""
    born = f"{patient.date_of_birth:%Y-%m-%d}" if patient.date_of_birth else "no birth date"
    return f"{patient.name:<20.20} {born} {last_four(patient.phone)}".rstrip()
