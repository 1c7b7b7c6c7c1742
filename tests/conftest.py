"""A real PostgreSQL for the session, a fresh database for each test, and a real server on top."""

import asyncio
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import pytest
import uvicorn

from databases import TEMPLATE, copied
from deskcal.server.worker import Plan, make_app
from deskcal.store import embedded, migrate
from deskcal.store.database import Database
from house import House, build_house
from processes import ServerProcess, server_process

# A shell that starts the tests in the background has them ignore Ctrl-C, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
# What the tests start is to be as quick as it is when installed.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
numbers = count(1)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never in the tests themselves: it took a fifth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster() -> Iterator[embedded.Cluster]:
    """Run one PostgreSQL for all tests, with one migrated template database."""
    place = Path(tempfile.mkdtemp(prefix="deskcal-tests-"))
    found = embedded.prepare(place / "postgres")
    found.start()
    migrate.create_database(found.url(), TEMPLATE)
    migrate.upgrade(found.url(database=TEMPLATE))
    yield found
    found.stop()
    shutil.rmtree(place)


@pytest.fixture
def database_url(cluster: embedded.Cluster) -> Iterator[str]:
    """Give the URL of a database of this test's own."""
    with copied(cluster, f"test_{next(numbers)}") as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url, connections=20)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def house(database: Database) -> House:
    """Give a small clinic with everything in it."""
    return await build_house(database)


@pytest.fixture
def plan(database_url: str) -> Plan:
    return Plan(
        database_url=database_url,
        secret_key="a key that only the tests know, long enough",  # noqa: S106
        connections=10,
        hold_seconds=120,
        offer_seconds=1800,
        plan_seconds=1800,
        access_token_seconds=900,
        jitsi_url="https://meet.example.org",
    )


@pytest.fixture
async def served(plan: Plan) -> AsyncIterator[str]:
    """Serve over HTTP in this process; gives the address."""
    config = uvicorn.Config(
        make_app(plan), port=0, lifespan="on", log_config=None, ws="websockets-sansio", http="httptools"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), running.exception()
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    with suppress(asyncio.CancelledError):
        await running


@pytest.fixture
def start_server(plan: Plan) -> Iterator[Callable[[], ServerProcess]]:
    """Start server processes of their own on the test's database."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(server_process(plan))
