"""The bell: one connection that listens, and says which clinic's log has grown to which number."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import psycopg

from deskcal.store.database import ReadTx
from deskcal.store.log import BELL

RETRY_SECONDS = 0.5


async def ring(tx: ReadTx, number: int) -> None:
    """Ring, for whoever listens, as if the log of the transaction's clinic had grown to a number."""
    await tx.row("select pg_notify(%(bell)s, %(told)s)", bell=BELL, told=f"{tx.clinic_id} {number}")


async def listen(conninfo: str, *, heard: Callable[[UUID, int], None], deaf: Callable[[bool], None]) -> None:
    """Listen until cancelled. `deaf(False)` comes once it listens, `deaf(True)` while the connection is away.

    Whoever follows a log reads it after `deaf(False)`: what was rung before, nobody heard.
    """
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                await connection.execute(f"listen {BELL}")
                deaf(False)  # noqa: FBT003  a callback takes no keywords
                async for notice in connection.notifies():
                    clinic_id, _, seq = notice.payload.partition(" ")
                    heard(UUID(clinic_id), int(seq))
        except psycopg.OperationalError:
            pass
        deaf(True)  # noqa: FBT003  the same
        await asyncio.sleep(RETRY_SECONDS)
