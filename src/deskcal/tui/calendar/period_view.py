"""A view of a month or a week: its store, its grid, and how they follow the errand and the feed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from textual.content import Content
from textual.timer import Timer

from deskcal.tui.calendar.closures import Closures
from deskcal.tui.calendar.day_lines import errand_words
from deskcal.tui.calendar.period_store import PeriodStore
from deskcal.tui.calendar.seven_days import SevenDays
from deskcal.tui.calendar.view import Host
from deskcal.tui.lines import WIDE, spread, stale_words
from deskcal.tui.names import surname
from deskcal.wire.aggregates import CalendarMonth, Week
from deskcal.wire.realtime import Event

CATCH_UP_EVERY = 0.5
PeriodT = TypeVar("PeriodT", bound=CalendarMonth | Week)
NewsT = TypeVar("NewsT")
ModelT = TypeVar("ModelT")


class PeriodView(Generic[PeriodT, NewsT, ModelT]):
    """Implements View and Keeper. Dates can be walked before, and without, any answer about them."""

    name: str

    def __init__(self, host: Host, store: PeriodStore[PeriodT, NewsT], grid: SevenDays[ModelT]) -> None:
        self.grid = grid
        self.store = store
        self._host = host
        self._desk = host.desk
        self._closures = Closures(host.desk)
        self._catching_up: Timer | None = None

    def model(self, first: date) -> ModelT:
        """Lay out the period that begins on `first`, as far as it is known."""
        raise NotImplementedError

    def title(self, first: date, *, wide: bool) -> str:
        """Write which period it is."""
        raise NotImplementedError

    def called(self, first: date) -> str:
        """Say the period in a sentence."""
        raise NotImplementedError

    def anything_free(self, fetched: PeriodT) -> bool:
        raise NotImplementedError

    def turns(self, first: date) -> str:
        """Write the keys that turn to other periods."""
        raise NotImplementedError

    def detail(self, width: int) -> Sequence[str]:
        """Say what is under the cursor."""
        raise NotImplementedError

    def legend(self, width: int) -> str:
        raise NotImplementedError

    def stepped(self, way: int) -> date:
        raise NotImplementedError

    async def open(self) -> None:
        raise NotImplementedError

    @property
    def day(self) -> date | None:
        return self.grid.day if self.store.first else None

    @property
    def is_known(self) -> bool:
        return self.store.fetched is not None

    @property
    def under_cursor(self) -> UUID | None:
        return None

    def turn(self, day: date, at: datetime | None = None) -> None:  # noqa: ARG002  a week takes it
        before = self.store.first
        self.store.turn(day, self._desk.errand.filter)
        if self.store.first == before:
            self.grid.move_to(day)
        else:
            self.grid.day = day

    async def load(self) -> None:
        await self.store.load()
        self._fetched()

    async def fetch_neighbours(self) -> None:
        await self.store.fetch_neighbours()
        await self._closures.load()
        self._fetched()

    def told(self, event: Event) -> None:
        self.store.tell(event)
        if event.type == "availability.invalidated":
            self._closures.expire()
        self._catch_up()

    def draw(self) -> None:
        if self.store.first is not None:
            self.grid.show(self.model(self.store.first))

    def tick(self) -> None:
        self.draw()

    def hide_names(self) -> None:
        """Leave it as it is: no patient is named here."""

    def words_instead(self, words: str) -> None:
        """Leave the dates there to be walked; the line below them says why nothing is known."""

    def lines(self, width: int) -> Mapping[str, Content]:
        first = self.store.first
        if first is None:
            return {}
        wide, fetched = width >= WIDE, self.store.fetched
        details = self.detail(width) if fetched else [self._desk.connection.why or "Loading ..."]
        if fetched and not self.anything_free(fetched) and self.store.beside(first, 1) > self._desk.today:
            details = self._none_free(first, details, width)
        return {
            "period": self._period(first, width, wide=wide),
            "detail": Content("\n".join(line[:width] for line in details)),
            "legend": Content(self.legend(width)),
        }

    async def go(self, day: date) -> None:
        if self.store.first_of(day) == self.store.first:
            self.grid.move_to(day)
            self.moved()
        else:
            await self._host.show(self.name, day)

    async def step(self, way: int) -> None:
        await self.go(self.stepped(way))

    def moved(self) -> None:
        self._host.draw_lines_soon()

    def free_names(self, provider_ids: Sequence[UUID], room: int) -> str:
        """List who is free by surname, in `room` columns; the rest as a number."""
        names = [surname(self._desk.providers[id_]) for id_ in provider_ids if id_ in self._desk.providers]
        listed = ", ".join(names)
        while len(listed) > room and names:
            names.pop()
            listed = ", ".join([*names, f"+{len(provider_ids) - len(names)}"])
        return listed

    def _none_free(self, first: date, details: Sequence[str], width: int) -> Sequence[str]:
        """Add that nothing is free in the period: on the first line if it fits there, else as the first."""
        narrowed = self._desk.narrowed
        whom, clear = (f" for {narrowed}", ", F clears filters") if narrowed else ("", "")
        words = f"No free slots{whom} in {self.called(first)}. n next available{clear}."
        joined = "   ".join([*details[:1], words])
        return [joined, *details[1:]] if len(joined) <= width else [words, *details]

    def _fetched(self) -> None:
        self.draw()
        self._host.draw_lines_soon()

    def _period(self, first: date, width: int, *, wide: bool) -> Content:
        desk, fetched = self._desk, self.store.fetched
        waiting = self.store.loading or self.store.behind
        left = Content.assemble((self.title(first, wide=wide), "bold"), " ..." if waiting else "", "   ")
        remembered = self.store.remembered
        if fetched and (remembered or desk.connection.is_offline or desk.is_slow):
            stale = stale_words(desk, fetched.fetched_at, wide=wide, remembered=remembered)
            left += Content.styled(stale, "bold $warning")
        elif not desk.errand.filter:
            left += Content("all providers, all services" if wide else "")
        if patient := desk.errand.patient:
            whom = errand_words(desk, patient, wide=wide)
            return spread(left, Content.styled(whom, "bold $accent"), width)
        return spread(left, Content(self.turns(first)), width)

    def _catch_up(self) -> None:
        """Fetch again soon, however much is told until then."""
        if self.store.behind and self.grid.display and self._catching_up is None:
            self._catching_up = self.grid.set_timer(CATCH_UP_EVERY, self._caught_up)

    def _caught_up(self) -> None:
        self._catching_up = None
        if self.store.loading:
            self._catch_up()
        elif self.store.behind and self.grid.display:
            self._host.load()
