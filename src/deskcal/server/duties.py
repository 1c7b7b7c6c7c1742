"""What a server process does besides answering: it listens to the bell, sweeps holds, reads the log on."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import structlog
from litestar import Litestar

from deskcal.flows import hold, housekeeping, reading
from deskcal.flows.reading import Reader
from deskcal.server.context import Context
from deskcal.store.bell import listen
from deskcal.store.database import Unavailable
from deskcal.store.duty import duty

SWEEP_SECONDS = 0.5
TIDY_EVERY = 1200
RETRY_SECONDS = 1.0
LOOK_SECONDS = 30.0

logger = structlog.get_logger()


@asynccontextmanager
async def duties(app: Litestar) -> AsyncIterator[None]:
    """Do the duties while the application runs."""
    context: Context = app.state.context
    rung = {reader.name: asyncio.Event() for reader in context.readers}
    tasks = [asyncio.create_task(_listen(context, list(rung.values()))), asyncio.create_task(_sweep(context))]
    tasks += [asyncio.create_task(_read(context, reader, rung[reader.name])) for reader in context.readers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(context: Context, rung: Sequence[asyncio.Event]) -> None:
    def heard(clinic_id: UUID, seq: int) -> None:
        context.board.hear(clinic_id, seq)
        context.feed.ring(clinic_id)
        for event in rung:
            event.set()

    def deaf(now_deaf: bool) -> None:
        context.board.listen(deaf=now_deaf)
        context.feed.ring_all()
        for event in rung:
            event.set()

    await listen(context.database.conninfo, heard=heard, deaf=deaf)


async def _sweep(context: Context) -> None:
    """Lapse holds on time, in whichever process has the duty; every ten minutes forget what is long over."""
    while True:
        try:
            async with duty(context.database.conninfo, "sweep") as connection:
                sweeps = 0
                while not connection.closed:
                    await hold.sweep(context.database, context.now())
                    if sweeps % TIDY_EVERY == 0:
                        await housekeeping.tidy(context.database)
                    sweeps += 1
                    await asyncio.sleep(SWEEP_SECONDS)
                    await connection.execute("select 1")
        except Unavailable as error:
            logger.warning("sweeper_waits_for_database", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        except Exception as error:
            logger.error("sweep_failed", exc_info=error)  # noqa: TRY400  the same as everywhere: where, not what
            await asyncio.sleep(RETRY_SECONDS)


async def _read(context: Context, reader: Reader, rung: asyncio.Event) -> None:
    """Keep a reader at the end of every log, in whichever process has the duty, and try again what is due."""
    while True:
        try:
            async with duty(context.database.conninfo, f"read.{reader.name}") as connection:
                while True:
                    rung.clear()
                    await connection.execute("select 1")
                    due = await reading.catch_up(context.database, reader, context.now())
                    wait = (due - context.now()).total_seconds() if due else LOOK_SECONDS
                    with suppress(TimeoutError):
                        async with asyncio.timeout(min(max(wait, RETRY_SECONDS), LOOK_SECONDS)):
                            await rung.wait()
        except Unavailable as error:
            logger.warning("reader_waits_for_database", reader=reader.name, error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        except Exception as error:
            logger.error("reader_failed", reader=reader.name, exc_info=error)  # noqa: TRY400  the same
            await asyncio.sleep(RETRY_SECONDS)
