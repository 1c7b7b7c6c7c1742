"""The day: lanes of all providers, live, from which a slot is held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import Static

from deskcal.client.errors import ClientError
from deskcal.tui.ask import FindPatient, ask_date, ask_filter
from deskcal.tui.cells import Cell, State
from deskcal.tui.choices import MOST, Choices, plain_choice
from deskcal.tui.commands import DAY
from deskcal.tui.day import model_of, tally
from deskcal.tui.day_grid import DayGrid
from deskcal.tui.desk import Desk
from deskcal.tui.detail import Detail
from deskcal.tui.filters import Filter
from deskcal.tui.finder import Finder
from deskcal.tui.footer import Keys
from deskcal.tui.frame import Around, lines
from deskcal.tui.live_day import LiveDay
from deskcal.tui.names import compact
from deskcal.tui.next_free import next_free
from deskcal.wire.calendar import DayAppointment, Timeslot
from deskcal.wire.people import Patient

ZOOMS = (30, 60, 15)


class DayScreen(LiveDay):
    """Coordinates grid, panel and lines."""

    BINDINGS: ClassVar[list[BindingType]] = [*DAY]
    zoom = ZOOMS[0]

    @dataclass
    class Redial(Message):
        """Try now to reach the server."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._drawn: dict[str, Content] = {}

    def compose(self) -> ComposeResult:
        yield Static(markup=False, id="head")
        yield Static(markup=False, id="period")
        with Container(id="main"):
            yield DayGrid(id="grid")
        yield Static(markup=False, id="detail")
        yield Static(markup=False, id="legend")
        yield Static(markup=False, id="message")
        yield Keys()
        yield Static(markup=False, id="too-small")

    def on_mount(self) -> None:
        self.grid.clear("Connecting to the server ...")
        self.draw_lines()

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        words = f"deskcal needs 80x24, this is {width}x{height}; the command line still works"
        self.query_one("#too-small", Static).update(words, layout=False)
        self.call_after_refresh(self.draw_lines)

    def say(self, words: str, *, alarm: bool = False) -> None:
        time = f"{self.desk.local(self.desk.now()):%H:%M}" if self.desk.clinic else ""
        line = Content.styled(f"{'! ' if alarm else 'ok'} {time} {words}", "bold $error" if alarm else "")
        self.query_one("#message", Static).update(line, layout=False)

    def draw(self) -> None:
        """Draw the day with the hold over it; the grid finds out which cells differ."""
        if self.store.fetched is not None:
            model = model_of(self.store.fetched, zoom=self.zoom, desk=self.desk.name, hold=self.hold)
            self.grid.show(model, self.desk.now())
        self.draw_lines()

    def draw_lines(self) -> None:
        """Write the lines around the grid, each only when it reads differently."""
        for name, line in self._lines().items():
            if self._drawn.get(name) != line:
                self._drawn[name] = line
                self.query_one(f"#{name}", Static).update(line, layout=False)

    def _lines(self) -> dict[str, Content]:
        around = Around(
            day=self.store.day,
            narrowed=self.narrowed,
            lanes=self.grid.lanes_words,
            tally=tally(self.store.fetched, self.desk.name, self.hold) if self.store.fetched else None,
            as_of=self.store.fetched.fetched_at if self.store.fetched else None,
            waiting=self.store.loading > 0,
            patient=self.patient,
            lane=self.grid.cursor_lane,
            cell=self.grid.cell,
            row=self.grid.cursor_row,
        )
        return lines(self.desk, around, self.size.width)

    def tick(self) -> None:
        """Let a second pass."""
        now = self.desk.now()
        self.grid.tick(now)
        if self.holding and not self.holding.lapse(now) and (panel := self.panel):
            panel.tick(now)
        self.draw_lines()

    def lane_names(self) -> list[str]:
        """List the providers on screen, in the order of their lanes."""
        return [lane.provider.name for lane in self.grid.model.lanes] if self.grid.model else []

    def go_to_lane(self, lane: int) -> None:
        self.grid.go_to(lane, self.grid.row)

    def on_day_grid_moved(self) -> None:
        self.draw_lines()

    async def on_day_grid_opened(self) -> None:
        await self.action_open()

    async def action_open(self) -> None:
        """Hold what is free under the cursor, or open what is booked there."""
        cell = self.grid.cell
        if cell is None:
            return
        if len(cell.free) > 1:
            await self._choose("Which start?", cell.free)
        elif cell.free:
            await self.take(cell.free[0], self.patient)
        elif len(cell.appointments) == 1:
            self._open(cell.appointments[0])
        elif cell.appointments:
            self.say("Several appointments begin here. z shows shorter rows.")
        elif cell.state in {State.MINE, State.PENDING} and (panel := self.panel):
            self.set_focus(panel.query_one("#patient"))
        else:
            self.say(_why_not(cell))

    async def _choose(self, title: str, slots: Sequence[Timeslot]) -> None:
        choices = [plain_choice(slot, self.desk.zone) for slot in slots]
        await self.app.push_screen(Choices(title, choices, self.desk), self._chosen)

    async def _chosen(self, slot: Timeslot | None) -> None:
        if slot is not None:
            await self.take(slot, self.patient)

    def _open(self, appointment: DayAppointment) -> None:
        self.run_worker(self._detail(appointment), group="detail", exclusive=True)

    async def _detail(self, appointment: DayAppointment) -> None:
        try:
            with self.desk.asking() as link:
                whole = await link.appointment(appointment.id)
                audit = await link.audit(appointment.id)
        except ClientError as error:
            self.explain(error)
        else:
            self.app.call_next(self.app.push_screen, Detail(whole, audit, self.desk))

    async def action_next_available(self) -> None:
        ask = ask_filter("Next available", self.store.filter, self.services, self.providers)
        await self.app.push_screen(ask, self._next)

    async def _next(self, chosen: Filter | None) -> None:
        if chosen is None or self.store.day is None:
            return
        try:
            found = await next_free(self.desk, max(self.store.day, self.today), chosen, limit=MOST)
        except ClientError as error:
            self.explain(error)
            return
        if found:
            await self._choose("Next available", found)
        else:
            self.say("Nothing is free in these two weeks. g goes further ahead, n tries there.")

    async def action_filter(self) -> None:
        ask = ask_filter("Show only", self.store.filter, self.services, self.providers)
        await self.app.push_screen(ask, self._filtered)

    def _filtered(self, chosen: Filter | None) -> None:
        if chosen is not None and self.store.day is not None:
            self.turn(self.store.day, chosen)

    def action_clear_filters(self) -> None:
        self.patient = None
        self._filtered(Filter())

    async def action_go_to_date(self) -> None:
        await self.app.push_screen(ask_date(self.today), self._gone)

    def _gone(self, day: date | None) -> None:
        if day is not None:
            self.turn(day, self.store.filter)

    def action_period(self, way: int) -> None:
        if self.store.day is not None:
            self.turn(self.store.day + timedelta(days=way), self.store.filter)

    def action_today(self) -> None:
        self.turn(self.today, self.store.filter)

    def action_zoom(self) -> None:
        self.zoom = ZOOMS[(ZOOMS.index(self.zoom) + 1) % len(ZOOMS)]
        self.say(f"Rows of {self.zoom} minutes.")
        self.draw()

    async def action_find_patient(self) -> None:
        finder = Finder(self.find_patients, debounce=self.desk.debounce)
        await self.app.push_screen(FindPatient(finder), self._for_patient)

    def _for_patient(self, patient: Patient | None) -> None:
        if patient is not None:
            self.patient = patient
            self.say(f"For {compact(patient.name)}: Enter on a slot, or n, holds it. F drops the patient.")
            self.draw_lines()

    def action_privacy(self) -> None:
        self.desk.private = not self.desk.private
        self.grid.hide_names(private=self.desk.private)
        self.draw_lines()

    def action_copy(self) -> None:
        sentence = self.panel.sentence if self.panel else self.read_back
        if sentence:
            self.app.copy_to_clipboard(sentence)
            self.say(f"Copied: {sentence}")
        else:
            self.say("Nothing to copy yet: hold a slot first.")

    def action_reload(self) -> None:
        if self.desk.connection.is_offline:
            self.post_message(self.Redial())
        else:
            self.load()


def _why_not(cell: Cell) -> str:
    match cell.state:
        case State.MINE | State.PENDING:
            return "Held by this desk since an earlier start; it frees itself when its time is up."
        case State.HELD:
            return f"Held by {cell.by or 'a patient'}. n shows what is free next."
        case State.TAKEN:
            return "Not enough free time here for this service. n shows what is free next."
    reason = next((slot.reason for slot in cell.slots if slot.reason), None)
    return f"Closed{f' ({reason})' if reason else ''}. n shows what is free next."
