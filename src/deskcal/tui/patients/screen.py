"""Patients: found by any part of a name, phone or birth date; who they are, and what they have."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from deskcal.client.errors import ClientError
from deskcal.client.told import Told
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.appointments.visits import Visits, fetch_visits, visit_words
from deskcal.tui.booking.new_patient import AddPatient
from deskcal.tui.commands.patients import PATIENTS
from deskcal.tui.desk import Desk
from deskcal.tui.fields import Field
from deskcal.tui.names import shown
from deskcal.tui.patients.lines import born, columns, match_row, person_lines
from deskcal.tui.table import Table
from deskcal.tui.table_rows import Column, Row
from deskcal.wire.people import NewPatient, Patient
from deskcal.wire.realtime import Event

MOST = 50


class PatientsScreen(Acting):
    """The field has the focus: up and down pick, Enter chooses for booking, Tab goes to the visits."""

    AREA = "patients"
    BINDINGS: ClassVar[list[BindingType]] = [*PATIENTS]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: list[Patient] = []
        self.visits: Visits | None = None
        self._found_for: str | None = None
        self._shown: Patient | None = None

    def body(self) -> ComposeResult:
        with Vertical(id="patients"):
            with Horizontal(classes="entry"):
                yield Label("Find")
                yield Field(placeholder="name, any part of phone, or birth date, in any order", id="find")
            yield Table(id="matches")
            yield Static(markup=False, id="person")
            yield Table(id="visits")

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#matches", Table).can_focus = False
        self.set_focus(self.query_one("#find"))
        self._draw()
        self.load()

    @property
    def text(self) -> str:
        return self.query_one("#find", Field).value.strip()

    @property
    def patient(self) -> Patient | None:
        """The patient whose record is shown."""
        key = self.query_one("#matches", Table).key if self.is_mounted else None
        return next((one for one in self.found if one.id == key), None)

    @property
    def under_cursor(self) -> UUID | None:
        table = self.query_one("#visits", Table)
        return table.key if table.has_focus and isinstance(table.key, UUID) else None

    def load(self) -> None:
        self._look(self.text, wait=False)

    @on(Input.Changed, "#find")
    def _typed(self) -> None:
        self._look(self.text, wait=True)

    @work(group="find", exclusive=True)
    async def _look(self, text: str, *, wait: bool) -> None:
        if wait:
            await asyncio.sleep(self.desk.debounce)
        try:
            with self.desk.asking() as link:
                found = (await link.patients(text or None, limit=MOST)).items
        except ClientError as error:
            self.explain(error)
            return
        self.found, self._found_for = found, text
        self._draw()

    def told(self, told: Told) -> None:
        patient = self.patient
        if isinstance(told, Event) and patient and told.payload.get("patientId") == str(patient.id):
            self._ask_for_visits(patient)

    def on_table_moved(self) -> None:
        """Show who is picked now; the visits below are a table, too."""
        if (patient := self.patient) != self._shown:
            self._shown = patient
            self._draw_person()
            if patient is not None:
                self._ask_for_visits(patient)
        self.draw_lines()

    def _ask_for_visits(self, patient: Patient) -> None:
        self._fetch_visits(patient)

    @work(group="visits", exclusive=True)
    async def _fetch_visits(self, patient: Patient) -> None:
        with suppress(ClientError):
            self.visits = await fetch_visits(self.desk, patient.id)
            self._draw_person()

    def _draw(self) -> None:
        width = self.size.width
        rows = [match_row(patient, self.text, self.desk, width) for patient in self.found]
        empty = "Looking ..." if self._found_for is None else "Nobody matches. F9 adds a new patient."
        self.query_one("#matches", Table).show(columns(width), rows, empty=empty)
        self._draw_person()

    def _draw_person(self) -> None:
        box, table, patient = (
            self.query_one("#person", Static),
            self.query_one("#visits", Table),
            self.patient,
        )
        box.display = patient is not None
        if patient is None:
            table.show([], [])
            table.display = False
            return
        name = shown(patient.name, private=self.desk.private)
        box.border_title = f"{name}   {born(patient)}   read the birth date back before you book"
        box.update("\n".join(person_lines(patient, self.visits, self.found, self.desk)))
        visits = self.visits if self.visits and self.visits.patient_id == patient.id else None
        all_visits = (*visits.upcoming, *visits.history) if visits else ()
        rows = [Row(key=one.id, cells=(visit_words(one, self.desk),)) for one in all_visits]
        table.display = bool(rows)
        table.show([Column(title="Visits", width=60, grows=True)], rows)

    def lines(self) -> Mapping[str, Content]:
        count = f"{len(self.found)}{' or more' if len(self.found) == MOST else ''} found"
        return {
            "period": Content.assemble(("Patients", "bold"), f"   {count}" if self.found else ""),
            "legend": Content("no match?  F9 adds a new patient and keeps what you typed"),
        }

    def action_highlight(self, step: int) -> None:
        self.query_one("#matches", Table).action_step(step)

    async def action_answer(self) -> None:
        """Choose for booking, or open a visit; text typed ahead of its matches is looked up first."""
        if (visit := self.under_cursor) is not None:
            await self.open_appointment(visit)
            return
        if self._found_for != self.text:
            self.workers.cancel_group(self, "find")
            await self._look(self.text, wait=False).wait()
        if (patient := self.patient) is None:
            self.say("Choose the patient first: type a name, phone or birth date, or F9 for a new one.")
            return
        self.for_patient(patient)
        await self.ways.action_area("day")

    async def action_new_patient(self) -> None:
        await self.app.push_screen(AddPatient(self.text, self.desk.today, self._add), self._added)

    async def _add(self, request: NewPatient, key: str) -> Patient:
        with self.desk.asking() as link:
            return await link.add_patient(request, key=key)

    async def _added(self, patient: Patient | None) -> None:
        if patient is not None:
            self.found, self._found_for = [patient], self.text
            self._draw()
            self.say(f"Added {shown(patient.name, private=self.desk.private)}. Enter chooses for booking.")

    def hide_names(self) -> None:
        """Draw anew after `desk.private` changed."""
        self._draw()
