"""The line to a played clinic: what was called, whether anybody answers, and the live feed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from deskcal.client.errors import Unreachable
from deskcal.client.told import Live, Lost, Told
from deskcal.wire.realtime import Event, Metadata
from tui.played_book import Busy, PlayedBook, number

WAITING = frozenset({"reserve", "confirm", "calendar_day", "change", "cancellation"})


@dataclass(kw_only=True)
class PlayedLine(PlayedBook):
    """`offline` makes every call Unreachable; `slow` makes some wait for it to be set."""

    calls: list[str] = field(default_factory=list)
    offline: bool = False
    slow: asyncio.Event | None = None
    _feeds: list[asyncio.Queue[Told]] = field(default_factory=list)

    async def follow(self, since: int | None) -> AsyncIterator[Told]:  # noqa: ARG002  from now on
        feed: asyncio.Queue[Told] = asyncio.Queue()
        self._feeds.append(feed)
        yield Lost(why="no answer", retry_in=8) if self.offline else Live(seq=self.seq)
        while True:
            yield await feed.get()

    def say(self, told: Told) -> None:
        for feed in self._feeds:
            feed.put_nowait(told)

    def tell(self, busy: Busy, status: str) -> None:
        """Tell every follower of a change."""
        payload: dict[str, object] = {
            "timeslotId": self._id(busy.provider, busy.service, busy.start),
            "providerId": str(number(1, busy.provider)),
            "serviceId": str(number(2, busy.service)),
            "date": str(busy.start.astimezone(self.zone).date()),
            "start": busy.start.isoformat(),
            "end": busy.end.isoformat(),
            "busyStart": busy.start.isoformat(),
            "busyEnd": busy.end.isoformat(),
            "status": status,
            "heldUntil": busy.until.isoformat() if busy.until else None,
            "heldBy": busy.by,
        }
        self.tell_of("timeslot.updated", payload)

    def tell_of(self, kind: str, payload: dict[str, object]) -> None:
        """Tell every follower of an event."""
        self.seq += 1
        metadata = Metadata(event_id=str(self.seq), timestamp=self.clock.now)
        self.say(Event(type=kind, channel="clinic", seq=self.seq, payload=payload, metadata=metadata))

    def go_offline(self) -> None:
        self.offline = True
        self.say(Lost(why="no answer", retry_in=8))

    def come_back(self) -> None:
        self.offline = False
        self.say(Live(seq=self.seq))

    async def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.slow is not None and name in WAITING:
            await self.slow.wait()
        if self.offline:
            raise Unreachable("http://played", "no answer")
