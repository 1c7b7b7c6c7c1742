"""Work on the database as a whole: connecting as its owner, and how it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeAlias

import msgspec
import psycopg

from deskcal.store import migrate

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

SIZES = """
select c.relname, sum(pg_total_relation_size(p.relid))::bigint
from pg_class c cross join lateral (
  select relid from pg_partition_tree(c.oid) union select c.oid::regclass) p
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
group by c.relname order by c.relname
"""


class DatabaseRefusal(Exception):
    """It cannot be done with this database; `str()` says why and what to do."""


class Size(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One table: rows, and bytes with its indexes."""

    name: str
    rows: int
    bytes: int


class Status(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How a database is. `pending` are the migrations that it lacks; the log's months before are archived."""

    postgresql: str
    migration: str | None
    newest: str
    pending: list[str]
    bytes: int
    tables: list[Size]
    archived_before: date | None


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Connect as the owner, who sees every clinic. Raises DatabaseRefusal where there is no way to."""
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
    except psycopg.errors.InvalidCatalogName as error:
        raise DatabaseRefusal("There is no database yet. Make it: deskcal db upgrade") from error
    except psycopg.OperationalError as error:
        raise DatabaseRefusal(f"The database does not answer: {str(error).splitlines()[0]}") from error


def insist_sees_all(connection: Connection) -> None:
    """Refuse a role that row-level security binds: it would find every clinic empty."""
    [(role, sees)] = connection.execute(
        "select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    ).fetchall()
    if not sees:
        raise DatabaseRefusal(
            f"The role {role} does not see all clinics. Let DESKCAL_DATABASE_ADMIN_URL name one that does: "
            f'alter role "{role}" bypassrls'
        )


def revision(connection: Connection) -> str | None:
    """Name the migration that a database is at; None before the first."""
    [(there,)] = connection.execute("select to_regclass('public.alembic_version') is not null").fetchall()
    rows = connection.execute("select version_num from alembic_version").fetchall() if there else []
    return str(rows[0][0]) if rows else None


def status(url: str) -> Status:
    """Look at all of it."""
    with connected(url) as connection:
        insist_sees_all(connection)
        at = revision(connection)
        [(version, size)] = connection.execute(
            "select current_setting('server_version'), pg_database_size(current_database())"
        ).fetchall()
        sizes = connection.execute(SIZES).fetchall()
        tables = [Size(name=name, rows=_rows(connection, name), bytes=taken) for name, taken in sizes]
        archived = None
        if any(one.name == "log_archives" for one in tables):
            [(archived,)] = connection.execute("select max(kept_from) from log_archives").fetchall()
    return Status(
        postgresql=version,
        migration=at,
        newest=migrate.newest(),
        pending=migrate.pending(at) if at is None or migrate.known(at) else [],
        bytes=size,
        tables=tables,
        archived_before=archived,
    )


def _rows(connection: Connection, table: str) -> int:
    query = psycopg.sql.SQL("select count(*) from {}").format(psycopg.sql.Identifier(table))
    [(rows,)] = connection.execute(query).fetchall()
    return int(rows)
