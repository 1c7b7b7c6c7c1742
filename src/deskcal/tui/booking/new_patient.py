"""Adding a patient without leaving the booking."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import ClassVar
from uuid import uuid4

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Label, Static

from deskcal.client.errors import ClientError
from deskcal.tui.commands.lists import FORM
from deskcal.tui.fields import Dialog, Field
from deskcal.tui.when import NotADate, read_birth
from deskcal.wire.people import NewPatient, Patient

Add = Callable[[NewPatient, str], Awaitable[Patient]]


class AddPatient(Dialog[Patient]):
    """Name, birth date and phone. `add` saves; sending it again with its key adds nobody twice."""

    BINDINGS: ClassVar[list[BindingType]] = [*FORM]
    TITLE = "New patient"

    def __init__(self, typed: str, today: date, add: Add) -> None:
        super().__init__()
        self._typed = typed
        self._today = today
        self._add = add
        self._sent: tuple[NewPatient, str] | None = None

    def body(self) -> ComposeResult:
        is_phone = bool(self._typed) and not any(map(str.isalpha, self._typed))
        entries = (
            ("Name", "name", "" if is_phone else self._typed.title(), "Maria Lopez"),
            ("Born", "born", "", "1984-03-12 or 12 mar 84"),
            ("Phone", "phone", self._typed if is_phone else "", ""),
        )
        for words, key, value, hint in entries:
            with Horizontal(classes="entry"):
                yield Label(words)
                yield Field(value, placeholder=hint, id=key)
        yield Static("", markup=False, id="problem", classes="line")

    async def action_save(self) -> None:
        """Save, or say what is missing; the first empty field gets the focus."""
        name, born, phone = (self.query_one(f"#{key}", Field) for key in ("name", "born", "phone"))
        if not name.value.strip():
            self._say("The name is missing.", name)
            return
        try:
            birth = read_birth(born.value, self._today)
        except NotADate as error:
            self._say(str(error) if born.value.strip() else "The birth date is missing.", born)
            return
        person = NewPatient(name=name.value.strip(), date_of_birth=birth, phone=phone.value.strip() or None)
        if self._sent is None or self._sent[0] != person:
            self._sent = (person, str(uuid4()))
        try:
            patient = await self._add(*self._sent)
        except ClientError as error:
            self._say(str(error), name)
        else:
            self.dismiss(patient)

    def _say(self, words: str, field: Field) -> None:
        self.query_one("#problem", Static).update(words, layout=False)
        self.set_focus(field)
