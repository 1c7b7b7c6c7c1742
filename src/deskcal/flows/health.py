"""Whether this server can do its work."""

from deskcal.core.access import INSTALLATION
from deskcal.store import migrate
from deskcal.store.database import Database


async def readiness(database: Database, *, deaf: bool) -> dict[str, object]:
    """Check that the database answers, has the right schema, and rings the bell."""
    async with database.read(INSTALLATION) as tx:
        row = await tx.row("select version_num from alembic_version")
    revision = row[0] if row else None
    migrated = revision == migrate.newest()
    return {
        "ready": migrated and not deaf,
        "database": "ok",
        "migrations": "ok" if migrated else f"at {revision}, needs {migrate.newest()}",
        "feed": "reconnecting" if deaf else "ok",
    }
