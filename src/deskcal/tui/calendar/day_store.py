"""The day on screen as the server knows it: fetched once, then kept true by the feed."""

import asyncio
from collections.abc import Callable
from dataclasses import astuple
from datetime import date
from uuid import UUID

import msgspec

from deskcal.tui.calendar.day import SlotNews, keeping, with_lanes, with_news, with_status
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.wire.calendar import CalendarDay
from deskcal.wire.realtime import Event

PAUSE, LONGEST_PAUSE, TRIES = 0.03, 2.0, 20
REMEMBERED = 40
KIND = "day"
Known = Callable[[tuple[date, Filter]], CalendarDay | None]


class DayStore:
    """Holds one day under one filter. `changed` is called whenever it reads differently.

    `remembered` tells that the day is from an earlier time at this desk: no news has kept it true.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.day: date | None = None
        self.filter = Filter()
        self.fetched: CalendarDay | None = None
        self.remembered = False
        self.loading = 0
        self._desk = desk
        self._changed = changed
        self._seen: dict[tuple[date, Filter], CalendarDay] = {}
        self._told: dict[UUID, int] = {}
        self._stale: set[UUID] = set()
        self._renewing = False

    def turn(self, day: date, chosen: Filter) -> None:
        """Turn to a day; what was seen of it before is shown until `load` brings it anew."""
        self.day, self.filter = day, chosen
        offline = self._desk.connection.is_offline
        seen = self._seen.get((day, chosen)) or (
            self._part_of(self._seen.get, day, chosen) if offline else None
        )
        self.fetched = seen or self._recalled((day, chosen))
        if self.fetched is None and offline:
            self.fetched = self._part_of(self._recalled, day, chosen)
        self.remembered = seen is None and self.fetched is not None
        self._changed()

    async def load(self) -> None:
        """Fetch the day. Raises ClientError."""
        if self.day is None:
            return
        wanted = (self.day, self.filter)
        self.loading += 1
        try:
            fetched = await self._fetch(*wanted)
        finally:
            self.loading -= 1
        if known := self._seen.get(wanted):
            fetched = keeping(known, fetched)
        self._remember(wanted, fetched)
        if wanted != (self.day, self.filter):
            return
        self.fetched, self.remembered = fetched, False
        self._desk.memory.set(KIND, fetched.date.isoformat())
        self._changed()
        if [key for key, seq in self._told.items() if seq > fetched.seq and self.stale(key)]:
            await self.renew()

    def seen(self, day: date) -> CalendarDay | None:
        """Give a day as it is in memory under the same filter."""
        return self._seen.get((day, self.filter))

    @property
    def last_seen(self) -> date | None:
        """The day that this desk showed last, when the server was there."""
        day = self._desk.memory.setting(KIND)
        return date.fromisoformat(day) if day else None

    async def fetch_beside(self, day: date) -> None:
        """Fetch a day that was not seen yet under the same filter into memory. Raises ClientError."""
        if (day, self.filter) not in self._seen:
            self._remember((day, self.filter), await self._fetch(day, self.filter))

    def stale(self, provider_id: UUID) -> bool:
        """Put a lane on the list of those to fetch again; answers whether somebody has to call `renew`."""
        self._stale.add(provider_id)
        nobody, self._renewing = not self._renewing, True
        return nobody

    async def renew(self) -> None:
        """Fetch the lanes on the list again until none is left. Raises ClientError.

        It is one question at a time. The pause before each lets what the news say come to the screen first;
        it grows while news keep coming, or answers are from before them.
        """
        asked = missed = 0
        try:
            while self._stale:
                await asyncio.sleep(min(PAUSE * 2**asked, LONGEST_PAUSE))
                lanes, self._stale = self._stale, set()
                seq = await self._renewed(lanes)
                behind = {lane for lane in lanes if seq < self._told.get(lane, 0)}
                asked, missed = asked + 1, missed + 1 if behind else 0
                self._stale |= behind if missed < TRIES else set()
        finally:
            self._renewing = False
            self._stale.clear()

    def put(self, about: UUID, *, status: str, version: int) -> None:
        """Take what has become of an appointment before the lane is fetched again."""
        if self.fetched is not None:
            self.fetched = with_status(self.fetched, about, status=status, version=version)
            self._changed()

    def tell(self, event: Event) -> UUID | None:
        """Draw an event at once; answers whose lane is to be fetched again for the rest."""
        payload = event.payload
        if event.type == "timeslot.updated":
            self._tell_others(msgspec.convert(payload, SlotNews))
        if self.fetched is None or "providerId" not in payload or not self._concerns(payload):
            return None
        provider_id = UUID(str(payload["providerId"]))
        if all(lane.provider.id != provider_id for lane in self.fetched.providers):
            return None
        self._told[provider_id] = max(event.seq, self._told.get(provider_id, 0))
        if event.type == "timeslot.updated":
            self.fetched = with_news(self.fetched, msgspec.convert(payload, SlotNews))
            self._changed()
        return provider_id

    def _tell_others(self, news: SlotNews) -> None:
        for key, seen in self._seen.items():
            if key != (self.day, self.filter) and key[0] == news.date:
                self._seen[key] = with_news(seen, news)

    def _concerns(self, payload: dict[str, object]) -> bool:
        return str(payload.get("date", self.day)) == str(self.day)

    async def _renewed(self, lanes: set[UUID]) -> int:
        day, chosen = self.day, self.filter
        if day is None:
            return 0
        alone = next(iter(lanes)) if len(lanes) == 1 else chosen.provider_id
        fresh = await self._fetch(day, Filter(service_id=chosen.service_id, provider_id=alone))
        if (day, chosen) == (self.day, self.filter) and self.fetched is not None:
            self.fetched = with_lanes(self.fetched, fresh)
            self._remember((day, chosen), self.fetched)
            self._changed()
        return fresh.seq

    def _remember(self, key: tuple[date, Filter], fetched: CalendarDay) -> None:
        self._seen.pop(key, None)
        self._seen[key] = fetched
        self._desk.memory.views.keep(KIND, view_key(*key), fetched, fetched.fetched_at)
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def _recalled(self, key: tuple[date, Filter]) -> CalendarDay | None:
        recalled = self._desk.memory.views.read(KIND, view_key(*key), CalendarDay)
        if recalled:
            self._desk.delays.learn(recalled)
        return recalled

    @staticmethod
    def _part_of(known: Known, day: date, chosen: Filter) -> CalendarDay | None:
        """Narrow what is known of the whole day, as long as the server cannot."""
        whole = None if chosen.mine else known((day, Filter()))
        lanes = [
            lane
            for lane in (whole.providers if whole else ())
            if chosen.service_id in {None, lane.service_id} and chosen.provider_id in {None, lane.provider.id}
        ]
        return msgspec.structs.replace(whole, providers=lanes) if whole and lanes else None

    async def _fetch(self, day: date, chosen: Filter) -> CalendarDay:
        with self._desk.asking() as link:
            fetched = await link.calendar_day(
                day, service_id=chosen.service_id, provider_id=chosen.provider_id
            )
        self._desk.delays.learn(fetched)
        return fetched


def view_key(day: date, chosen: Filter) -> str:
    """Spell what was looked at, as the desk remembers it by."""
    return " ".join(str(part) for part in (day, *astuple(chosen)) if part)
