"""Brings a database to the schema of this version, waiting for no lock longer than it may."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

LOCK_TIMEOUT, STATEMENT_TIMEOUT = "5s", "10min"
MONTHS_AHEAD = 12


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def newest() -> str:
    """Name the revision that this version of deskcal needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise RuntimeError("this deskcal was packaged without its migrations")
    return head


def known(revision: str) -> bool:
    """Tell whether this version of deskcal knows a revision: a newer one's it does not."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def pending(revision: str | None) -> list[str]:
    """List what `upgrade` would run on a database of that revision: number and first words of each."""
    scripts = list(ScriptDirectory.from_config(_config()).iterate_revisions("head", revision or "base"))
    return [f"{one.revision} {(one.doc or '').splitlines()[0]}" for one in reversed(scripts)]


def upgrade(url: str) -> None:
    """Run what is missing, as the role of `url`, which must be able to create tables and roles.

    Several servers may start at once: one migrates and the others wait for it. A lock that the running clinic
    does not give up within 5 s makes it fail, and nothing is changed.
    """
    engine = _engine(url)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(hashtext('deskcal.migrate'))"))
        connection.execute(text(f"set lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"set statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
        if MigrationContext.configure(connection).get_current_revision() != newest():
            connection.commit()
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        connection.commit()
        for offset in range(MONTHS_AHEAD):
            _ensure_log_month(connection, offset)
        connection.commit()
    engine.dispose()


def create_database(url: str, name: str) -> None:
    """Make a database of that name in UTF-8 unless it is there; `url` is any database of the same server."""
    engine = _engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        known = text("select exists (select from pg_database where datname = :name)")
        if not connection.execute(known, {"name": name}).scalar_one():
            connection.execute(text(f"create database \"{name}\" encoding 'UTF8' template template0"))
    engine.dispose()


def _engine(url: str) -> Engine:
    return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)


def _ensure_log_month(connection: Connection, offset: int) -> None:
    """Give a coming month its own partition; what arrives without one goes to, and stays in, `log_rest`."""
    month = datetime.now(UTC).year * 12 + datetime.now(UTC).month - 1 + offset
    first, after = (f"{m // 12:04}-{m % 12 + 1:02}-01 UTC" for m in (month, month + 1))
    name = f"log_{first[:7].replace('-', '_')}"
    known = text(
        "select to_regclass(:name) is not null or exists "
        "(select from log_rest where occurred_at >= cast(:first as timestamptz)"
        " and occurred_at < cast(:after as timestamptz))"
    )
    if not connection.execute(known, {"name": name, "first": first, "after": after}).scalar_one():
        connection.execute(
            text(f"create table {name} partition of log for values from ('{first}') to ('{after}')")
        )
