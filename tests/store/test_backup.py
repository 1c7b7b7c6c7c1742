"""Backups and restoring: one moment of a busy clinic, proved before it takes the place of anything."""

import asyncio
import re
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import msgspec
import psycopg
import pytest

from databases import copied
from deskcal.core.refusals import Refusal
from deskcal.flows.board import Board
from deskcal.flows.book import book
from deskcal.store import embedded, migrate
from deskcal.store.backup import DUMP, MANIFEST, Manifest, back_up, opened
from deskcal.store.contents import Table
from deskcal.store.database import Database
from deskcal.store.restoring import restore
from deskcal.store.soundness import faults
from deskcal.store.upkeep import DatabaseRefusal, status
from house import House
from store.booked import held, killed, order, quietly, typed

numbers = count(1)
TWICE = """
alter table occupancy drop constraint occupancy_no_overlap;
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
select clinic_id, resource_id, during, -1, appointment_id from occupancy limit 1
"""


@pytest.fixture
def empty_url(cluster: embedded.Cluster) -> Iterator[str]:
    """Give a migrated database without a clinic."""
    with copied(cluster, f"restored_{next(numbers)}") as url:
        yield url


@pytest.fixture
async def file(house: House, database: Database, database_url: str, tmp_path: Path) -> Path:
    """Back up a clinic with one appointment."""
    await book(Board(database), house.asking(), order(house, 9))
    back_up(database_url, tmp_path / "clinic.deskcal", tell=quietly)
    return tmp_path / "clinic.deskcal"


def said_by(file: Path) -> dict[str, Table]:
    with opened(file) as (manifest, _):
        return manifest.tables


def altered(file: Path, change: Callable[[Manifest], Manifest]) -> Path:
    """Write a backup that says something else of itself."""
    other = file.with_name("other.deskcal")
    with zipfile.ZipFile(file) as found, zipfile.ZipFile(other, "w") as made:
        manifest = msgspec.json.decode(found.read(MANIFEST), type=Manifest)
        made.writestr(DUMP, found.read(DUMP))
        made.writestr(MANIFEST, msgspec.json.encode(change(manifest)))
    return other


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_a_busy_clinic_is_one_moment(
    house: House, database: Database, database_url: str, empty_url: str, tmp_path: Path
) -> None:
    """While bookings go on, what is backed up is a whole number of them, and is restored row by row."""
    board, going_on = Board(database), True

    async def go_on(patient: int) -> None:
        for hour, minute in [(hour, minute) for hour in range(9, 17) for minute in (0, 30)] * 20:
            if going_on:
                with suppress(Refusal):
                    await book(board, house.asking(), order(house, hour, minute, patient))

    booking = [asyncio.create_task(go_on(patient)) for patient in range(4)]
    made = await asyncio.to_thread(back_up, database_url, tmp_path / "busy", tell=quietly)
    going_on = False
    await asyncio.gather(*booking)
    await asyncio.to_thread(restore, empty_url, tmp_path / "busy", replace=False, tell=quietly)
    assert held(empty_url) == made.tables
    assert made.tables["log"].rows <= held(database_url)["log"].rows
    assert modes(tmp_path) == {"busy": 0o600}


async def test_a_restored_clinic_goes_on(file: Path, empty_url: str, house: House) -> None:
    """Its server sees the clinic and the appointment, and books the next with the next reference."""
    restore(empty_url, file, replace=False, tell=quietly)
    database = Database(empty_url, connections=2)
    await database.open()
    with pytest.raises(Refusal):
        await book(Board(database), house.asking(), order(house, 9, patient=1))
    made = await book(Board(database), house.asking(), order(house, 10))
    await database.close()
    assert made.reference == "B-20002"
    assert held(empty_url)


async def test_what_is_there_is_given_up_on_purpose_only(file: Path, empty_url: str) -> None:
    """Again it is there already; over another state it needs to be said, and then that is gone."""
    restore(empty_url, file, replace=False, tell=quietly)
    before = held(empty_url)
    restore(empty_url, file, replace=False, tell=quietly)
    with psycopg.connect(empty_url) as connection:
        connection.execute("update clinics set name = 'Other'")
    with pytest.raises(DatabaseRefusal, match="--replace"):
        restore(empty_url, file, replace=False, tell=quietly)
    restore(empty_url, file, replace=True, tell=quietly)
    assert held(empty_url) == before


async def test_nobody_works_on_it_meanwhile(file: Path, empty_url: str) -> None:
    """With anybody connected nothing is restored."""
    with psycopg.connect(empty_url), pytest.raises(DatabaseRefusal, match="1 connections"):
        restore(empty_url, file, replace=True, tell=quietly)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda file: altered(file, lambda one: msgspec.structs.replace(one, migration="9999")), "newer"),
        (lambda file: altered(file, lambda one: msgspec.structs.replace(one, format=9)), "newer"),
        (
            lambda file: altered(
                file,
                lambda one: msgspec.structs.replace(one, tables=one.tables | {"log": one.tables["rooms"]}),
            ),
            "differs from what was backed up: log",
        ),
        (lambda file: cut(file, 0.5), "damaged"),
        (lambda file: cut(file, 0), "damaged"),
        (lambda file: cut(turned(file), 1), "damaged|did not go through"),
    ],
)
async def test_what_cannot_be_proved_changes_nothing(
    damage: Callable[[Path], Path], said: str, file: Path, empty_url: str
) -> None:
    """A backup of a newer deskcal, cut off, with a bit turned or that differs leaves the old database."""
    restore(empty_url, file, replace=False, tell=quietly)
    before = held(empty_url)
    with pytest.raises(DatabaseRefusal, match=re.compile(said)):
        restore(empty_url, damage(file), replace=True, tell=quietly)
    assert held(empty_url) == before
    with psycopg.connect(empty_url) as connection:
        left = connection.execute(
            "select datname from pg_database where datname like '%restoring'"
        ).fetchall()
    assert left == []


def cut(file: Path, part: float) -> Path:
    file.write_bytes(file.read_bytes()[: int(file.stat().st_size * part)])
    return file


def turned(file: Path) -> Path:
    """Turn a bit in the middle of the dump."""
    found = bytearray(file.read_bytes())
    found[len(found) // 2] ^= 1
    file.write_bytes(found)
    return file


async def test_what_cannot_be_true_is_found(file: Path, empty_url: str) -> None:
    """A number missing in the log, a time booked twice and one that nobody keeps are told apart."""
    restore(empty_url, file, replace=False, tell=quietly)
    for harm, said in (
        ("delete from log where seq = 3", "lacks a number"),
        ("update clinic_feed set seq = seq + 1", "lacks a number"),
        ("delete from occupancy", "nobody keeps"),
        (TWICE, "two bookings"),
    ):
        with psycopg.connect(empty_url) as connection:
            connection.execute("set session_replication_role to 'replica'")
            connection.execute(harm.encode())
            assert [said in one for one in faults(connection)] == [True]
            connection.rollback()


async def test_names_are_found_as_before(file: Path, cluster: embedded.Cluster) -> None:
    """What is restored has the locale of the database in whose place it comes."""
    with psycopg.connect(cluster.url(), autocommit=True) as server:
        server.execute("create database sorted template template0 locale_provider libc locale 'C.UTF-8'")
        migrate.upgrade(cluster.url(database="sorted"))
        restore(cluster.url(database="sorted"), file, replace=False, tell=quietly)
        found = server.execute(
            "select datlocprovider::text, datcollate, datctype from pg_database where datname = 'sorted'"
        ).fetchall()
        server.execute("drop database sorted")
    assert found == [("c", "C.UTF-8", "C.UTF-8")]


@pytest.mark.parametrize("seconds", [0.8, 1.4, 2.0])
async def test_killed_anywhere_it_can_be_done_again(
    seconds: float, file: Path, empty_url: str, tmp_path: Path
) -> None:
    """Killed at any moment, a restore leaves the old state or the new, and again it is the new."""
    before = held(empty_url)
    wanted = said_by(file)
    words = ("db", "restore", str(file), "--replace")
    killed(empty_url, words, seconds)
    assert held(empty_url) in (before, wanted)
    deadline = time.monotonic() + 30
    while typed(empty_url, words):  # until PostgreSQL has heard that the killed one is gone
        assert time.monotonic() < deadline
    assert held(empty_url) == wanted
    backup = ("db", "backup", str(tmp_path / "again"))
    killed(empty_url, backup, seconds)
    assert "again" not in modes(tmp_path) or said_by(tmp_path / "again") == wanted
    assert typed(empty_url, backup) == 0
    assert said_by(tmp_path / "again") == wanted


async def test_the_status_counts(file: Path, database_url: str) -> None:
    """Status has the newest migration, nothing pending, and each table's rows."""
    rows = {name: table.rows for name, table in said_by(file).items()}
    found = status(database_url)
    assert {one.name: one.rows for one in found.tables} == rows
    assert (found.migration, found.pending) == (found.newest, [])
    assert found.bytes > 1_000_000


async def test_a_role_that_sees_no_clinic_backs_up_none(database_url: str, tmp_path: Path) -> None:
    """Where row-level security binds the role, that is said instead of writing an empty backup."""
    with pytest.raises(DatabaseRefusal, match="bypassrls"):
        back_up(database_url.replace("postgres@", "deskcal_app@"), tmp_path / "none", tell=quietly)
    assert not (tmp_path / "none").exists()
