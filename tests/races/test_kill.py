"""kill -9, of the server or of PostgreSQL, in the middle of a busy clinic."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from deskcal.store.database import Database
from house import House, build_house
from races.callers import callers
from races.load import Load
from races.serving import Serving, serving
from races.truth import Truth

CLIENTS = 16
BETWEEN_KILLS = 150
SESSIONS = """
select distinct usename::text from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid()
"""


@pytest.fixture
async def server() -> AsyncIterator[Serving]:
    """Run the server on a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="deskcal-kill-"))
    with serving(folder) as found:
        await asyncio.to_thread(found.start)
        yield found
    shutil.rmtree(folder)


async def built(url: str) -> House:
    database = Database(url, connections=2)
    await database.open()
    house = await build_house(database)
    await database.close()
    return house


@pytest.mark.parametrize("rounds", [2, pytest.param(20, marks=pytest.mark.prove)])
async def test_nothing_acknowledged_is_lost(
    rounds: int, server: Serving, record_property: Callable[[str, object], None]
) -> None:
    """What was answered stands, nothing is double, and who asks again gets the first answer."""
    house = await built(server.database_url)
    truth = Truth(server.database_url, house.clinic.id)
    async with callers([server.address.url], house.headers(), CLIENTS) as desks:
        load = Load(desks, house, days=20 * rounds, seed="killed")
        clients = asyncio.gather(*(load.client(number, 100_000) for number in range(CLIENTS)))
        for round_ in range(rounds):
            await load.until(len(load.ledger) + BETWEEN_KILLS)
            if round_ % 2:
                server.kill_postgresql()
            else:
                load.up.clear()
                server.kill()
                await asyncio.to_thread(server.start)
                load.up.set()
        await load.until(len(load.ledger) + BETWEEN_KILLS)
        load.stopped = True
        await clients
        assert truth.rows(SESSIONS) == [("deskcal_app",)]
        assert load.acknowledged() == truth.booked()
        truth.insist()
        for number, (asked, answer) in enumerate(load.ledger):
            if asked.key:
                again = await load.insist(number % CLIENTS, asked)
                assert (again.status, again.text, again.replayed) == (answer.status, answer.text, True)
        truth.insist()
        assert load.acknowledged() == truth.booked()
    record_property("answers", len(load.ledger))
