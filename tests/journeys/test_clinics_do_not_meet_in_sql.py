"""What the server's own role can do in SQL, should anybody ever make it run a statement of theirs."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from deskcal.flows.board import Board
from deskcal.flows.confirm import Decision, confirm
from deskcal.flows.hold import Wish, place
from deskcal.store.database import SERVER_ROLE, Database
from house import House, build_house

TENANT_TABLES = """
select c.table_name, p.relispartition from information_schema.columns c
join pg_class p on p.oid = c.table_name::regclass
where c.column_name = 'clinic_id' and c.table_schema = 'public' order by 1
"""
FORBIDDEN = (
    "set role postgres",
    "set session authorization postgres",
    "alter table patients disable row level security",
    "drop policy tenant on patients",
    "set row_security = off; select count(*) from patients",
    "update patients set clinic_id = OTHER",
    "insert into patients (clinic_id, id, name, search) values (OTHER, gen_random_uuid(), 'X', 'x')",
    "update log set payload = '{}'",
    "delete from log",
    "truncate log",
    "copy patients to program 'cat'",
)
COUNT = sql.SQL("select count(*), count(*) filter (where clinic_id = %s) from {}")


@pytest.fixture
async def houses(database: Database) -> tuple[House, House]:
    """Give two clinics with a hold and an appointment each."""
    found = (await build_house(database), await build_house(database, name="Hillside"))
    for house in found:
        for hour in (10, 11):
            wish = Wish(
                provider_id=house.perez.id,
                service_id=house.consult.id,
                start=house.at(hour),
                patient_id=house.patients[0].id,
                room_id=None,
                client=None,
            )
            held = await place(Board(database), house.asking(), wish, seconds=120)
        decision = Decision(token=held.token, patient_id=None, mode=None, notes=None)
        await confirm(Board(database), house.asking(), decision)
    return found


@pytest.fixture
def tables(database_url: str) -> list[tuple[str, bool]]:
    """List the tables that have a clinic's rows, and whether each is a part of another."""
    with psycopg.connect(database_url) as owner:
        return owner.execute(TENANT_TABLES).fetchall()


@pytest.fixture
def server(database_url: str) -> Iterator[psycopg.Connection]:
    """Log in as the server does."""
    url = database_url.replace("postgres@", f"{SERVER_ROLE}@")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


async def test_without_a_clinic_nothing_is_there(
    houses: tuple[House, House], tables: list[tuple[str, bool]], server: psycopg.Connection
) -> None:
    """Every table with a clinic's rows is empty to a connection that names no clinic."""
    assert len(tables) >= 16
    for name, is_part in tables:
        if not is_part:
            assert counted(server, houses[0], name) == (0, 0), name


async def test_with_a_clinic_its_own_rows_are_there(
    houses: tuple[House, House], tables: list[tuple[str, bool]], server: psycopg.Connection, database_url: str
) -> None:
    """Naming a clinic shows all of its rows and none of another's, in every table."""
    with psycopg.connect(database_url) as owner:
        for house in houses:
            server.execute("select set_config('deskcal.clinic_id', %s, false)", [str(house.clinic.id)])
            for name, is_part in tables:
                if not is_part:
                    _, of_house = counted(owner, house, name)
                    assert counted(server, house, name) == (of_house, of_house), name
            assert counted(server, house, "appointments")[0] == 1
            assert counted(server, house, "occupancy")[0] == 4


async def test_parts_of_tables_are_closed(
    houses: tuple[House, House], tables: list[tuple[str, bool]], server: psycopg.Connection
) -> None:
    """The log's partitions, which no policy guards, cannot be read at all."""
    parts = [name for name, is_part in tables if is_part]
    assert parts
    for name in parts:
        with pytest.raises(InsufficientPrivilege):
            counted(server, houses[0], name)


async def test_there_is_no_way_around(houses: tuple[House, House], server: psycopg.Connection) -> None:
    """The role cannot become another, switch policies off, write elsewhere or change the log."""
    own, other = houses
    server.execute("select set_config('deskcal.clinic_id', %s, false)", [str(own.clinic.id)])
    for statement in FORBIDDEN:
        with pytest.raises(InsufficientPrivilege):
            server.execute(statement.replace("OTHER", f"'{other.clinic.id}'").encode())


async def test_another_clinics_rows_are_out_of_reach(
    houses: tuple[House, House], server: psycopg.Connection
) -> None:
    """Changing or deleting what is another clinic's finds nothing to change."""
    own, other = houses
    server.execute("select set_config('deskcal.clinic_id', %s, false)", [str(own.clinic.id)])
    for statement in ("update patients set name = 'X' where id = %s", "delete from patients where id = %s"):
        assert server.execute(statement, [other.patients[0].id]).rowcount == 0


def counted(connection: psycopg.Connection, house: House, table: str) -> tuple[int, int]:
    """Count all rows that are seen in a table, and those of a house."""
    [found] = connection.execute(COUNT.format(sql.Identifier(table)), [house.clinic.id]).fetchall()
    return found[0], found[1]
