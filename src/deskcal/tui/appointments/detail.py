"""One appointment whole: its facts, what happened to it, and its patient's other visits, all live."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar, cast
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.events import ScreenResume
from textual.widgets import Static

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui import delays
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.appointments.facts import audit_lines, fact_lines, record_lines
from deskcal.tui.appointments.visits import Visits, fetch_visits, history_words, visit_words
from deskcal.tui.commands.appointment import DETAIL
from deskcal.tui.desk import Desk
from deskcal.tui.errands import Errands
from deskcal.tui.fields import Dialog
from deskcal.tui.files import save
from deskcal.tui.lines import WIDE
from deskcal.tui.names import shown
from deskcal.wire.booking import Appointment, AuditEntry, Cancellation
from deskcal.wire.people import Patient

PANES: Mapping[str, str] = {"facts": "Details", "audit": "Audit", "visits": "Patient"}
QUICK = "T same time tomorrow   n next available   g pick a date"


class Detail(Acting):
    """Shows what is known at once. Where there is no room for three panes, they are behind tabs."""

    AREA = "appointments"
    BINDINGS: ClassVar[list[BindingType]] = [*DETAIL]

    def __init__(self, desk: Desk, appointment_id: UUID, known: Appointment | None) -> None:
        super().__init__(desk)
        self.front = "facts"
        self._appointment_id = appointment_id
        self._appointment = known
        self._audit: list[AuditEntry] | None = None
        self._costs: Cancellation | None = None
        self._patient: Patient | None = None
        self._visits: Visits | None = None

    def body(self) -> ComposeResult:
        with Vertical(id="about"):
            yield from self._pane("facts", "Appointment")
            yield from self._pane("visits", "Patient")
        yield from self._pane("audit", "What happened, newest last")

    def on_mount(self) -> None:
        super().on_mount()
        self._front("facts")
        self.load()

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self._draw()

    @property
    def under_cursor(self) -> UUID | None:
        return self._appointment_id

    def known(self, appointment_id: UUID) -> Appointment | None:
        return self._appointment if appointment_id == self._appointment_id else None

    def appointment_changed(self, appointment: Appointment) -> None:
        if appointment.id == self._appointment_id:
            self._appointment = appointment
            self._draw()

    def told(self, told: Told) -> None:
        match told:
            case Live() | Resync():
                self.load()
            case Lost():
                self.draw_lines()
            case _ if told.payload.get("appointmentId") == str(self._appointment_id):
                self.load()
            case _ if told.type == delays.TOLD:
                self._draw()

    def load(self) -> None:
        self._load()

    def hide_names(self) -> None:
        self._draw()

    def lines(self) -> Mapping[str, Content]:
        one = self._appointment
        title = one.reference if one else "..."
        name = f"  {shown(one.patient_name, private=self.desk.private)}" if one else ""
        if self.size.width >= WIDE:
            return {"period": Content(f"Appointments > {title}{name}"), "detail": Content(QUICK)}
        tabs = [
            (f"[{words}]", "bold reverse") if pane == self.front else (f" {words} ", "")
            for pane, words in PANES.items()
        ]
        where = Content(f"Appointments > {title}  ")
        return {"period": where + Content.assemble(*tabs), "detail": Content(QUICK)}

    def action_pane(self) -> None:
        panes = list(PANES)
        self._front(panes[(panes.index(self.front) + 1) % len(panes)])

    async def action_close(self) -> None:
        await self.app.pop_screen()

    async def action_whole_record(self) -> None:
        if self._audit is None:
            self.say("The record is not here yet.")
        else:
            await self.app.push_screen(Record(self._audit, self.desk))

    async def action_save_calendar_file(self) -> None:
        """Save it for a calendar, and say where."""
        try:
            with self.desk.asking() as link:
                content = await link.calendar_file(self._appointment_id)
            name = self._appointment.reference if self._appointment else str(self._appointment_id)
            path = await asyncio.to_thread(save, f"{name}.ics", content)
        except ClientError as error:
            self.explain(error)
        except OSError as error:
            self.say(f"The file cannot be written: {error}", alarm=True)
        else:
            self.say(f"saved {path}")

    async def action_next_available(self) -> None:
        if await self._moving():
            await cast("Errands", self.app.screen).action_next_available()

    async def action_go_to_date(self) -> None:
        if await self._moving():
            await cast("Errands", self.app.screen).action_go_to_date()

    async def _moving(self) -> bool:
        """Look for another time in the calendar; False when the appointment is not known yet."""
        if self._appointment:
            await self.ways.move(self._appointment)
        return self._appointment is not None

    @work(group="detail", exclusive=True)
    async def _load(self) -> None:
        try:
            with self.desk.asking() as link:
                one, self._audit, self._costs = await asyncio.gather(
                    link.appointment(self._appointment_id),
                    link.audit(self._appointment_id),
                    link.cancellation(self._appointment_id),
                )
                self._appointment, patient_id = one, one.patient_id
                self._draw()
                self._patient, self._visits = await asyncio.gather(
                    link.patient(patient_id), fetch_visits(self.desk, patient_id)
                )
        except ClientError as error:
            self.explain(error)
        self._draw()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        one, desk = self._appointment, self.desk
        facts = fact_lines(one, desk, patient=self._patient, costs=self._costs) if one else ["Loading ..."]
        self._write("facts", facts)
        self._write("audit", ["Loading ..."] if self._audit is None else audit_lines(self._audit, desk))
        self._write("visits", _visit_lines(self._visits, desk) if self._visits else ["Loading ..."])
        self.draw_lines()

    def _pane(self, name: str, title: str) -> ComposeResult:
        pane = VerticalScroll(id=name, classes="pane")
        pane.border_title = title
        with pane:
            yield Static(markup=False, id=f"{name}-text")

    def _write(self, name: str, lines: list[str]) -> None:
        self.query_one(f"#{name}-text", Static).update("\n".join(lines))

    def _front(self, name: str) -> None:
        self.front = name
        self.set_class(name == "audit", "-audit")
        for pane in self.query(".pane"):
            pane.set_class(pane.id == name, "-front")
        self.set_focus(self.query_one(f"#{name}"))
        self.draw_lines()


class Record(Dialog[None]):
    """Everything that the log keeps of an appointment."""

    TITLE = "Full record"

    def __init__(self, audit: list[AuditEntry], desk: Desk) -> None:
        super().__init__()
        self._text = "\n".join(record_lines(audit, desk))

    def body(self) -> ComposeResult:
        with VerticalScroll():
            yield Static(self._text, markup=False)


def _visit_lines(visits: Visits, desk: Desk) -> list[str]:
    ahead = [f"next  {visit_words(one, desk, wide=False)}" for one in visits.upcoming]
    behind = [f"was   {visit_words(one, desk, wide=False)}" for one in visits.history]
    return [history_words(visits, desk), *ahead, *behind]
