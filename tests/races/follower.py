"""A screen that follows the live feed, and what it has seen of slots."""

import asyncio
import math

from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Resync
from deskcal.wire.realtime import Event
from house import House


class Follower:
    """Follows a clinic at one server after another; `seqs` are the entries that it was told of, in order."""

    def __init__(self, house: House, since: int) -> None:
        self.house = house
        self.seqs: list[int] = []
        self.resyncs = 0
        self.end: float = math.inf
        self._seq = since
        self._watching: asyncio.Task[None] | None = None

    async def watch(self, url: str) -> None:
        """Leave the server that was watched, in the middle of whatever it says, and go on at this one."""
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        self._watching = asyncio.create_task(self._watch(url))

    async def finish(self, end: int) -> None:
        """Return once something after `end` was told; raises what went wrong meanwhile."""
        self.end = end
        assert self._watching is not None
        await asyncio.wait_for(self._watching, 60)

    async def _watch(self, url: str) -> None:
        token, channel = self.house.headers()["Authorization"].split()[1], f"clinic:{self.house.clinic.id}"
        async for told in follow(url, token, [channel], since=self._seq):
            if isinstance(told, Resync):
                await self._read_up_to(url, token, told.seq)
            elif isinstance(told, Event):
                self._seq = told.seq
                if told.type == "timeslot.updated":
                    self.seqs.append(told.seq)
            if self._seq > self.end:
                return

    async def _read_up_to(self, url: str, token: str, seq: int) -> None:
        self.resyncs += 1
        async with Client(url, token) as client:
            while self._seq < seq:
                for entry in await client.log(since=self._seq):
                    if entry.seq <= seq and entry.aggregate_type in {"hold", "appointment"}:
                        self.seqs.append(entry.seq)
                    self._seq = min(entry.seq, seq)
