"""The live feed of one process: follows the logs of clinics that somebody watches."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

import structlog

from deskcal.flows.board import Board
from deskcal.server.events import Message, messages
from deskcal.server.recounts import NOTHING, recounts
from deskcal.store import log
from deskcal.store.database import Database, Unavailable

RING = 2000
MOST_BEHIND = 5000
PAGE = 500
RETRY_SECONDS = 0.5

logger = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A log entry as its messages; entries that concern no channel have none."""

    seq: int
    messages: Sequence[Message]


@dataclass(slots=True)
class _Follower:
    """One clinic's newest entries; `grown` is set and replaced when there are more."""

    seq: int
    ring: deque[Told] = field(default_factory=lambda: deque(maxlen=RING))
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    rung: asyncio.Event = field(default_factory=asyncio.Event)
    watchers: int = 0
    task: asyncio.Task[None] | None = None


class Feed:
    """Each watcher has a cursor and asks what came after it: nothing is missed or doubled."""

    def __init__(self, database: Database, board: Board) -> None:
        self.database = database
        self.board = board
        self._followers: dict[UUID, _Follower] = {}

    def ring(self, clinic_id: UUID) -> None:
        """Say that a clinic's log may have grown."""
        follower = self._followers.get(clinic_id)
        if follower:
            follower.rung.set()

    def ring_all(self) -> None:
        """Say that any log may have grown: the bell was away."""
        for follower in self._followers.values():
            follower.rung.set()

    @asynccontextmanager
    async def watch(self, clinic_id: UUID) -> AsyncIterator[int]:
        """Follow a clinic while inside; gives the newest seq, from which on everything is told.

        That may be ahead of what this process has heard: another one can have told it already.
        """
        async with self.database.read(clinic_id) as tx:
            newest = await log.latest(tx)
        follower = self._followers.setdefault(clinic_id, _Follower(newest))
        follower.watchers += 1
        if follower.task is None:
            follower.task = asyncio.create_task(self._follow(clinic_id, follower))
        follower.rung.set()
        try:
            yield max(newest, follower.seq)
        finally:
            follower.watchers -= 1
            if not follower.watchers and follower.task:
                follower.task.cancel()
                self._followers.pop(clinic_id, None)

    async def after(self, clinic_id: UUID, seq: int) -> list[Told] | None:
        """Wait until there is something after a seq, and give it in order; None when there is too much."""
        follower = self._followers[clinic_id]
        while follower.seq <= seq:
            await follower.grown.wait()
        if follower.seq - seq > MOST_BEHIND:
            return None
        if follower.ring and follower.ring[0].seq <= seq + 1:
            return list(islice(follower.ring, seq + 1 - follower.ring[0].seq, None))
        async with self.database.read(clinic_id) as tx:
            entries = await log.since(tx, seq, limit=PAGE)
            if not log.is_whole(entries, seq):
                return None
            return [Told(seq=entry.seq, messages=await messages(self.board, tx, entry)) for entry in entries]

    def newest(self, clinic_id: UUID) -> int:
        """Give the seq up to which the clinic is followed."""
        return self._followers[clinic_id].seq

    async def _follow(self, clinic_id: UUID, follower: _Follower) -> None:
        while True:
            await follower.rung.wait()
            follower.rung.clear()
            try:
                await self._read_on(clinic_id, follower)
            except Unavailable:
                follower.rung.set()
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:
                logger.error("feed_failed", exc_info=error)  # noqa: TRY400  as everywhere: where, not what
                follower.rung.set()
                await asyncio.sleep(RETRY_SECONDS)

    async def _read_on(self, clinic_id: UUID, follower: _Follower) -> None:
        more = True
        while more:
            async with self.database.read(clinic_id) as tx:
                entries = await log.since(tx, follower.seq, limit=PAGE)
                recounted = await recounts(self.board, tx, entries)
                for entry in entries:
                    told = await messages(self.board, tx, entry, recounted.get(entry.seq, NOTHING))
                    follower.ring.append(Told(seq=entry.seq, messages=told))
                    follower.seq = entry.seq
                    follower.grown.set()
                    follower.grown = asyncio.Event()
            more = len(entries) == PAGE
