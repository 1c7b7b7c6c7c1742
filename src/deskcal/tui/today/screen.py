"""Today: who waits, who is late, who is in a room, and which gaps could be filled."""

from collections.abc import Coroutine, Hashable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.command import bindings
from deskcal.tui.commands.anywhere import Filter, FindPatient, GoToDate, NextAvailable, Undo, WalkIn
from deskcal.tui.commands.appointment import CancelAppointment, InRoom, MoveAppointment, NoShow, Out
from deskcal.tui.commands.table import NextTab, OpenRow, PreviousTab
from deskcal.tui.delays import TOLD
from deskcal.tui.desk import Desk
from deskcal.tui.errand import Filling
from deskcal.tui.lines import WIDEST
from deskcal.tui.table import Table
from deskcal.tui.today.gaps import Gap, gaps_of, slot_for
from deskcal.tui.today.lines import counts_line, person_words, tabs_line
from deskcal.tui.today.lists import Shown, doctors_words, gap_key, lists_of
from deskcal.tui.today.model import Board, board_of
from deskcal.tui.today.store import TodayStore
from deskcal.wire.booking import Appointment

SHOWN = (InRoom, Out, NoShow, WalkIn, Undo)
HIDDEN = (NextTab, MoveAppointment, CancelAppointment, FindPatient, NextAvailable, GoToDate, Filter)
"""What the key line names here, and what it names elsewhere only."""
FRESH = timedelta(seconds=3)
FRAME = 0.05
"""Seconds that news are collected before they are read and drawn together."""
MANY = 12
"""From so many on, the day is read anew instead of one appointment after the other."""
LEGEND = "! waits over 30 min   N? no-show is offered, never set by itself   + walk-in   * just changed"
SHORT = "! over 30 min   N? no-show offered   + walk-in   * just changed"
TABLES: Mapping[str, str] = {
    "waiting": "waiting",
    "late": "due",
    "next": "due",
    "due": "due",
    "in_room": "in_room",
    "gaps": "gaps",
    "doctors": "doctors",
}
"""Which table shows which list."""
WIDE = ("waiting", "due", "doctors", "in_room", "gaps")
NARROW = ("waiting", "late", "next", "in_room", "gaps")


class BoardTable(Table):
    """One of several tables: only the one with the focus has a cursor."""

    def shows_cursor(self) -> bool:
        return self.has_focus


class TodayScreen(Acting):
    """Keeps the lists true, and the cursor on its appointment, into whichever list that goes."""

    AREA = "today"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(OpenRow, PreviousTab),
        *(replace(command.binding(), show=command in SHOWN) for command in (*SHOWN, *HIDDEN)),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.store = TodayStore(desk, self._draw_soon)
        self.front = "waiting"
        self._board: Board | None = None
        self._gaps: tuple[Gap, ...] = ()
        self._lists: Mapping[str, Shown] = {}
        self._fresh: dict[UUID, datetime] = {}
        self._drawn_at: datetime | None = None
        self._unread: set[UUID] = set()
        self._drawing = False

    def body(self) -> ComposeResult:
        yield Static(markup=False, id="tabs")
        with Container(id="board"):
            for name in ("waiting", "due", "doctors", "in_room", "gaps"):
                yield BoardTable(id=name)

    def on_mount(self) -> None:
        super().on_mount()
        self.go_to("waiting")
        self.load()

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._resized)

    def _resized(self) -> None:
        key = self.table.key
        self.go_to(self.front)
        self._follow(key)

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists side by side, or behind tabs where there is little room."""
        return WIDE if self.size.width >= WIDEST else NARROW

    @property
    def table(self) -> Table:
        """The table with the cursor."""
        return self.query_one(f"#{TABLES[self.front]}", Table)

    @property
    def under_cursor(self) -> UUID | None:
        key = self.table.key if self.is_mounted else None
        return key if isinstance(key, UUID) else None

    @property
    def provider_under_cursor(self) -> UUID | None:
        """The provider of the appointment, the gap, or the row by doctor."""
        match self.table.key if self.is_mounted else None:
            case (UUID() as provider_id, *_):
                return provider_id
        return super().provider_under_cursor

    @property
    def day_in_view(self) -> date:
        return self.desk.today

    def go_to(self, name: str) -> None:
        """Bring a list to the front; one that is not shown at this size gives way to its likeness."""
        alike = (one for one in self.lists if TABLES[one] == TABLES[name])
        likeness = next(alike, self.lists[0])
        self.front = name if name in self.lists else likeness
        for table in self.query(BoardTable):
            table.set_class(table is self.table, "-front")
        self.set_focus(self.table)
        self._show_lists()

    def action_tab(self, way: int) -> None:
        self.go_to(self.lists[(self.lists.index(self.front) + way) % len(self.lists)])

    async def action_open(self) -> None:
        if appointment_id := self.under_cursor:
            await self.open_appointment(appointment_id)
        elif gap := next((one for one in self._gaps if gap_key(one) == self.table.key), None):
            await self._fill(gap)

    async def on_table_opened(self) -> None:
        await self.action_open()

    def on_table_moved(self) -> None:
        self.draw_lines()

    def on_descendant_focus(self) -> None:
        """Follow a click into another list."""
        if isinstance(self.focused, BoardTable) and self.focused is not self.table:
            self.go_to(str(self.focused.id))

    def told(self, told: Told) -> None:
        match told:
            case Live() | Resync():
                self.load()
            case Lost():
                pass
            case _ if told.type == "waitlist.updated":
                self._read_waitlist()
            case _ if told.type == "availability.invalidated":
                self.load()
            case _ if told.type == TOLD:
                self._draw_soon()
            case _ if appointment_id := self.store.concerns(told):
                self._fresh[appointment_id] = self.desk.now()
                if not self._unread:
                    self.set_timer(FRAME, self._read)
                self._unread.add(appointment_id)
            case _ if provider_id := self.store.lanes.tell(told):
                if self.store.lanes.stale(provider_id):
                    self.run_worker(self._asked(self.store.lanes.renew()), group="lanes")

    def _read(self) -> None:
        unread, self._unread = self._unread, set()
        if len(unread) >= MANY:
            self.load()
            return
        for appointment_id in unread:
            self.run_worker(self._asked(self.store.read(appointment_id)), group="read")

    @work(group="waitlist", exclusive=True)
    async def _read_waitlist(self) -> None:
        await self._asked(self.store.read_waitlist())

    def load(self) -> None:
        self._load()

    @work(group="load", exclusive=True)
    async def _load(self) -> None:
        await self._asked(self.store.load())

    def known(self, appointment_id: UUID) -> Appointment | None:
        return self.store.appointments.get(appointment_id)

    def appointment_changed(self, appointment: Appointment) -> None:
        self._fresh[appointment.id] = self.desk.now()
        self.store.put(appointment)
        self.draw()

    async def _asked(self, question: Coroutine[None, None, None]) -> None:
        try:
            await question
        except ClientError as error:
            if not self.desk.connection.is_offline:
                self.explain(error)

    def tick(self) -> None:
        """Draw anew once a minute, when a mark of a change goes, and when another day begins."""
        now = self.desk.now()
        faded = [key for key, at in self._fresh.items() if now - at >= FRESH]
        for key in faded:
            del self._fresh[key]
        if self.store.day not in {None, self.desk.today}:
            self.load()
        if faded or self._drawn_at is None or now.replace(second=0) > self._drawn_at:
            self.draw()
        super().tick()

    def _draw_soon(self) -> None:
        if self.is_mounted and not self._drawing:
            self._drawing = True
            self.set_timer(FRAME, self.draw)

    def draw(self) -> None:
        """Draw what reads differently now; the cursor goes where its appointment has gone."""
        self._drawing = False
        if not self.is_mounted or self.store.day is None or self.store.lanes.fetched is None:
            return
        now, key = self.desk.now(), self.table.key
        self._drawn_at = now
        self._board = board_of(self.store.appointments.values(), now, self.desk.delays.on(self.desk.today))
        self._gaps = gaps_of(self.store.lanes.fetched, self.store.entries, self.desk.services, now)
        self._lists = lists_of(self._board, self._gaps, self.desk, now)
        self._show_lists()
        self._follow(key)

    def _show_lists(self) -> None:
        if self._lists:
            for name in WIDE if self.lists is WIDE else (self.front,):
                self._show(name)
        self.draw_lines()

    def _show(self, name: str) -> None:
        shown = self._lists[name]
        table = self.query_one(f"#{TABLES[name]}", BoardTable)
        table.border_title = f"{shown.title} {len(shown.rows)}" if name != "doctors" else shown.title
        table.show(shown.columns, shown.rows, changed=frozenset(self._fresh), empty=shown.empty)

    def _follow(self, key: Hashable | None) -> None:
        """Go where a row has gone; what has left the board leaves the cursor where it is."""
        if key is None or key == self.table.key:
            return
        for name in self.lists:
            found = [n for n, row in enumerate(self._lists[name].rows) if row.key == key]
            if found:
                self.go_to(name)
                self.table.go_to(found[0])
                return

    def hide_names(self) -> None:
        """Draw anew after `desk.private` changed."""
        self.draw()

    def lines(self) -> Mapping[str, Content]:
        width, wide = self.size.width, self.size.width >= WIDEST
        if self._board is None:
            return {"period": Content(f"Loading {self.desk.today:%a %d %b} ..." if self.desk.clinic else "")}
        appointment = self.store.appointments.get(self.under_cursor) if self.under_cursor else None
        about = person_words(appointment, self.desk) if appointment else ""
        doctors = doctors_words(self._board)
        return {
            "period": counts_line(self._board.counts, self.desk, width),
            "tabs": Content("") if wide else tabs_line(self._lists, NARROW, self.front),
            "detail": Content("\n".join(filter(None, (about, doctors))) if wide else doctors),
            "legend": Content(LEGEND if wide else SHORT),
        }

    async def _fill(self, gap: Gap) -> None:
        """Hold a gap's first slot, for who waits for it where somebody does."""
        slot, match = gap.first, gap.match
        if match is not None:
            try:
                with self.desk.asking() as link:
                    slot_for_them = await slot_for(match, gap, self.desk.today, link)
                    self.desk.errand.patient = await link.patient(match.patient_id)
            except ClientError as error:
                self.explain(error)
                return
            if slot_for_them is None:
                self.say(f"{slot.provider_name} has no slot for {match.service_title} in that gap.")
                return
            slot = slot_for_them
            self.desk.errand.filling = Filling(slot_id=slot.id, entry=match)
        await self.ways.take(slot)
