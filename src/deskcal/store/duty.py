"""Background duties: each is done by whichever process holds its advisory lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

RETRY_SECONDS = 1.0


@asynccontextmanager
async def duty(conninfo: str, name: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Wait until this process is the one to do it; the duty lasts as long as the connection that is given."""
    while True:
        async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
            cursor = await connection.execute(
                "select pg_try_advisory_lock(hashtext(%s))", (f"deskcal.{name}",)
            )
            [(mine,)] = await cursor.fetchall()
            if mine:
                yield connection
                return
        await asyncio.sleep(RETRY_SECONDS)
