"""Waiting for the log: by its bell, as everything else does that waits for it."""

import asyncio
from uuid import UUID

from deskcal.store import log
from deskcal.store.bell import listen
from deskcal.store.database import Database
from deskcal.store.log import Entry

MOST_SECONDS = 30


async def until_told(database: Database, clinic_id: UUID, event_type: str, *, times: int = 1) -> list[Entry]:
    """Return the entries of a type as soon as there are so many."""
    rung = asyncio.Event()
    listening = asyncio.create_task(
        listen(database.conninfo, heard=lambda *_: rung.set(), deaf=lambda _: rung.set())
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            while True:
                rung.clear()
                async with database.read(clinic_id) as tx:
                    found = await log.filtered(
                        tx, since=0, limit=1000, aggregate_id=None, event_type=event_type
                    )
                if len(found) >= times:
                    return found
                await rung.wait()
    finally:
        listening.cancel()
