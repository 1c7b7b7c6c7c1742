"""The log: append-only, gapless, in commit order, one month to a partition."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest

from deskcal.flows import hold
from deskcal.flows.board import Board
from deskcal.store import log
from deskcal.store.database import Database
from house import House


async def place_and_release(database: Database, house: House, hour: int) -> None:
    wish = hold.Wish(
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(hour),
        patient_id=None,
        room_id=None,
        client=None,
    )
    placed = await hold.place(Board(database), house.asking(), wish, seconds=120)
    await hold.release(database, house.asking(), placed.token)


async def test_many_writers_leave_no_gap(database: Database, house: House) -> None:
    """Numbers follow one another, whoever wrote, and a reader never meets a late lower one."""
    seen: list[int] = []

    async def read_on() -> None:
        while len(seen) < 64 + len(before):
            async with database.read(house.clinic.id) as tx:
                seen.extend(entry.seq for entry in await log.since(tx, seen[-1] if seen else 0))

    async with database.read(house.clinic.id) as tx:
        before = await log.since(tx, 0)
    reading = asyncio.create_task(read_on())
    await asyncio.gather(*(place_and_release(database, house, 9 + n % 8) for n in range(8)))
    for _ in range(3):
        await asyncio.gather(*(place_and_release(database, house, 9 + n % 8) for n in range(8)))
    await asyncio.wait_for(reading, 30)
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize(
    "statement",
    ["update log set event_type = 'x'", "delete from log", "truncate log"],
)
async def test_nothing_in_the_log_changes(
    statement: str, database: Database, database_url: str, house: House
) -> None:
    """Not even the owner of the tables rewrites what happened."""
    await place_and_release(database, house, 9)
    async with await psycopg.AsyncConnection.connect(database_url) as owner:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            await owner.execute(statement.encode())


async def test_this_month_has_its_own_partition(database: Database, house: House, database_url: str) -> None:
    """Entries of this month lie in this month's partition, not in the one for what is left over."""
    await place_and_release(database, house, 9)
    async with await psycopg.AsyncConnection.connect(database_url) as owner:
        cursor = await owner.execute("select distinct tableoid::regclass::text from log")
        found = {name for (name,) in await cursor.fetchall()}
    assert found == {f"log_{datetime.now(UTC):%Y_%m}"}
