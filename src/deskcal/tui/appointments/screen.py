"""Appointments: what is ahead, what was, one's own, drafts and the waitlist, each behind a tab."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize, ScreenResume
from textual.widgets import ContentSwitcher

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui.appointments.acting import Acting
from deskcal.tui.appointments.drafts import DraftsTable
from deskcal.tui.appointments.filter_line import FilterLine
from deskcal.tui.appointments.lists import Which
from deskcal.tui.appointments.narrowing import Narrowed, narrowed_by, narrowed_words
from deskcal.tui.appointments.rows import cursor_words, news_words
from deskcal.tui.appointments.table import AppointmentsTable
from deskcal.tui.commands.table import TABS
from deskcal.tui.connection import ago
from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDE, spread, stale_words
from deskcal.tui.table import Table
from deskcal.tui.waitlist.table import WaitlistTable
from deskcal.tui.waitlist.words import about_words
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient
from deskcal.wire.realtime import Event

LISTS: Mapping[str, str] = {
    Which.UPCOMING: "Upcoming",
    Which.HISTORY: "History",
    Which.MINE: "Mine",
    "drafts": "Drafts",
    "waitlist": "Waitlist",
}
MOST_AT_ONCE = 20
"""More news than this at once are fetched as lists, not one by one."""


class AppointmentsScreen(Acting):
    """Each list is fetched when it is first shown. News come to those that were."""

    AREA = "appointments"
    BINDINGS: ClassVar[list[BindingType]] = [*TABS]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.front: str = Which.UPCOMING
        self._met: dict[UUID, Patient] = {}
        self._names: set[str] = set()
        self._unread: set[UUID] = set()
        self._news: tuple[datetime, str] | None = None

    def body(self) -> ComposeResult:
        with Vertical():
            yield FilterLine(classes="entry")
            with ContentSwitcher(initial=self.front, id="lists"):
                for which in Which:
                    yield AppointmentsTable(self.desk, which)
                yield DraftsTable(self.desk, id="drafts")
                yield WaitlistTable(self.desk, id="waitlist")

    def on_mount(self) -> None:
        super().on_mount()
        self.go_to(self.front)

    def on_screen_resume(self, event: ScreenResume) -> None:
        super().on_screen_resume(event)
        self._draw()

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._draw)

    @property
    def table(self) -> Table:
        """The list in front."""
        return self.query_one(f"#{self.front}", Table)

    @property
    def under_cursor(self) -> UUID | None:
        one = self._appointment
        return one.id if one else None

    def known(self, appointment_id: UUID) -> Appointment | None:
        return next(filter(None, (table.listing.find(appointment_id) for table in self._tables)), None)

    def appointment_changed(self, appointment: Appointment) -> None:
        for table in self._tables:
            table.take(appointment)
        self.draw_lines()

    def go_to(self, name: str) -> None:
        """Show a list; the cursor is where it was in it."""
        self.front = name
        self.query_one("#lists", ContentSwitcher).current = name
        self.set_focus(self.table)
        if isinstance(self.table, AppointmentsTable) and not self.table.listing.is_fresh:
            self.load()
        self._draw()

    def load(self) -> None:
        match self.table:
            case AppointmentsTable() as table:
                table.load(self._narrowed())
            case WaitlistTable() as table:
                table.load()
        self._draw()

    def told(self, told: Told) -> None:
        if not self.is_mounted:
            return
        self.query_one(WaitlistTable).told(told)
        match told:
            case Live() | Resync():
                self._forget()
            case Lost():
                self.draw_lines()
            case Event(payload={"appointmentId": str(about)}):
                self._unread.add(UUID(about))
                self.run_worker(self._read(), group="news")

    def tick(self) -> None:
        for table in self._tables:
            table.tick()
        super().tick()

    def hide_names(self) -> None:
        self._draw()

    def lines(self) -> Mapping[str, Content]:
        tabs = [
            (f"[{words}]", "bold reverse") if name == self.front else (f" {words} ", "")
            for name, words in ((name, self._titled(name)) for name in LISTS)
        ]
        hint = self._hint() if self.size.width >= WIDE else ""
        return {
            "period": spread(
                Content(" ").join(Content.styled(*tab) for tab in tabs), Content(hint), self.size.width
            ),
            "detail": Content(self._about()),
            "legend": Content(self._news_words()),
        }

    async def action_open(self) -> None:
        if one := self._appointment:
            await self.open_appointment(one.id)
        elif isinstance(self.table, DraftsTable) and (draft := self.table.draft):
            await self.ways.take_up(draft)

    async def on_table_opened(self) -> None:
        await self.action_open()

    def action_tab(self, way: int) -> None:
        names = list(LISTS)
        self.go_to(names[(names.index(self.front) + way) % len(names)])

    def action_sort(self) -> None:
        if isinstance(self.table, AppointmentsTable):
            self.table.sort_on()
            self.say(f"Sorted by {self.table.sort.lower()}.")

    async def action_filter(self) -> None:
        """Narrow the list by words, as they are typed."""
        self.query_one(FilterLine).open()

    def on_filter_line_left(self) -> None:
        self.set_focus(self.table)

    async def narrowed(self) -> None:
        """Show what words and errand leave; F drops both."""
        if not self.desk.errand.filter:
            self.query_one(FilterLine).clear()
        self._forget()

    def on_filter_line_typed(self) -> None:
        self._narrow()

    def on_appointments_table_failed(self, message: AppointmentsTable.Failed) -> None:
        self.explain(message.error)

    def on_waitlist_table_said(self, message: WaitlistTable.Said) -> None:
        self.say(message.words, alarm=message.alarm)

    def on_table_moved(self) -> None:
        self.draw_lines()
        if (one := self._appointment) and one.patient_id not in self._met:
            self._meet(one.patient_id)

    @property
    def _appointment(self) -> Appointment | None:
        table = self.table if self.is_mounted else None
        return table.appointment if isinstance(table, AppointmentsTable) else None

    @property
    def _tables(self) -> list[AppointmentsTable]:
        return [*self.query(AppointmentsTable)]

    def _narrowed(self) -> Narrowed:
        self._names |= {one.patient_name for table in self._tables for one in table.listing}
        return narrowed_by(
            self.query_one(FilterLine).text,
            self.desk.errand.filter,
            services=self.desk.service_names,
            providers=self.desk.providers,
            patients=self._names,
        )

    def _forget(self) -> None:
        """Fetch anew what is in front, and the other lists when they are shown again."""
        for table in self._tables:
            table.listing.is_fresh = False
        self.load()

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        if isinstance(self.table, AppointmentsTable | DraftsTable | WaitlistTable):
            self.table.draw()
        self.draw_lines()

    def _titled(self, name: str) -> str:
        match self.query_one(f"#{name}", Table):
            case AppointmentsTable(listing=listing) if listing.is_known:
                return f"{LISTS[name]} {len(listing)}{'+' if listing.more else ''}"
            case DraftsTable() if drafts := len(self.desk.memory.drafts.all()):
                return f"{LISTS[name]} {drafts}"
            case WaitlistTable(entries=entries) if entries:
                return f"{LISTS[name]} {len(entries)}"
        return LISTS[name]

    def _hint(self) -> str:
        if not isinstance(self.table, AppointmentsTable):
            return ""
        listing, wide = self.table.listing, self.size.width >= WIDE
        if listing.as_of and not listing.is_fresh:
            return stale_words(self.desk, listing.as_of, wide=wide, remembered=listing.is_remembered)
        words = narrowed_words(listing.narrowed, len(listing)) or "f filter   S sort "
        return words if wide else ""

    def _about(self) -> str:
        if one := self._appointment:
            return cursor_words(one, self._met.get(one.patient_id), self.desk, self.size.width)
        if isinstance(self.table, WaitlistTable) and (entry := self.table.entry):
            return about_words(entry, self.desk)
        return ""

    def _news_words(self) -> str:
        if self._news is None:
            return ""
        at, words = self._news
        return f"{ago((self.desk.now() - at).total_seconds())} ago: {words}"

    @work(group="filter", exclusive=True)
    async def _narrow(self) -> None:
        await asyncio.sleep(self.desk.debounce)
        self._forget()

    @work(group="patient", exclusive=True)
    async def _meet(self, patient_id: UUID) -> None:
        await asyncio.sleep(self.desk.debounce)
        with suppress(ClientError):
            with self.desk.asking() as link:
                self._met[patient_id] = await link.patient(patient_id)
            self.draw_lines()

    async def _read(self) -> None:
        """Read the appointments that something happened to."""
        if len(self._unread) > MOST_AT_ONCE:
            self._unread.clear()
            self._forget()
        while self._unread:
            about = self._unread.pop()
            before = self.known(about)
            with suppress(ClientError):
                with self.desk.asking() as link:
                    news = await link.appointment(about)
                if self.desk.changes.newest(about) != news.version:
                    self._news = (self.desk.now(), news_words(before, news, self.desk))
                self.appointment_changed(news)
