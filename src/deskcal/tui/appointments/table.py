"""A list of appointments on screen: it fetches by itself, and marks what changed a moment ago."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from textual import work
from textual.message import Message

from deskcal.client.errors import ClientError
from deskcal.tui.appointments.lists import Listing, Which
from deskcal.tui.appointments.narrowing import Narrowed
from deskcal.tui.appointments.rows import SORTS, columns_for, row_of
from deskcal.tui.desk import Desk
from deskcal.tui.table import Table
from deskcal.wire.booking import Appointment

FRESH = timedelta(seconds=3)
NEAR_THE_END = 20
MOST_UNASKED = 1000
"""How many are loaded without a key while a name is looked for among them."""

NOTHING = {
    Which.UPCOMING: "Nothing is booked ahead. F3 shows the day, n what is free next.",
    Which.HISTORY: "Nothing has taken place yet. tab goes on to the next list.",
    Which.MINE: "Nothing ahead is yours. tab goes on to the next list.",
}


class AppointmentsTable(Table):
    """Whoever shows it says what to narrow by, and passes on news and the time."""

    @dataclass
    class Failed(Message):
        """The server did not answer, or not as wished."""

        error: ClientError

    def __init__(self, desk: Desk, which: Which) -> None:
        super().__init__(id=which)
        self.listing = Listing(desk, which)
        self.sort = next(iter(SORTS))
        self._desk = desk
        self._fresh: dict[UUID, datetime] = {}
        self._drawn_at: datetime | None = None

    @property
    def appointment(self) -> Appointment | None:
        """The one under the cursor."""
        return self.listing.find(self.key) if isinstance(self.key, UUID) else None

    @work(group="list", exclusive=True)
    async def load(self, narrowed: Narrowed) -> None:
        """List anew; what was there stays until the answer comes."""
        await self._loaded(self.listing.load(narrowed))

    def take(self, news: Appointment) -> None:
        """Put in what became of an appointment, and mark it."""
        if self.listing.is_known and self.listing.take(news):
            self._fresh[news.id] = self._desk.now() + FRESH
            self.draw()

    def sort_on(self) -> None:
        """Sort by the next thing there is to sort by."""
        names = list(SORTS)
        self.sort = names[(names.index(self.sort) + 1) % len(names)]
        self.draw()

    def tick(self) -> None:
        """Let a second pass: marks go, and who is late is later each minute."""
        now, drawn = self._desk.now(), self._drawn_at
        gone = [key for key, until in self._fresh.items() if until <= now]
        for key in gone:
            del self._fresh[key]
        if gone or (drawn is not None and now.replace(second=0) != drawn.replace(second=0)):
            self.draw()

    def draw(self) -> None:
        if not self.listing.is_known:
            self.show((), (), empty="Loading ...")
            return
        now, width, key = self._desk.now(), self.screen.size.width, SORTS[self.sort]
        found = list(self.listing)
        if key is not None:
            found.sort(key=key)
        pending = frozenset(self._desk.changes.pending)
        rows = [row_of(one, self._desk, now, pending, width) for one in found]
        empty = NOTHING[self.listing.which] if not len(self.listing) else "Nothing here fits. esc shows all."
        self._drawn_at = now
        self.show(columns_for(width, self.sort), rows, changed=frozenset(self._fresh), empty=empty)

    def on_table_moved(self) -> None:
        looking = bool(self.listing.narrowed.words) and len(self.listing) >= MOST_UNASKED
        if self.listing.more and not looking and self.at >= len(self.rows) - NEAR_THE_END:
            self._load_more()

    @work(group="more")
    async def _load_more(self) -> None:
        await self._loaded(self.listing.load_more())

    async def _loaded(self, loading: Awaitable[None]) -> None:
        try:
            await loading
        except ClientError as error:
            self.post_message(self.Failed(error))
        else:
            self.draw()
