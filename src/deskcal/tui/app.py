"""The desk's application: it connects, keeps time, and chooses screens."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import ClassVar

from textual.app import SystemCommand
from textual.binding import ActiveBinding, BindingType
from textual.screen import Screen

from deskcal.client.errors import Refused, Rejected
from deskcal.client.told import Told
from deskcal.tui.commands import EVERYWHERE
from deskcal.tui.day_screen import DayScreen
from deskcal.tui.desk import Desk
from deskcal.tui.guard import TypeAhead
from deskcal.tui.help import Help, commands_of
from deskcal.tui.leave import Leave
from deskcal.tui.link import Dial, NoClinic
from deskcal.tui.terminal import is_hung_up, on_signals
from deskcal.tui.themes import DARK, THEMES, variables

USAGE, NOT_ALLOWED = 2, 5
LAST_WORD = 0.3


def now_utc() -> datetime:
    return datetime.now(UTC)


class DeskApp(TypeAhead[None]):
    """`dial` reaches the server, after the first paint; `debounce` is in seconds."""

    TITLE = "deskcal"
    CSS_PATH = "desk.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*EVERYWHERE]
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
    ) -> None:
        super().__init__()
        self.desk = Desk(dial, name=desk_name, now=now, debounce=debounce)
        self._day = DayScreen(self.desk)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "deskcal-dark"
        self.animation_level = "none"

    def get_default_screen(self) -> Screen[None]:
        return self._day

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(DARK)

    def on_mount(self) -> None:
        self.call_after_refresh(self._listen)
        self.set_interval(1, self.tick)
        if not self.is_headless:
            on_signals(self._leave_now)

    def tick(self) -> None:
        """Let a second pass, for whatever counts."""
        self._day.tick()
        if not self.is_headless and is_hung_up():
            self._leave_now()

    def _listen(self) -> None:
        self.run_worker(self._follow(), group="feed", exclusive=True)

    async def _follow(self) -> None:
        try:
            await self.desk.listen(self._told)
        except NoClinic as error:
            self.exit(return_code=USAGE, message=str(error))
        except (Refused, Rejected) as error:
            self.exit(return_code=NOT_ALLOWED, message=str(error))

    def _told(self, told: Told) -> None:
        self._day.told(told)

    def on_day_screen_redial(self) -> None:
        self._listen()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        for active in commands_of(screen):
            keys = active.binding.key_display or active.binding.key
            yield SystemCommand(
                active.binding.description, f"key {keys}", lambda active=active: self._run(active)
            )
        for number, name in enumerate(self._day.lane_names()):
            yield SystemCommand(
                name, "go to this provider", lambda number=number: self._day.go_to_lane(number)
            )
        yield SystemCommand("Theme", "dark, light or high contrast", self.action_change_theme)

    async def action_help(self) -> None:
        if not isinstance(self.screen, Help):
            await self.push_screen(Help(self.screen), self._run)

    async def _run(self, active: ActiveBinding | None) -> None:
        if active is not None:
            await self.run_action(active.binding.action, active.node)

    async def action_back(self) -> None:
        await self.action_leave_desk()

    async def action_leave_desk(self) -> None:
        """Quit; asks only while a hold exists."""
        if hold := self._day.hold:
            slot = hold.slot
            what = f"{self.desk.local(slot.start):%a %d %b %H:%M} {slot.provider_name}"
            await self.push_screen(Leave(what), self._agreed)
        else:
            await self._end()

    async def _agreed(self, agreed: bool | None) -> None:
        if agreed:
            await self._end()

    def _leave_now(self) -> None:
        self.run_worker(self._end(), group="end")

    async def _end(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._day.release_all(), LAST_WORD)
        self.exit()

    async def on_unmount(self) -> None:
        await self.desk.close()
