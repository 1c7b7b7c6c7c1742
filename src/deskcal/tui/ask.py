"""Dialogs that ask for one line and show what they understand: a date, a filter, a patient."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input, Static

from deskcal.tui.booking.finder import Finder
from deskcal.tui.commands.lists import ANSWER
from deskcal.tui.fields import Dialog, Field
from deskcal.tui.filters import Filter, Names, Understood, filter_words, understand
from deskcal.tui.when import NotADate, read_day
from deskcal.wire.people import Patient

AnswerT = TypeVar("AnswerT")


class Ask(Dialog[AnswerT]):
    """One field. `read` gives the answer or None, and the words to show under the field."""

    BINDINGS: ClassVar[list[BindingType]] = [*ANSWER]

    def __init__(
        self, title: str, hint: str, read: Callable[[str], tuple[AnswerT | None, str]], *, below: str = ""
    ) -> None:
        super().__init__()
        self.title = title
        self._hint = hint
        self._read = read
        self._below = below

    def body(self) -> ComposeResult:
        yield Field(placeholder=self._hint)
        yield Static(self._read("")[1], markup=False, id="understood", classes="line")
        if self._below:
            yield Static(self._below, markup=False, classes="line quiet")

    @on(Input.Changed)
    def _show(self, event: Input.Changed) -> None:
        self.query_one("#understood", Static).update(self._read(event.value)[1], layout=False)

    def action_answer(self) -> None:
        answer, words = self._read(self.query_one(Field).value)
        self.query_one("#understood", Static).update(words, layout=False)
        if answer is not None:
            self.dismiss(answer)


def ask_date(today: date) -> Ask[date]:
    """Ask for a day to go to, read as people say it."""

    def read(text: str) -> tuple[date | None, str]:
        if not text.strip():
            return None, f"today is {today:%a %d %b %Y}"
        try:
            day = read_day(text, today)
        except NotADate as error:
            return None, str(error)
        return day, f"{day:%A %d %B %Y}"

    return Ask("Go to date", "tom, fri, +2w, 3 dec, 12/3", read)


def ask_filter(title: str, current: Filter, services: Names, providers: Names) -> Ask[Filter]:
    """Ask for a service and a provider; nothing typed keeps the filter there is."""

    def read(text: str) -> tuple[Filter | None, str]:
        meant = understand(text, services, providers) if text.strip() else Understood(filter=current)
        if meant.problem:
            return None, meant.problem
        chosen = filter_words(meant.filter, services, providers)
        return meant.filter, chosen or "every provider, each with their first service"

    below = "\n".join(
        (
            f"Services: {', '.join(services.values())}",
            f"Providers: {', '.join(providers.values())}",
        )
    )
    return Ask(title, "a few letters: fu perez", read, below=below)


class FindPatient(Dialog[Patient]):
    """Find a patient first; a slot is chosen afterwards."""

    BINDINGS: ClassVar[list[BindingType]] = [*ANSWER]
    TITLE = "Find patient"

    def __init__(self, finder: Finder) -> None:
        super().__init__()
        self._finder = finder

    def body(self) -> ComposeResult:
        yield self._finder

    async def action_answer(self) -> None:
        if patient := await self._finder.pick():
            self.dismiss(patient)

    def on_finder_chosen(self, message: Finder.Chosen) -> None:
        if message.patient and self.is_current:
            self.dismiss(message.patient)

    def on_finder_failed(self, message: Finder.Failed) -> None:
        self.query_one("#box").border_subtitle = message.words
