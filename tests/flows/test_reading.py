"""Readers of the log: nothing left out, out of order or twice, and nothing holds up the rest."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat as uuid

from deskcal.core.access import SYSTEM
from deskcal.core.outside import OutsideFailed
from deskcal.flows.asking import Asking
from deskcal.flows.reading import MOST_ATTEMPTS, Effect, Reader, catch_up, wait_after
from deskcal.store import log
from deskcal.store.database import Database, WriteTx
from deskcal.store.log import Entry
from house import House, build_house

NOW = datetime.now(UTC)


async def nothing(_entry: Entry) -> None:
    """Go well."""


@dataclass(kw_only=True)
class Diary:
    """A reader that tells of each location with an event of its own. What it does before may go wrong."""

    before: Callable[[Entry], Awaitable[None]] = nothing
    within: Callable[[Entry], Awaitable[None]] = nothing
    handled: list[UUID] = field(default_factory=list)

    @property
    def reader(self) -> Reader:
        types = frozenset({"location.added"})
        return Reader(name="diary", event_types=types, handle=self._handle, give_up=self._give_up)

    async def _handle(self, _clinic_id: UUID, entry: Entry, now: datetime) -> Effect:
        self.handled.append(entry.aggregate_id)
        await self.before(entry)

        async def write(tx: WriteTx) -> None:
            tx.say(asking_in(tx.clinic_id, now).event("diary.written", entry.aggregate_id))
            await self.within(entry)

        return write

    async def _give_up(self, tx: WriteTx, entry: Entry, now: datetime) -> None:
        tx.say(asking_in(tx.clinic_id, now).event("diary.given_up", entry.aggregate_id))


def asking_in(clinic_id: UUID, now: datetime = NOW) -> Asking[Any]:
    return Asking(actor=replace(SYSTEM, clinic_id=clinic_id), now=now)


async def happen(database: Database, house: House, times: int) -> list[UUID]:
    """Let something happen that the diary is about."""
    ids = [uuid.uuid7() for _ in range(times)]
    for id_ in ids:

        async def tell(tx: WriteTx, id_: UUID = id_) -> None:
            tx.say(asking_in(tx.clinic_id).event("location.added", id_))

        await database.write(house.clinic.id, tell)
    return ids


async def told(database: Database, house: House, event_type: str = "diary.written") -> list[UUID]:
    async with database.read(house.clinic.id) as tx:
        entries = await log.filtered(tx, since=0, limit=200, aggregate_id=None, event_type=event_type)
    return [entry.aggregate_id for entry in entries]


async def parked(database: Database, house: House) -> list[tuple[Any, ...]]:
    async with database.read(house.clinic.id) as tx:
        return await tx.rows(
            "select aggregate_id, attempts, error, next_try_at from parked_events"
            " where clinic_id = %(clinic_id)s order by seq"
        )


async def test_each_event_is_read_once_and_in_order(database: Database, house: House) -> None:
    """From the beginning of the log on, of every clinic; what came meanwhile is read the next time."""
    diary = Diary()
    first = await happen(database, house, 3)
    assert await catch_up(database, diary.reader, NOW) is None
    assert await told(database, house) == first
    other = await build_house(database, name="Hilltop")
    second, elsewhere = await happen(database, house, 1), await happen(database, other, 1)
    for _ in range(2):
        await catch_up(database, diary.reader, NOW)
    assert await told(database, house) == first + second
    assert await told(database, other) == elsewhere
    assert sorted(diary.handled) == sorted(first + second + elsewhere)


async def test_a_failing_event_holds_up_no_other(database: Database, house: House) -> None:
    """It is tried again when it is due, not before, and the events after it are read at once."""
    bad, good = await happen(database, house, 2)

    async def fail(entry: Entry) -> None:
        if entry.aggregate_id == bad:
            raise OutsideFailed("The paper is out")

    due = await catch_up(database, Diary(before=fail).reader, NOW)
    assert due == NOW + wait_after(1)
    assert await told(database, house) == [good]
    assert await parked(database, house) == [(bad, 1, "OutsideFailed: The paper is out", due)]
    well = Diary()
    await catch_up(database, well.reader, due - timedelta(seconds=1))
    assert well.handled == []
    assert await catch_up(database, well.reader, due) is None
    assert await told(database, house) == [good, bad]
    assert await parked(database, house) == []


async def test_an_event_that_keeps_failing_is_parked_for_ops(database: Database, house: House) -> None:
    """Waits double up to an hour; after the last attempt it stays with its error, and the reader is told."""
    [bad] = await happen(database, house, 1)

    async def fail(_entry: Entry) -> None:
        raise ValueError("Maria Lopez is not a number")

    diary, moments = Diary(before=fail), [NOW]
    while due := await catch_up(database, diary.reader, moments[-1]):
        moments.append(due)
    assert len(diary.handled) == len(moments) == MOST_ATTEMPTS
    waits = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == waits[-1] == 3600
    assert await parked(database, house) == [(bad, MOST_ATTEMPTS, "ValueError", None)]
    assert await told(database, house, "diary.given_up") == [bad]
    await catch_up(database, diary.reader, moments[-1] + timedelta(days=1))
    assert len(diary.handled) == MOST_ATTEMPTS


async def test_the_effect_goes_with_the_position(database: Database, house: House) -> None:
    """A reader that dies before its commit has done nothing; the next one does it, and does it once."""
    ids = await happen(database, house, 2)
    dying = asyncio.Event()

    async def hang(entry: Entry) -> None:
        if entry.aggregate_id == ids[1]:
            dying.set()
            await asyncio.Event().wait()

    killed = asyncio.create_task(catch_up(database, Diary(within=hang).reader, NOW))
    await dying.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    assert await told(database, house) == ids[:1]
    survivor = Diary()
    await catch_up(database, survivor.reader, NOW)
    assert await told(database, house) == ids
    assert survivor.handled == ids[1:]


async def test_a_failing_effect_is_undone(database: Database, house: House) -> None:
    """What an effect wrote before it failed is not there, and the event waits for its next attempt."""
    [bad] = await happen(database, house, 1)

    async def fail(_entry: Entry) -> None:
        raise KeyError(bad)

    await catch_up(database, Diary(within=fail).reader, NOW)
    assert await told(database, house) == []
    assert [row[:3] for row in await parked(database, house)] == [(bad, 1, "KeyError")]


async def test_of_two_that_read_the_same_one_writes(database: Database, house: House) -> None:
    """Even if two processes believe to have the duty, an event has one effect, also when tried again."""
    ids = await happen(database, house, 2)

    async def fail(_entry: Entry) -> None:
        raise OutsideFailed("The paper is out")

    for before, now in ((fail, NOW), (nothing, NOW + wait_after(1))):
        both = asyncio.Barrier(2)

        async def together(
            entry: Entry, both: asyncio.Barrier = both, before: Callable[[Entry], Awaitable[None]] = before
        ) -> None:
            if entry.aggregate_id == ids[0]:
                await both.wait()
            await before(entry)

        pair = [Diary(before=together) for _ in range(2)]
        await asyncio.gather(*(catch_up(database, diary.reader, now) for diary in pair))
        assert all(diary.handled[0] == ids[0] for diary in pair)
        assert len(await parked(database, house)) == (2 if before is fail else 0)
    assert sorted(await told(database, house)) == sorted(ids)
