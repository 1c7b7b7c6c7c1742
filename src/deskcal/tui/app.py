"""The desk's application: it connects, keeps time, and chooses areas."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from typing import ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import ActiveBinding, BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.screen import Screen

from deskcal.client.errors import ClientError, Refused, Rejected
from deskcal.client.told import Live, Told
from deskcal.tui import garbage
from deskcal.tui.area import Area
from deskcal.tui.calendar.screen import CalendarScreen
from deskcal.tui.commands.anywhere import APP
from deskcal.tui.connection import Line
from deskcal.tui.desk import Desk
from deskcal.tui.dressed import Dressed
from deskcal.tui.filters import Filter
from deskcal.tui.link import Dial, NoClinic
from deskcal.tui.look import USUAL, Look
from deskcal.tui.memory.drafts import Draft, whose
from deskcal.tui.memory.file import NotKept
from deskcal.tui.memory.memory import Memory
from deskcal.tui.terminal import is_hung_up, on_signals
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import Timeslot

USAGE, NOT_ALLOWED = 2, 5
LAST_WORD = 0.3
SETTLED, REMEMBER_EVERY, SEND_EVERY = 3, 5, 15
CALENDAR = "calendar"
IN_CALENDAR = frozenset({"day", "week", "month"})
ELSEWHERE = {
    "today": ("deskcal.tui.today.screen", "TodayScreen"),
    "appointments": ("deskcal.tui.appointments.screen", "AppointmentsScreen"),
    "patients": ("deskcal.tui.patients.screen", "PatientsScreen"),
    "queue": ("deskcal.tui.queue.screen", "QueueScreen"),
}
"""Areas that are imported when they are first wanted, after the first paint."""


def now_utc() -> datetime:
    return datetime.now(UTC)


def _dates() -> type[Provider]:
    from deskcal.tui.palette import Dates

    return Dates


def _patients() -> type[Provider]:
    from deskcal.tui.palette import Patients

    return Patients


class DeskApp(Dressed):
    """`dial` reaches the server, after the first paint; `debounce` is in seconds.

    Without a memory the desk remembers until it ends.
    """

    TITLE = "deskcal"
    CSS_PATH = "desk.tcss"
    DEFAULT_MODE = CALENDAR
    BINDINGS: ClassVar[list[BindingType]] = [*APP]
    COMMANDS: ClassVar = {*Dressed.COMMANDS, _dates, _patients}
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it on the instance
        (0, "-tiny"),
        (80, "-narrow"),
        (100, "-mid"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-short"), (36, "-tall")]  # noqa: RUF012  the same

    def __init__(
        self,
        dial: Dial,
        *,
        desk_name: str,
        now: Callable[[], datetime] = now_utc,
        debounce: float = 0.12,
        memory: Memory | None = None,
        look: Look = USUAL,
    ) -> None:
        super().__init__()
        self.desk = Desk(dial, name=desk_name, now=now, debounce=debounce, memory=memory, marks=look.marks)
        self.look = look
        self.calendar = CalendarScreen(self.desk)
        self.areas: dict[str, Area] = {CALENDAR: self.calendar}
        self.add_mode(CALENDAR, lambda: self.calendar)
        self._sending = False
        self.wear(look, self.desk.memory)
        self._colours = self.get_css_variables()
        self.stylesheet.set_variables(self._colours)
        self.animation_level = "none"

    def get_driver_class(self) -> type[Driver]:
        """Write to a terminal that may go away; Windows and the browser have none that does."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from deskcal.tui.lasting import LastingDriver

        return LastingDriver

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles anew only for other colours; Textual would twice for each area shown first."""
        if (colours := self.get_css_variables()) != self._colours:
            self._colours = colours
            super().refresh_css(animate)
        elif stack := self._screen_stacks.get(self.current_mode):
            self.stylesheet.update(stack[-1], animate)
            stack[-1]._css_update_count = self._css_update_count  # noqa: SLF001  nothing public

    def on_mount(self) -> None:
        self.call_after_refresh(self._listen)
        self.set_interval(1, self.tick)
        self.set_timer(SETTLED, garbage.take_up)
        self.set_interval(REMEMBER_EVERY, self.desk.memory.views.flush)
        self.set_interval(SEND_EVERY, self._send_on)
        for words in filter(None, (*self.take_keys(self.look), self.desk.memory.words)):
            self.calendar.say(words, alarm=True)
        if not self.is_headless:
            on_signals(self._leave_now)

    def tick(self) -> None:
        """Let a second pass, for whatever counts."""
        for area in self._everywhere:
            if area.is_mounted:
                area.tick()
        if not self.is_headless and is_hung_up():
            self._leave_now()

    def _listen(self) -> None:
        self._follow()

    @work(group="feed", exclusive=True)
    async def _follow(self) -> None:
        try:
            await self.desk.listen(self._told)
        except NoClinic as error:
            self.exit(return_code=USAGE, message=str(error))
        except (Refused, Rejected) as error:
            self.exit(return_code=NOT_ALLOWED, message=str(error))

    def _told(self, told: Told) -> None:
        for area in self._everywhere:
            area.told(told)
        if isinstance(told, Live):
            self.send_queue()

    @property
    def _everywhere(self) -> list[Area]:
        """Every area, and what was opened on top of the one in front."""
        opened = [screen for screen in self.screen_stack if isinstance(screen, Area)]
        return list(dict.fromkeys([*self.areas.values(), *opened]))

    async def _turn_to(self, mode: str) -> None:
        """Bring an area to the front, without what was opened on top of it."""
        with self.batch_update():
            await self.switch_mode(mode)
            while isinstance(self.screen, Area) and self.screen is not self.areas[mode]:
                await self.pop_screen()
        self.screen.check_idle()

    def delay_update(self, delay: float = 0) -> None:
        """Draw an area as soon as it is there; Textual would wait 50 ms, though it is there for long."""

    def redial(self) -> None:
        """Try now to reach the server."""
        self._listen()

    async def take_up(self, draft: Draft) -> None:
        """Hold the time of a draft again, in the day view."""
        await self.show_day(self.desk.local(draft.slot.start).date())
        await self.calendar.take_up(draft)

    def send_queue(self) -> None:
        """Send what waits for the server, unless that goes on already."""
        if self.desk.memory.intents.counts().waiting and not self._sending:
            self._sending = True
            self.run_worker(self._sent(), group="queue")

    async def _sent(self) -> None:
        from deskcal.tui.memory.replay import Replay

        try:
            outcome = await Replay(self.desk, self.tick).run()
        except NotKept as error:
            self.desk.say(str(error), alarm=True)
        else:
            if outcome.ended:
                self.desk.say(f"From the queue: {outcome} (F8)", alarm=outcome.needs_you > 0)
        finally:
            self._sending = False
        self.tick()

    async def action_area(self, name: str) -> None:
        """Bring an area to the front; it is made when it is first wanted."""
        if name in IN_CALENDAR:
            await self._turn_to(CALENDAR)
            await self.calendar.action_view(name)
            return
        if name not in self.areas:
            module, made = ELSEWHERE[name]
            area: Area = getattr(import_module(module), made)(self.desk)
            self.areas[name] = area
            self.add_mode(name, lambda: area)
        await self._turn_to(name)

    async def show_day(self, day: date) -> None:
        """Show a date in the calendar."""
        await self._turn_to(CALENDAR)
        await self.calendar.show("day", day)

    async def take(self, slot: Timeslot) -> None:
        """Hold a slot for the errand, in the day view."""
        day = self.desk.local(slot.start).date()
        await self._turn_to(CALENDAR)
        if self.calendar.view.name != "day" or self.calendar.view.day != day:
            await self.calendar.show("day", day, slot.start)
        await self.calendar.take_here(slot)

    async def move(self, appointment: Appointment) -> None:
        """Look for another time for an appointment, in the day view. Its own time is kept meanwhile."""
        desk = self.desk
        try:
            desk.errand.patient = await desk.patient(whose(appointment))
        except ClientError as error:
            self.calendar.explain(error)
            return
        desk.errand.moving = appointment
        desk.errand.filter = Filter(service_id=appointment.service_id)
        await self._turn_to(CALENDAR)
        self.calendar.day_view.point(appointment.start, appointment.provider_id)
        await self.calendar.show("day", desk.local(appointment.start).date())
        self.calendar.say(
            f"Moving {appointment.reference}: Enter on a free slot, or n, holds its new time. F gives up."
        )

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from deskcal.tui.palette import offered

        return offered(self, screen)

    async def action_help(self) -> None:
        from deskcal.tui.help import Help

        if not isinstance(self.screen, Help):
            await self.push_screen(Help(self.screen, self.desk.marks), self.run_command)

    async def run_command(self, active: ActiveBinding | None) -> None:
        """Do what a key would do."""
        if active is not None:
            await self.run_action(active.binding.action, active.node)

    async def action_messages(self) -> None:
        """Show what the desk said before."""
        from deskcal.tui.messages import Messages

        await self.push_screen(Messages(self.desk), self._copied)

    def _copied(self, words: str | None) -> None:
        if words:
            self.copy_to_clipboard(words)

    def action_privacy(self) -> None:
        self.desk.private = not self.desk.private
        for area in self._everywhere:
            if area.is_mounted:
                area.hide_names()

    async def action_back(self) -> None:
        if self.current_mode != CALENDAR:
            await self.switch_mode(CALENDAR)
        else:
            await self.action_leave_desk()

    async def action_leave_desk(self) -> None:
        """Quit; asks only while a hold exists."""
        if hold := self.calendar.hold:
            from deskcal.tui.leave import Leave

            slot = hold.slot
            what = f"{self.desk.local(slot.start):%a %d %b %H:%M} {slot.provider_name}"
            await self.push_screen(Leave(what), self._agreed)
        else:
            self.exit()

    async def _agreed(self, agreed: bool | None) -> None:
        if agreed:
            self.exit()

    def _send_on(self) -> None:
        if self.desk.connection.line is Line.LIVE:
            self.send_queue()

    def _leave_now(self) -> None:
        with suppress(NotKept):
            self.calendar.park_what_was_typed()
        self.exit()

    async def on_exit_app(self) -> None:
        """Give back what is held, however the desk ends: a closed tab of a browser asks nobody."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.calendar.release_all(), LAST_WORD)

    async def on_unmount(self) -> None:
        await self.desk.close()
