"""Whether this server can do its work."""

import asyncio
import time

from deskcal.core.access import INSTALLATION
from deskcal.flows.board import Board
from deskcal.store import bell, migrate
from deskcal.store.database import WriteTx

LONGEST_SECONDS, LOOK_SECONDS = 2.0, 0.01


async def readiness(board: Board) -> dict[str, object]:
    """Check that the database answers, has the right schema, and that its bell is heard in time."""
    async with board.database.read(INSTALLATION) as tx:
        row = await tx.row(
            "select version_num, rolsuper or rolbypassrls from alembic_version, pg_roles"
            " where rolname = current_user"
        )
    revision, sees_all = row or (None, False)
    migrated = revision == migrate.newest()
    feed = await _feed(board)
    return {
        "ready": migrated and feed == "ok",
        "database": "ok",
        "migrations": "ok" if migrated else f"at {revision}, needs {migrate.newest()}",
        "feed": feed,
        "clinics": "not kept apart: the server's role steps over row-level security" if sees_all else "ok",
    }


async def _feed(board: Board) -> str:
    """Ring for nobody and listen: a connection can stand and yet tell nothing, behind a pooler for one."""
    if board.deaf:
        return "reconnecting"
    number = time.time_ns()

    async def ring(tx: WriteTx) -> None:
        await bell.ring(tx, number)

    await board.database.write(INSTALLATION, ring)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            while board.has_heard(INSTALLATION) < number:  # noqa: ASYNC110  whoever hears does not wait for it
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        return f"silent: what is written is not heard of within {LONGEST_SECONDS:g} s"
    return "ok"
