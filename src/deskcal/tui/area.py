"""One area of the desk: who, where and when above it, the last message and the keys below."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Protocol, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.events import Focus, Resize, ScreenResume
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from deskcal.client.errors import ClientError, Unreachable
from deskcal.client.told import Told
from deskcal.tui.commands.anywhere import AREA
from deskcal.tui.desk import Desk
from deskcal.tui.footer import Keys
from deskcal.tui.lines import areas_line, away_line, head_line, message_line
from deskcal.tui.memory.drafts import Draft
from deskcal.tui.sparing import SparingCompositor
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import Timeslot

AREAS: Mapping[str, str] = {
    "today": "Today",
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "appointments": "Appts",
    "patients": "Patients",
    "queue": "Queue",
}
"""Every area and how its name reads; day, week and month are one screen."""


async def in_order() -> None:
    """Let the widgets that changed say so first: each in a task of its own, in so many turns of the loop."""
    for _ in range(3):
        await asyncio.sleep(0)


class Ways(Protocol):
    """Where one area leads to others. The application is the only one."""

    async def action_area(self, name: str) -> None:
        """Bring an area to the front."""
        ...

    async def show_day(self, day: date) -> None:
        """Show a date in the calendar."""
        ...

    async def take(self, slot: Timeslot) -> None:
        """Hold a slot for the errand, in the day view."""
        ...

    async def move(self, appointment: Appointment) -> None:
        """Look for another time for an appointment, in the day view. Its own time is kept meanwhile."""
        ...

    def redial(self) -> None:
        """Try now to reach the server."""
        ...

    async def take_up(self, draft: Draft) -> None:
        """Hold the time of a draft again, in the day view."""
        ...

    def send_queue(self) -> None:
        """Send what waits for the server, unless that goes on already."""
        ...


class Area(Screen[None]):
    """A subclass composes what lies between the lines, and writes the three that speak of it."""

    BINDINGS: ClassVar[list[BindingType]] = [*AREA]
    AREA: ClassVar[str]
    focused = Reactive[Widget | None](None, repaint=False)
    """Textual would draw the whole screen for each focus; what has it draws itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._drawn: dict[str, Content] = {}
        self._lines_due = False
        self._compositor = SparingCompositor()

    @property
    def area(self) -> str:
        """Which of AREAS is shown."""
        return self.AREA

    @property
    def is_mounted(self) -> bool:
        """Whether there is something to draw on: answers still come while the desk is taken down."""
        return super().is_mounted and self.is_attached

    @property
    def ways(self) -> Ways:
        return cast("Ways", self.app)

    def compose(self) -> ComposeResult:
        self._fit(self.app.size, update=False)
        yield Static(markup=False, id="head")
        yield Static(markup=False, id="areas")
        yield Static(markup=False, id="period")
        with Container(id="main"):
            yield from self.body()
        yield Static(markup=False, id="detail")
        yield Static(markup=False, id="legend")
        yield Static(markup=False, id="message")
        yield Keys()
        yield Static(markup=False, id="too-small")

    def _fit(self, size: Size, *, update: bool) -> None:
        """Be called wide and tall before anything is laid out: Textual would do all that twice."""
        wide, tall = self.app.HORIZONTAL_BREAKPOINTS or [], self.app.VERTICAL_BREAKPOINTS or []
        fits = {name: False for _, name in (*wide, *tall)}
        for measure, points in ((size.width, wide), (size.height, tall)):
            fits[max(point for point in points if point[0] <= measure)[1]] = True
        self.update_classes(fits, update=update, animate=False)

    def body(self) -> ComposeResult:
        """Compose what the area is for."""
        yield from ()

    def lines(self) -> Mapping[str, Content]:
        """Write `period`, `detail` and `legend`, as far as the area has them."""
        return {}

    def told(self, told: Told) -> None:
        """Take news from the feed; it comes to areas that are not in front, too."""

    def load(self) -> None:
        """Fetch anew what is shown."""

    def hide_names(self) -> None:
        """Draw anew after `desk.private` changed."""
        self.draw_lines()

    def tick(self) -> None:
        """Let a second pass."""
        self.draw_lines()

    def on_mount(self) -> None:
        self.draw_lines()

    def on_screen_resume(self, event: ScreenResume) -> None:
        # Nothing here looks different for having been away; other colours come by `refresh_css`.
        event.refresh_styles = False
        self.draw_lines()
        if self.focused:
            # What lay on top had the terminal's cursor, and the focus here never went.
            self.focused.post_message(Focus())

    def on_resize(self, event: Resize) -> None:
        width, height = event.size
        self._fit(event.size, update=True)
        words = f"deskcal needs 80x24, this is {width}x{height}; the command line still works"
        self.query_one("#too-small", Static).update(words, layout=False)
        self.draw_lines()
        self.draw_lines_soon()

    def draw_lines(self) -> None:
        """Write the lines around, each only when it reads differently."""
        if not self.is_mounted:
            return
        width = self.app.size.width
        around = {
            "head": head_line(self.desk, width),
            "areas": areas_line(tuple(AREAS.items()), self.area, width),
            "message": message_line(self.desk),
            **self.lines(),
        }
        if self.desk.connection.is_offline:
            around["legend"] = away_line(self.desk, width)
        for name, line in around.items():
            drawn = self._drawn.get(name)
            if drawn is not line and drawn != line:
                self._drawn[name] = line
                for shown in self.query(f"#{name}").results(Static):  # gone while the desk is taken down
                    shown.update(line, layout=False)

    def draw_lines_soon(self) -> None:
        """Write them when what is drawn already has come to the screen: once for all until then."""
        if not self._lines_due:
            self._lines_due = self.call_later(self._draw_lines_behind)

    async def _draw_lines_behind(self) -> None:
        await in_order()
        self.call_after_refresh(self._draw_due_lines)

    def _draw_due_lines(self) -> None:
        self._lines_due = False
        self.draw_lines()

    def say(self, words: str, *, alarm: bool = False) -> None:
        """Leave words on the message line until the next."""
        self.desk.say(words, alarm=alarm)
        self.draw_lines()

    def explain(self, error: ClientError) -> None:
        """Say why a question has no answer."""
        silent = isinstance(error, Unreachable)
        self.say("The server does not answer. R tries now." if silent else str(error), alarm=True)

    def action_reload(self) -> None:
        if self.desk.connection.is_offline:
            self.ways.redial()
        else:
            self.load()
