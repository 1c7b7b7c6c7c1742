"""A form for one patient: who it is stands first, what was understood stands below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar
from uuid import uuid4

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Label, Static

from deskcal.client.errors import ClientError
from deskcal.tui.booking.finder import Finder, Search
from deskcal.tui.booking.new_patient import AddPatient
from deskcal.tui.command import bindings
from deskcal.tui.commands.holding import NewPatient as AddNewPatient
from deskcal.tui.commands.lists import FORM
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog, Field
from deskcal.wire.people import NewPatient, Patient
from deskcal.wire.shape import Request

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A field of the form."""

    label: str
    key: str
    hint: str
    value: str = ""


class PatientForm(Dialog[AnswerT]):
    """Enter goes on from the patient, then to what is missing, then sends."""

    BINDINGS: ClassVar[list[BindingType]] = [*FORM, *bindings(AddNewPatient)]

    def __init__(
        self, desk: Desk, search: Search, *, patient: Patient | None, entries: Sequence[Entry]
    ) -> None:
        super().__init__()
        self.desk = desk
        self.finder = Finder(search, debounce=desk.debounce, chosen=patient)
        self._entries = entries
        self._sent: tuple[Request, str] | None = None

    def understood(self) -> str:
        """Say back what was typed."""
        return ""

    def missing(self) -> tuple[str, str] | None:
        """Say what is missing or cannot be read, and name its field."""
        return None

    async def send(self, patient: Patient) -> None:
        """Do it and dismiss. Raises ClientError."""
        raise NotImplementedError

    def key_for(self, request: Request) -> str:
        """Give the idempotency key: the same for the same request, however often it is sent."""
        if self._sent is None or self._sent[0] != request:
            self._sent = (request, str(uuid4()))
        return self._sent[1]

    def text(self, key: str) -> str:
        return self.query_one(f"#{key}", Field).value.strip()

    def problem(self, words: str) -> None:
        self.query_one("#problem", Static).update(words, layout=False)

    def body(self) -> ComposeResult:
        yield self.finder
        for entry in self._entries:
            with Horizontal(classes="entry"):
                yield Label(entry.label)
                yield Field(entry.value, placeholder=entry.hint, id=entry.key)
        yield Static(markup=False, id="understood")
        yield Static(markup=False, id="problem")

    def on_mount(self) -> None:
        self._show()
        self._go_to(self._entries[0].key if self.finder.chosen else "patient")

    @on(Input.Changed)
    def _show(self) -> None:
        self.query_one("#understood", Static).update(self.understood(), layout=False)

    def on_finder_failed(self, message: Finder.Failed) -> None:
        self.problem(message.words)

    async def action_save(self) -> None:
        at_patient = self.focused is self.query_one("#patient")
        patient = await self.finder.pick()
        missing = self.missing()
        if patient is None:
            self.problem("Who is it? F9 adds somebody new.")
            self._go_to("patient")
        elif at_patient:
            self._go_to(self._entries[0].key)
        elif missing:
            self.problem(missing[0])
            self._go_to(missing[1])
        else:
            try:
                await self.send(patient)
            except ClientError as error:
                self.problem(str(error))

    async def action_new_patient(self) -> None:
        typed = "" if self.finder.chosen else self.finder.text
        await self.app.push_screen(AddPatient(typed, self.desk.today, self._add), self._added)

    async def _add(self, request: NewPatient, key: str) -> Patient:
        with self.desk.asking() as link:
            return await link.add_patient(request, key=key)

    def _added(self, patient: Patient | None) -> None:
        if patient is not None:
            self.finder.choose(patient)
            self._go_to(self._entries[0].key)

    def _go_to(self, key: str) -> None:
        self.set_focus(self.query_one(f"#{key}", Field))
