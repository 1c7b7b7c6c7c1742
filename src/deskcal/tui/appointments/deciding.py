"""Dialogs that ask once more before an appointment changes for good: keeping it is the first answer."""

from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult, RenderResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Click, Focus
from textual.widget import Widget
from textual.widgets import Static

from deskcal.client.errors import ClientError, Unreachable
from deskcal.tui.appointments.changes import Decided
from deskcal.tui.appointments.facts import length
from deskcal.tui.appointments.outline import Meant
from deskcal.tui.commands.deciding import DECIDE
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Dialog
from deskcal.tui.link import Link
from deskcal.tui.names import shown
from deskcal.wire.booking import AppointmentChange, CancelRequest


class Answer(Widget, can_focus=True):
    """One of two answers in brackets; `>` stands before the one that Enter takes."""

    def __init__(self, words: str, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.words = words

    def say(self, words: str) -> None:
        if words != self.words:
            self.words = words
            self.refresh()

    def render(self) -> RenderResult:
        mark, look = (">", "bold reverse") if self.has_focus else (" ", "")
        return Content.assemble(f"{mark} ", (f"[ {self.words} ]", look))

    def on_focus(self, _: Focus) -> None:
        self.call_after_refresh(self._point)

    def _point(self) -> None:
        """Bring the terminal's cursor to the answer that has the focus."""
        if self.has_focus:
            self.app.cursor_position = self.region.offset

    async def on_click(self, _: Click) -> None:
        self.screen.set_focus(self)
        await self.run_action("screen.take_answer")


class Deciding(Dialog[Decided]):
    """Opens at once with what is known, and asks the server for the rest. None keeps the appointment."""

    BINDINGS: ClassVar[list[BindingType]] = [*DECIDE]
    AUTO_FOCUS = "#keep"
    YES: ClassVar[str]

    def __init__(self, desk: Desk, appointment_id: UUID, known: Meant | None) -> None:
        super().__init__(classes="deciding")
        self.desk = desk
        self.appointment = known
        self._appointment_id = appointment_id
        self._name_it()

    def compose_facts(self) -> ComposeResult:
        """Compose what there is to know and to choose, above the answers."""
        yield from ()

    async def fetch(self, link: Link) -> None:
        """Ask for what the decision depends on. Raises ClientError."""

    def draw(self) -> None:
        """Write what is known by now."""

    def request(self) -> AppointmentChange | CancelRequest | None:
        """Give what to ask for, or None as long as it cannot be said; then the dialog says why."""
        raise NotImplementedError

    def body(self) -> ComposeResult:
        yield Static(markup=False, id="whose")
        yield from self.compose_facts()
        yield Static(markup=False, id="problem")
        with Horizontal(id="answers"):
            yield Answer("No, keep it", id="keep")
            yield Answer(self.YES, id="yes")

    def on_mount(self) -> None:
        self._draw()
        self._fetched()

    def action_take_answer(self) -> None:
        """Take the answer with the focus; Enter in a field only leaves it."""
        focused = self.focused
        if isinstance(focused, Answer):
            self._take(yes=focused.id == "yes")
        else:
            self.set_focus(self.query_one("#yes"))

    def action_other_answer(self) -> None:
        keep, yes = self.query_one("#keep"), self.query_one("#yes")
        self.set_focus(keep if yes.has_focus else yes)

    def action_say_yes(self) -> None:
        self._take(yes=True)

    def action_keep_it(self) -> None:
        self._take(yes=False)

    def write(self, name: str, words: str) -> None:
        self.query_one(f"#{name}", Static).update(words, layout=False)

    def answer(self, words: str) -> None:
        """Say what yes would do."""
        self.query_one("#yes", Answer).say(words)

    def _take(self, *, yes: bool) -> None:
        if not yes:
            self.dismiss(None)
        elif self.appointment and (request := self.request()) is not None:
            self.dismiss(Decided(appointment=self.appointment, request=request))

    @work(exclusive=True)
    async def _fetched(self) -> None:
        try:
            with self.desk.asking() as link:
                if self.appointment is None:
                    self.appointment = await link.appointment(self._appointment_id)
                    self._name_it()
                await self.fetch(link)
        except ClientError as error:
            silent = isinstance(error, Unreachable)
            self.write("problem", "The server does not answer." if silent else str(error))
        self._draw()

    def _name_it(self) -> None:
        if self.appointment:
            self.title = f"{self.TITLE} {self.appointment.reference}?"

    def _draw(self) -> None:
        if one := self.appointment:
            self.query_one("#box").border_title = self.title
            name = shown(one.patient_name, private=self.desk.private)
            when = f"{self.desk.local(one.start):%a %d %b %H:%M}"
            what = f"{one.service_title} {length(one)} min"
            self.write("whose", f"{name}   {when}   {one.provider_name}   {what}")
        self.draw()
