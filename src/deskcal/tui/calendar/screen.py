"""The calendar: month, week and day at one date, and the hold that is taken from it."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from importlib import import_module
from typing import ClassVar
from uuid import UUID

from msgspec import convert
from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import ContentSwitcher

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui.appointments.outline import Meant
from deskcal.tui.area import in_order
from deskcal.tui.booking.entered import Entered
from deskcal.tui.booking.hold import Hold, Stage
from deskcal.tui.booking.parking import Parking
from deskcal.tui.calendar.day import SlotNews
from deskcal.tui.calendar.day_grid import DayGrid
from deskcal.tui.calendar.day_view import DayView
from deskcal.tui.calendar.view import View
from deskcal.tui.commands.calendar import CALENDAR
from deskcal.tui.desk import Desk
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import Timeslot
from deskcal.wire.realtime import Event

NOTICED_AFTER = 0.3
PAINTED_AFTER = 0.02
"""What is known already is on the screen by then; asking sooner would only hold that up."""
LATER = {
    "week": ("deskcal.tui.calendar.week_view", "WeekView"),
    "month": ("deskcal.tui.calendar.month_view", "MonthView"),
}
"""Views that are imported when they are first wanted, after the first paint."""


class CalendarScreen(Parking):
    """Coordinates the views, the panel and the feed."""

    BINDINGS: ClassVar[list[BindingType]] = [*CALENDAR]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.day_view = DayView(self)
        self._views: dict[str, View] = {"day": self.day_view}
        self.view: View = self.day_view
        self._was_offline = self._stands_in = self._drawing = False

    def body(self) -> ComposeResult:
        with ContentSwitcher(id="views", initial="day"):
            yield self.day_view.grid

    def on_mount(self) -> None:
        if self.desk.clinic:
            self.view.turn(self.desk.today)
            self.view.draw()
        self.day_view.words_instead("Connecting to the server ...")
        super().on_mount()

    @property
    def area(self) -> str:
        return self.view.name

    @property
    def grid(self) -> DayGrid:
        return self.day_view.grid

    @property
    def under_cursor(self) -> UUID | None:
        return self.view.under_cursor

    def meant(self, appointment_id: UUID) -> Meant | None:
        return self.day_view.outline(appointment_id) or super().meant(appointment_id)

    def draw_pending(self) -> None:
        self.draw()

    def appointment_changed(self, appointment: Appointment) -> None:
        self.day_view.store.put(appointment.id, status=appointment.status, version=appointment.version)

    @property
    def provider_under_cursor(self) -> UUID | None:
        """The provider of the lane under the cursor."""
        lane = self.grid.cursor_lane if self.view is self.day_view else None
        return lane.provider.id if lane else None

    @property
    def day_in_view(self) -> date:
        return max(self.view.day or self.desk.today, self.desk.today)

    def lines(self) -> Mapping[str, Content]:
        return self.view.lines(self.app.size.width)

    def draw(self) -> None:
        self._drawing = False
        self.view.draw()
        self.draw_lines_soon()

    def draw_soon(self) -> None:
        if not self._drawing:
            self._drawing = self.call_later(self._draw_what_changed)

    def _draw_what_changed(self) -> None:
        if self._drawing:
            self.draw()

    def tick(self) -> None:
        now = self.desk.now()
        self.view.tick()
        if self.holding and not self.holding.lapse(now) and (panel := self.panel):
            panel.tick(now)
        super().tick()

    async def show(self, view: str, day: date, at: datetime | None = None) -> None:
        """Go to a date in one of the views; the view is made when it is first wanted."""
        with self.app.batch_update():
            if view not in self._views:
                module, name = LATER[view]
                made: View = getattr(import_module(module), name)(self)
                self._views[view] = made
                await self.query_one("#views", ContentSwitcher).add_content(made.grid)
            self.view = self._views[view]
            self.query_one("#views", ContentSwitcher).current = view
            if self.panel is None:
                self.focus_grid()
            self.turn(day, at)
            await in_order()
        self.check_idle()  # it was idle meanwhile, and drew nothing

    def turn(self, day: date, at: datetime | None = None) -> None:
        """Turn to another date or filter; what was there stays until the answer comes."""
        self.view.turn(day, at)
        self._drawing = False
        self.view.draw()
        self.draw_lines()
        self.load()

    async def turn_to(self, day: date) -> None:
        self.turn(day)

    async def narrowed(self) -> None:
        self.turn(self.view.day or self.desk.today)

    def load(self) -> None:
        if self.view.day is not None:
            busy = any(worker.group == "view" and worker.is_running for worker in self.workers)
            known = PAINTED_AFTER if self.view.is_known else 0
            self._load(self.view, after=self.desk.debounce if busy else known)

    @work(group="view", exclusive=True)
    async def _load(self, view: View, *, after: float) -> None:
        """Ask the server; whoever turns on before it has answered is waited for first."""
        await asyncio.sleep(after)
        self.set_timer(NOTICED_AFTER, self.draw_lines)
        try:
            await view.load()
        except ClientError as error:
            self.explain(error)
            return
        with suppress(ClientError):
            await view.fetch_neighbours()

    def work(self, work: Coroutine[None, None, None], group: str) -> None:
        self.run_worker(self._done(work), group=group)

    async def _done(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except ClientError as error:
            if not self.desk.connection.is_offline:
                self.explain(error)

    def renew_lane(self, slot: Timeslot) -> None:
        self.day_view.renew(slot.provider_id)

    def focus_grid(self) -> None:
        self.set_focus(self.view.grid)

    def focus_panel(self) -> None:
        if self.panel:
            self.set_focus(self.panel.query_one("#patient"))

    async def take_here(self, slot: Timeslot) -> None:
        await self.take(slot, Entered(patient=self.desk.errand.patient))

    def told(self, told: Told) -> None:
        match told:
            case Live():
                self._live()
            case Lost():
                self._lost()
            case Resync():
                self.load()
            case _:
                self._event(told)
        self.draw_soon()

    def _live(self) -> None:
        if self.view.day is None or self._stands_in:
            self._stands_in = False
            self.turn(self.desk.today)
        else:
            self.load()
        if self._was_offline:
            self._was_offline = False
            self.say("Online again. What you see is fresh.")
        self.hold_what_was_picked()

    def _lost(self) -> None:
        if not self._was_offline:
            self._was_offline = True
            self.say("The server does not answer. Nothing can be held or booked; R tries now.", alarm=True)
            self._show_last_seen()
        self.view.words_instead(self.desk.connection.why)

    def _show_last_seen(self) -> None:
        """Stand in with the day that was seen last, where nothing is known of today."""
        seen = self.day_view.store.last_seen
        if self.desk.clinic and self.day_view.store.fetched is None and seen:
            self._stands_in = True
            self.view.turn(seen)
            self.view.draw()
            self.say(f"Nothing is known here of today. This is {seen:%a %d %b}.", alarm=True)

    def _event(self, event: Event) -> None:
        for view in self._views.values():
            view.told(event)
        hold = self.hold
        if hold and hold.stage is Stage.LAPSED and (words := self._taken(hold, event)):
            self.run_worker(self.slot_was_taken(hold, words), group="booking")

    def _taken(self, hold: Hold, event: Event) -> str | None:
        if event.type != "timeslot.updated":
            return None
        news = convert(event.payload, SlotNews)
        same = news.provider_id == hold.slot.provider_id
        touches = news.busy_start < hold.slot.end and hold.slot.start < news.busy_end
        elsewhere = news.status in {"reserved", "booked"} and news.held_by != self.desk.name
        words = "held" if news.status == "reserved" else "booked"
        by = news.held_by or "somebody else"
        return f"{words} by {by} after the hold ran out." if same and touches and elsewhere else None

    def lane_names(self) -> list[str]:
        """List the providers of the day, in the order of their lanes."""
        return [lane.provider.name for lane in self.grid.model.lanes] if self.grid.model else []

    async def go_to_lane(self, lane: int) -> None:
        await self.show("day", self.view.day or self.desk.today)
        self.grid.go_to(lane, self.grid.row)

    def hide_names(self) -> None:
        for view in self._views.values():
            view.hide_names()
        super().hide_names()

    def on_day_grid_moved(self) -> None:
        self.draw_lines_soon()

    async def on_day_grid_opened(self) -> None:
        await self.view.open()

    async def action_open(self) -> None:
        await self.view.open()

    async def action_view(self, name: str) -> None:
        await self.show(name, self.view.day or self.desk.today)

    def action_period(self, way: int) -> None:
        self.turn(self.view.stepped(way))

    def action_leap(self, way: int) -> None:
        self.turn(self.view.leapt(way))

    def action_today(self) -> None:
        self.turn(self.desk.today)

    def action_zoom(self) -> None:
        self.day_view.zoom_on()

    async def action_mine(self) -> None:
        """Narrow to the user's own calendar; who has none counts in the month what they booked."""
        try:
            with self.desk.asking() as link:
                own = (await link.me()).provider_id
        except ClientError as error:
            self.explain(error)
            return
        chosen = self.desk.errand.filter
        if own is None:
            chosen = replace(chosen, mine=not chosen.mine)
        else:
            chosen = replace(chosen, mine=False, provider_id=None if chosen.provider_id == own else own)
        await self._filtered(chosen)

    @property
    def sentence(self) -> str:
        return self.panel.sentence if self.panel else super().sentence
