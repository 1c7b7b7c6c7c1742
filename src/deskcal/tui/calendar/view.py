"""What day, week and month have in common: a grid that draws, a date, and news that keep it true."""

from collections.abc import Coroutine, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from deskcal.tui.booking.hold import Hold
from deskcal.tui.desk import Desk
from deskcal.wire.calendar import Timeslot
from deskcal.wire.realtime import Event


class Host(Protocol):
    """What a view needs of the screen that it stands on."""

    @property
    def desk(self) -> Desk: ...

    @property
    def hold(self) -> Hold | None: ...

    @property
    def size(self) -> Size: ...

    def draw_lines_soon(self) -> None:
        """Write the lines around, behind what is drawn already."""
        ...

    def draw(self) -> None:
        """Draw the view in front."""
        ...

    def draw_soon(self) -> None:
        """Draw once for all that changes in one go."""
        ...

    def say(self, words: str, *, alarm: bool = False) -> None: ...

    def work(self, work: Coroutine[None, None, None], group: str) -> None:
        """Do something that asks the server beside all else; an error of it is explained."""
        ...

    def load(self) -> None:
        """Load what is shown, in a worker that gives way to the next question."""
        ...

    async def show(self, view: str, day: date, at: datetime | None = None) -> None:
        """Go on in another view at a date, with the cursor at an instant of it."""
        ...

    async def choose(self, title: str, slots: Sequence[Timeslot]) -> None:
        """Let one of several slots be taken by its number."""
        ...

    async def take_here(self, slot: Timeslot) -> None:
        """Hold a slot for the errand."""
        ...

    async def open_appointment(self, appointment_id: UUID) -> None: ...

    def focus_panel(self) -> None:
        """Give the keys to the panel of the hold."""
        ...


class View(Protocol):
    """One way to look at the calendar. It asks the server, draws its grid, and knows how far a step goes."""

    name: str

    @property
    def grid(self) -> Widget:
        """What draws it; its id is the name."""
        ...

    def turn(self, day: date, at: datetime | None = None) -> None:
        """Turn to the period around a date under the errand's filter, from memory where it was seen.

        `at` is where the cursor goes, else it stays at its time of day.
        """
        ...

    @property
    def day(self) -> date | None:
        """The date under the cursor, None before the first turn."""
        ...

    @property
    def is_known(self) -> bool:
        """Whether there is something to draw before the server answers."""
        ...

    @property
    def under_cursor(self) -> UUID | None:
        """The appointment under the cursor."""
        ...

    async def load(self) -> None:
        """Fetch what is shown. Raises ClientError."""
        ...

    async def fetch_neighbours(self) -> None:
        """Fetch the period before and after into memory. Raises ClientError."""
        ...

    def told(self, event: Event) -> None:
        """Take an event of the feed; while another view is in front, too."""
        ...

    def draw(self) -> None:
        """Draw what changed."""
        ...

    def tick(self) -> None:
        """Let a second pass."""
        ...

    def words_instead(self, words: str) -> None:
        """Show a sentence in place of the grid while nothing is known."""
        ...

    def hide_names(self) -> None:
        """Draw anew after `desk.private` changed."""
        ...

    def lines(self, width: int) -> Mapping[str, Content]:
        """Write `period`, `detail` and `legend`."""
        ...

    def stepped(self, way: int) -> date:
        """Give the date one period on or back."""
        ...

    def leapt(self, way: int) -> date:
        """Give the date four weeks or a year on or back."""
        ...

    async def open(self) -> None:
        """Do what Enter does: hold, open, or go in."""
        ...
