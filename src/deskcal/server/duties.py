"""What a server does besides answering: it listens to the bell, sweeps holds, reads on, works off jobs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from uuid import UUID

import structlog
from litestar import Litestar

from deskcal.core.access import INSTALLATION
from deskcal.flows import hold, housekeeping, reading, working
from deskcal.flows.reading import Reader
from deskcal.server.context import Context
from deskcal.store.bell import listen
from deskcal.store.database import Unavailable
from deskcal.store.duty import duty

SWEEP_SECONDS = 0.5
TIDY_EVERY = 1200
RETRY_SECONDS = 1.0
LOOK_SECONDS = 30.0
JOBS = "jobs"

logger = structlog.get_logger()


@asynccontextmanager
async def duties(app: Litestar) -> AsyncIterator[None]:
    """Do the duties while the application runs."""
    context: Context = app.state.context
    rung = {name: asyncio.Event() for name in (JOBS, *(reader.name for reader in context.readers))}
    tasks = [asyncio.create_task(_listen(context, list(rung.values()))), asyncio.create_task(_sweep(context))]
    tasks += [asyncio.create_task(_read(context, reader, rung[reader.name])) for reader in context.readers]
    tasks.append(asyncio.create_task(_work(context, rung[JOBS])))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(context: Context, rung: Sequence[asyncio.Event]) -> None:
    def heard(clinic_id: UUID, seq: int) -> None:
        context.board.hear(clinic_id, seq)
        if clinic_id == INSTALLATION:
            return
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
    """Keep a reader at the end of every log, and try again what is due."""

    async def catch_up() -> datetime | None:
        return await reading.catch_up(context.database, reader, context.now())

    await _at_the_bell(context, f"read.{reader.name}", rung, catch_up)


async def _work(context: Context, rung: asyncio.Event) -> None:
    """Work on jobs until none is left."""

    async def work_off() -> None:
        await working.work_off(context.board, context.kinds, context.now)

    await _at_the_bell(context, JOBS, rung, work_off)


async def _at_the_bell(
    context: Context, name: str, rung: asyncio.Event, do: Callable[[], Awaitable[datetime | None]]
) -> None:
    """Do something whenever the bell rings, in whichever process has the duty, or when it says it is due."""
    while True:
        try:
            async with duty(context.database.conninfo, name) as connection:
                while True:
                    rung.clear()
                    await connection.execute("select 1")
                    due = await do()
                    wait = (due - context.now()).total_seconds() if due else LOOK_SECONDS
                    with suppress(TimeoutError):
                        async with asyncio.timeout(min(max(wait, RETRY_SECONDS), LOOK_SECONDS)):
                            await rung.wait()
        except Unavailable as error:
            logger.warning("duty_waits_for_database", duty=name, error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)
        except Exception as error:
            logger.error("duty_failed", duty=name, exc_info=error)  # noqa: TRY400  where, not what
            await asyncio.sleep(RETRY_SECONDS)
