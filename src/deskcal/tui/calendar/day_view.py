"""The day: lanes of all providers, live, from which a slot is held."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from textual.content import Content

from deskcal.tui.appointments.outline import Outline, outline_of
from deskcal.tui.calendar.cells import FREE_STATUSES, Cell, State
from deskcal.tui.calendar.closures import Closures
from deskcal.tui.calendar.day import DayModel, model_of
from deskcal.tui.calendar.day_grid import DayGrid
from deskcal.tui.calendar.day_lines import Around, lines
from deskcal.tui.calendar.day_store import DayStore
from deskcal.tui.calendar.view import Host
from deskcal.tui.delays import TOLD
from deskcal.wire.calendar import CalendarDay
from deskcal.wire.delays import Delay
from deskcal.wire.realtime import Event

ZOOMS = (30, 60, 15)
LAID_OUT = 5


class DayView:
    """Implements View over a DayStore and a DayGrid."""

    name = "day"

    def __init__(self, host: Host) -> None:
        self.grid = DayGrid(host.desk.marks, id="day")
        self.store = DayStore(host.desk, host.draw_soon)
        self.zoom = ZOOMS[0]
        self._closures = Closures(host.desk)
        self._models: dict[date, DayModel] = {}
        self._host = host
        self._desk = host.desk
        self._at: datetime | None = None
        self._lane_of: UUID | None = None

    @property
    def day(self) -> date | None:
        return self.store.day

    @property
    def is_known(self) -> bool:
        return self.store.fetched is not None

    @property
    def under_cursor(self) -> UUID | None:
        cell = self.grid.cell
        return cell.appointments[0].id if cell and cell.appointments else None

    def outline(self, appointment_id: UUID) -> Outline | None:
        """Give an appointment of the day, as far as that tells of it."""
        lanes = self.store.fetched.providers if self.store.fetched else ()
        found = (
            outline_of(one, lane) for lane in lanes for one in lane.appointments if one.id == appointment_id
        )
        return next(found, None)

    def turn(self, day: date, at: datetime | None = None) -> None:
        self._at = at or self._at
        self.store.turn(day, self._desk.errand.filter)
        if self.store.fetched is None:
            self.grid.clear(f"Loading {day:%a %d %b} ...")

    async def load(self) -> None:
        await self.store.load()
        self._host.draw()
        if self.store.fetched and not _bookable(self.store.fetched):
            await self._closures.load()
        self._say_if_empty()

    async def fetch_neighbours(self) -> None:
        if day := self.store.day:
            for way in (1, -1):
                await self.store.fetch_beside(beside := day + timedelta(days=way))
                if fetched := self.store.seen(beside):
                    self._model_of(fetched)

    def renew(self, provider_id: UUID) -> None:
        """Fetch a lane again."""
        if self.store.stale(provider_id):
            self._host.work(self.store.renew(), "lanes")

    def told(self, event: Event) -> None:
        if event.type == TOLD:
            self._host.draw_soon()
        elif (provider_id := self.store.tell(event)) is not None:
            self.renew(provider_id)
        elif event.type == "availability.invalidated":
            self._closures.expire()
            self._host.load()

    def draw(self) -> None:
        """Draw the day with the hold over it, while it is in front; the grid finds out which cells differ."""
        if self.store.fetched is not None and self.grid.display:
            model = self._model_of(self.store.fetched)
            self.grid.show(model, self._desk.now())
            self._place_cursor(model)

    def _model_of(self, fetched: CalendarDay) -> DayModel:
        """Lay out a day from what of it was laid out before."""
        model = model_of(
            fetched,
            zoom=self.zoom,
            desk=self._desk.name,
            hold=self._host.hold,
            pending=dict(self._desk.changes.pending),
            late=self._desk.delays.on(fetched.date),
            before=self._models.pop(fetched.date, None),
        )
        self._models[fetched.date] = model
        if len(self._models) > LAID_OUT:
            del self._models[next(iter(self._models))]
        return model

    def point(self, at: datetime, provider_id: UUID) -> None:
        """Put the cursor on a provider's time, as soon as its day is shown."""
        self._at, self._lane_of = at, provider_id

    def _place_cursor(self, model: DayModel) -> None:
        row = model.row_at(self._at) if self._at else None
        lane = model.lane_of(self._lane_of) if self._lane_of else None
        if row is not None or lane is not None:
            self.grid.go_to(self.grid.lane if lane is None else lane, self.grid.row if row is None else row)
            self._at = self._lane_of = None

    def tick(self) -> None:
        self.grid.tick(self._desk.now())

    def hide_names(self) -> None:
        self.grid.hide_names(private=self._desk.private)

    def words_instead(self, words: str) -> None:
        if self.store.fetched is None:
            self.grid.clear(words)

    def lines(self, width: int) -> Mapping[str, Content]:
        fetched, desk = self.store.fetched, self._desk
        around = Around(
            day=self.store.day,
            lanes=self.grid.lanes_words,
            tally=self.grid.model.tally if fetched and self.grid.model else None,
            as_of=fetched.fetched_at if fetched else None,
            remembered=self.store.remembered,
            waiting=self.store.loading > 0,
            patient=desk.errand.patient,
            lane=self.grid.cursor_lane,
            cell=self.grid.cell,
            row=self.grid.cursor_row,
            late=self._late,
        )
        return lines(desk, around, width)

    @property
    def _late(self) -> Delay | None:
        lane, day = self.grid.cursor_lane, self.store.day
        return self._desk.delays.of(lane.provider.id, day) if lane and day else None

    def stepped(self, way: int) -> date:
        return (self.store.day or self._desk.today) + timedelta(days=way)

    def leapt(self, way: int) -> date:
        return self.stepped(28 * way)

    def zoom_on(self) -> None:
        """Cut rows of the next length."""
        self.zoom = ZOOMS[(ZOOMS.index(self.zoom) + 1) % len(ZOOMS)]
        self._host.say(f"Rows of {self.zoom} minutes.")
        self._host.draw()

    async def open(self) -> None:
        """Hold what is free under the cursor, or open what is booked there."""
        cell = self.grid.cell
        if cell is None:
            return
        if len(cell.free) > 1:
            await self._host.choose("Which start?", cell.free)
        elif cell.free:
            await self._host.take_here(cell.free[0])
        elif len(cell.appointments) == 1:
            await self._host.open_appointment(cell.appointments[0].id)
        elif cell.appointments:
            self._host.say("Several appointments begin here. z shows shorter rows.")
        elif cell.state in {State.MINE, State.PENDING} and self._host.hold:
            self._host.focus_panel()
        else:
            self._host.say(_why_not(cell))

    def _say_if_empty(self) -> None:
        fetched, narrowed = self.store.fetched, self._desk.narrowed
        if fetched is None:
            return
        day, what = f"{fetched.date:%a %d %b}", f" for {narrowed}" if narrowed else ""
        if not fetched.providers:
            self.grid.clear(f"No provider{what}." + (" F clears the filter." if what else ""))
        elif not self.grid.model or not self.grid.model.rows:
            closed = self._closures.reason(fetched.date)
            why = f"Closed on {day}: {closed}." if closed else f"Nobody works on {day}."
            self.grid.clear(f"{why} ] next day, n next available.")
        elif not _bookable(fetched) and fetched.date >= self._desk.today:
            self._host.say(f"No free slots{what} on {day}. n next available, F clear filters.")


def _bookable(fetched: CalendarDay) -> bool:
    return any(slot.status in FREE_STATUSES for lane in fetched.providers for slot in lane.timeslots)


def _why_not(cell: Cell) -> str:
    match cell.state:
        case State.MINE | State.PENDING:
            return "Held by this desk since an earlier start; it frees itself when its time is up."
        case State.HELD:
            return f"Held by {cell.by or 'a patient'}. n shows what is free next."
        case State.TAKEN:
            return "Not enough free time here for this service. n shows what is free next."
    reason = next((slot.reason for slot in cell.slots if slot.reason), None)
    why = "Full" if cell.state is State.FULL else "Closed"
    return f"{why}{f' ({reason})' if reason else ''}. n shows what is free next."
