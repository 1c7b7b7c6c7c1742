"""Archiving: old months of the log in files, nothing lost, and whoever reads is told where it is."""

import asyncio
import gzip
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest

from deskcal.core.refusals import Invalid
from deskcal.flows import replay
from deskcal.flows.board import Board
from deskcal.flows.book import book
from deskcal.server.feed import Feed
from deskcal.store import log
from deskcal.store.archive import archive
from deskcal.store.database import Database
from deskcal.store.soundness import faults
from deskcal.store.upkeep import DatabaseRefusal, status
from house import House
from store.booked import killed, order, quietly, typed

PARK = """
insert into parked_events (clinic_id, reader, seq, event_type, aggregate_id, occurred_at, attempts, error)
values (%(clinic_id)s, 'notifier', %(seq)s, 'x', %(clinic_id)s, now(), 12, 'ValueError')
"""
OLD, NEXT = date(2024, 5, 1), date(2024, 6, 1)


@pytest.fixture
async def aged(house: House, database: Database, database_url: str) -> int:
    """Let the clinic be made, and one appointment booked, in a month long past; gives its last seq."""
    await book(Board(database), house.asking(), order(house, 9))
    async with database.read(house.clinic.id) as tx:
        last = await log.latest(tx)
    with psycopg.connect(database_url) as connection:
        connection.execute("set session_replication_role to 'replica'")
        connection.execute(
            "create table log_2024_05 partition of log"
            " for values from ('2024-05-01 UTC') to ('2024-06-01 UTC')"
        )
        connection.execute("update log set occurred_at = '2024-05-05 UTC'")
    await book(Board(database), house.asking(), order(house, 10))
    return last


def entries(folder: Path) -> list[dict[str, Any]]:
    with gzip.open(folder / "log-2024-05.jsonl.gz", "rt") as read:
        return [json.loads(line) for line in read]


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_month_goes_to_a_file(
    aged: int, house: House, database: Database, database_url: str, tmp_path: Path
) -> None:
    """The file has every entry; the log keeps what the coming appointment rests on, and replays the same."""
    board = Board(database)
    feed = Feed(database, board)
    [planned] = archive(database_url, NEXT, tmp_path, dry_run=True, tell=quietly)
    assert files(tmp_path) == []
    [month] = archive(database_url, NEXT, tmp_path, dry_run=False, tell=quietly)
    assert (month.entries, month.clinics, planned.entries) == (aged, 1, aged)
    found = entries(tmp_path)
    assert [one["seq"] for one in found] == list(range(1, aged + 1))
    assert {one["clinicId"] for one in found} == {str(house.clinic.id)}
    assert hashlib.sha256((tmp_path / "log-2024-05.jsonl.gz").read_bytes()).hexdigest() == month.sha256
    async with database.read(house.clinic.id) as tx:
        left = await log.since(tx, 0)
        [told] = await log.archived(tx)
        assert await log.missing(tx) == []
    assert [one.event_type for one in left if one.seq <= aged] == ["appointment.created"]
    assert (told.first_seq, told.last_seq, told.file) == (1, aged, month.file)
    async with feed.watch(house.clinic.id):
        assert await feed.after(house.clinic.id, 1) is None
    wanted = replay.Wanted(provider_id=None, first=None, last=None, most_days=None, check=True)
    same = await replay.replay(board, house.asking(), wanted)
    assert (list(same.differences), list(same.lost)) == ([], [])
    too_early = replay.Wanted(provider_id=None, first=OLD, last=None, most_days=None, check=True)
    with pytest.raises(Invalid, match="archived"):
        await replay.replay(board, house.asking(), too_early)
    with psycopg.connect(database_url) as connection:
        assert faults(connection) == []
    assert status(database_url).archived_before == NEXT
    assert archive(database_url, NEXT, tmp_path, dry_run=False, tell=quietly) == []


async def test_a_month_that_somebody_still_reads_stays(
    aged: int, house: House, database_url: str, tmp_path: Path
) -> None:
    """A reader that is behind, and a parked event, are named; nothing is written."""
    facts = {"clinic_id": house.clinic.id, "seq": aged - 1, "last": aged}
    for harm, mend, said in (
        (
            "insert into reader_cursors (clinic_id, reader, seq) values (%(clinic_id)s, 'notifier', %(seq)s)",
            "update reader_cursors set seq = %(last)s",
            "notifier has not read",
        ),
        (
            PARK,
            "delete from parked_events",
            "parked",
        ),
    ):
        with psycopg.connect(database_url) as connection:
            connection.execute(harm.encode(), facts)
        with pytest.raises(DatabaseRefusal, match=said):
            archive(database_url, NEXT, tmp_path, dry_run=False, tell=quietly)
        with psycopg.connect(database_url) as connection:
            connection.execute(mend.encode(), facts)
    assert files(tmp_path) == []


async def test_a_file_of_others_is_not_written_over(aged: int, database_url: str, tmp_path: Path) -> None:
    """What has the name already and is something else stays, and so does the month."""
    (tmp_path / "log-2024-05.jsonl.gz").write_bytes(b"mine")
    with pytest.raises(DatabaseRefusal, match="Move it away"):
        archive(database_url, NEXT, tmp_path, dry_run=False, tell=quietly)
    with psycopg.connect(database_url) as connection:
        [(count,)] = connection.execute("select count(*) from log_2024_05").fetchall()
    assert (count, (tmp_path / "log-2024-05.jsonl.gz").read_bytes()) == (aged, b"mine")


async def test_a_busy_clinic_goes_first(aged: int, database_url: str, tmp_path: Path) -> None:
    """While a transaction reads the log, archiving gives up after a while and keeps nobody waiting longer."""
    with psycopg.connect(database_url) as connection:
        connection.execute("select from log limit 1")
        with pytest.raises(DatabaseRefusal, match="busy"):
            await asyncio.to_thread(archive, database_url, NEXT, tmp_path, dry_run=False, tell=quietly)
    assert len(archive(database_url, NEXT, tmp_path, dry_run=False, tell=quietly)) == 1
    assert len(entries(tmp_path)) == aged


@pytest.mark.parametrize("seconds", [0.5, 0.9, 1.3])
async def test_killed_anywhere_nothing_is_lost(
    seconds: float, aged: int, database_url: str, tmp_path: Path
) -> None:
    """Killed at any moment, each entry is in the log or in the file, and again it is all in the file."""
    words = ("--yes", "db", "archive", "--before", f"{NEXT:%Y-%m}", "--to", str(tmp_path))
    killed(database_url, words, seconds)
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("select seq from log where occurred_at < '2024-06-01 UTC'").fetchall()
    whole = len(rows) == aged
    assert whole or [one["seq"] for one in entries(tmp_path)] == list(range(1, aged + 1))
    assert typed(database_url, words) == 0
    assert [one["seq"] for one in entries(tmp_path)] == list(range(1, aged + 1))
    assert files(tmp_path) == ["log-2024-05.jsonl.gz"]
    assert status(database_url).archived_before == NEXT
