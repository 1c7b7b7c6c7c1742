"""What a database holds, in numbers that are equal for equal rows wherever they lie."""

from collections.abc import Callable

import msgspec
from psycopg import sql

from deskcal.store.upkeep import Connection

# A row is hashed as text, so that has to be spelled the same on every server.
SPELLING = """
set timezone to 'UTC'; set datestyle to 'ISO'; set intervalstyle to 'postgres'; set bytea_output to 'hex';
set extra_float_digits to 1
"""
TABLES = """
select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
and not relispartition order by relname
"""
SUM = sql.SQL("""
select count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))
  ::bit(64)::bigint), 0)::text from {} t
""")

Tell = Callable[[str, int, int | None], None]
"""Hears how far it is: of what, so many of so many, if that is known."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows, and the sum of their hashes: in any order, equal for equal rows."""

    rows: int
    checksum: str


def contents(connection: Connection, tell: Tell) -> dict[str, Table]:
    """Sum up every table, partitioned ones as a whole, as the connection's transaction sees them."""
    connection.execute(SPELLING)
    names = [str(name) for (name,) in connection.execute(TABLES).fetchall()]
    found = {}
    for number, name in enumerate(names, 1):
        [(rows, checksum)] = connection.execute(SUM.format(sql.Identifier(name))).fetchall()
        found[name] = Table(rows=rows, checksum=checksum)
        tell("tables", number, len(names))
    return found
