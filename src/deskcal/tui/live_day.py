"""A screen whose day stays true: it loads, follows the feed, and says how fresh it is."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from msgspec import convert

from deskcal.client.errors import ClientError
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.tui.booking_screen import BookingScreen
from deskcal.tui.day import SlotNews, tally
from deskcal.tui.day_grid import DayGrid
from deskcal.tui.day_store import DayStore
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter, Names, filter_words
from deskcal.tui.hold import Hold, Stage
from deskcal.wire.calendar import CalendarDay, Timeslot
from deskcal.wire.realtime import Event

NOTICED_AFTER = 0.3


class LiveDay(BookingScreen):
    """Owns the store of the day on screen. `told` is where the feed comes in."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.store = DayStore(desk, self.draw)
        self.providers: dict[UUID, str] = {}
        self._was_offline = False

    @property
    def grid(self) -> DayGrid:
        return self.query_one("#grid", DayGrid)

    @property
    def today(self) -> date:
        return self.desk.local(self.desk.now()).date()

    @property
    def services(self) -> Names:
        return {key: service.title for key, service in self.desk.services.items()}

    @property
    def narrowed(self) -> str:
        """The filter in words, empty without one."""
        return filter_words(self.store.filter, self.services, self.providers)

    def told(self, told: Told) -> None:
        """Take news from the feed."""
        match told:
            case Live():
                self._live()
            case Lost():
                self._lost()
            case Resync():
                self.load()
            case _:
                self._event(told)
        self.draw()

    def turn(self, day: date, chosen: Filter) -> None:
        """Turn to another day or filter; the grid keeps its size until the answer is there."""
        self.store.turn(day, chosen)
        if self.store.fetched is None:
            self.grid.clear(f"Loading {day:%a %d %b} ...")
        self.load()

    def load(self) -> None:
        self.run_worker(self._loaded(), group="day", exclusive=True)

    def renew_lane(self, slot: Timeslot) -> None:
        self.run_worker(self._renewed(slot.provider_id), group="lanes")

    def _live(self) -> None:
        if self.store.day is None:
            self.turn(self.today, Filter())
        else:
            self.load()
        if self._was_offline:
            self._was_offline = False
            self.say("Online again. What you see is fresh.")

    def _lost(self) -> None:
        if not self._was_offline:
            self._was_offline = True
            self.say("The server does not answer. Nothing can be held or booked; R tries now.", alarm=True)
        if self.store.fetched is None:
            self.grid.clear(self.desk.connection.why)

    def _event(self, event: Event) -> None:
        provider_id = self.store.tell(event)
        if provider_id is not None:
            self.run_worker(self._renewed(provider_id), group="lanes")
        elif event.type == "availability.invalidated":
            self.load()
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

    async def _renewed(self, provider_id: UUID) -> None:
        with suppress(ClientError):
            await self.store.renew(provider_id)

    async def _loaded(self) -> None:
        self.set_timer(NOTICED_AFTER, self.draw)
        try:
            await self.store.load()
        except ClientError as error:
            self.explain(error)
        else:
            self._say_if_empty()

    def _say_if_empty(self) -> None:
        fetched = self.store.fetched
        if fetched is None:
            return
        if not self.store.filter.provider_id:
            self.providers = {lane.provider.id: lane.provider.name for lane in fetched.providers}
        day = f"{fetched.date:%a %d %b}"
        what = f" for {self.narrowed}" if self.narrowed else ""
        if not fetched.providers:
            self.grid.clear(f"No provider{what}." + (" F clears the filter." if what else ""))
        elif not self.grid.model or not self.grid.model.rows:
            self.grid.clear(f"Nobody works on {day}. ] next day, n next available.")
        elif not _bookable(fetched, self.desk.name) and fetched.date >= self.today:
            self.say(f"No free slots{what} on {day}. n next available, F clear filters.")


def _bookable(fetched: CalendarDay, desk: str) -> bool:
    numbers = tally(fetched, desk)
    return bool(numbers.free or numbers.few)
