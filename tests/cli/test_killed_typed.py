"""Long commands that are killed, the server too, and typed again: as if they had run once."""

import asyncio
import json
import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from cli.typed import COMMAND
from databases import copied
from deskcal.core.access import Role
from deskcal.flows import sick_day
from deskcal.flows.board import Board
from deskcal.server.worker import Plan
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster
from house import House, build_house
from many import Many
from processes import server_process

HOURS, HALVES = range(9, 17), (0, 30)
TABLES = (
    "appointments",
    "holds",
    "occupancy",
    "windows",
    "plans",
    "plan_items",
    "jobs",
    "job_items",
    "log",
)
MADE_ANEW = {
    "seq",
    "session_key",
    "occurred_at",
    "created_at",
    "updated_at",
    "expires_at",
    "trace_id",
    "ended_at",
    "finished_at",
}
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECONDS = 30
NUMBERS = count(1)
OFTEN = 0.5
KNOWN = """
select id from appointments union select id from patients union select id from plans
union select id from providers union select id from rooms
"""
ROWS = SQL("select to_jsonb(t) from {} t")
EVENT = "BEGIN:VEVENT\nUID:{0}\nDTSTART:2098{1:02}{2:02}T120000Z\nDURATION:PT1H\nEND:VEVENT\n"
EVENTS = "".join(EVENT.format(number, number % 12 + 1, number // 12 + 1) for number in range(240))
CALENDAR = f"BEGIN:VCALENDAR\n{EVENTS}END:VCALENDAR\n"


@dataclass(frozen=True, kw_only=True)
class Morning:
    """A clinic with a full day of Dr. Perez and a plan for it, in a database that nobody is connected to."""

    house: House
    plan_id: str
    database: str


@pytest.fixture(scope="module")
def morning(cluster: Cluster) -> Iterator[Morning]:
    name = f"morning_{next(NUMBERS)}"
    with copied(cluster, name) as url:
        yield asyncio.run(_built(url, name))


async def _built(url: str, name: str) -> Morning:
    database = Database(url, connections=4)
    await database.open()
    house, board = await build_house(database), Board(database)
    await Many(board, house).books(*(house.at(hour, half) for hour in HOURS for half in HALVES))
    wanted = sick_day.SickDay(provider_id=house.perez.id, day=house.day, days=14, seconds=3600)
    shown = await sick_day.plan(board, house.asking(), wanted)
    await database.close()
    return Morning(house=house, plan_id=str(shown.plan.id), database=name)


class Machine:
    """Where commands are typed, on a database of its own that a server runs on."""

    def __init__(self, *, url: str, plan: Plan, token: str, servers: ExitStack) -> None:
        self.url, self.plan, self.token, self._servers = url, plan, token, servers
        self._serve()

    def _serve(self) -> None:
        self.server = self._servers.enter_context(server_process(self.plan))

    def starts(self, *words: str) -> subprocess.Popen[str]:
        there = {"DESKCAL_SERVER_URL": self.server.url, "DESKCAL_TOKEN": self.token}
        return subprocess.Popen(
            [*COMMAND, "--yes", "--quiet", *words], env=os.environ | there, stdout=subprocess.PIPE, text=True
        )

    def types(self, *words: str) -> int:
        """Type a command and wait for it; gives how it ended."""
        with self.starts(*words) as process:
            process.communicate()
        return process.returncode

    def kills(self, process: subprocess.Popen[str], *, server: bool) -> None:
        """Kill a command as kill -9 does, and with it the server, for which another comes."""
        process.kill()
        process.communicate()
        if server:
            self.server.kill()
            self._serve()

    def moved(self) -> int:
        """Count the appointments that were moved."""
        with psycopg.connect(self.url) as connection:
            query = "select count(*) from log where event_type = 'appointment.rescheduled'"
            [(found,)] = connection.execute(query).fetchall()
        return int(found)

    def rows(self) -> Counter[str]:
        """Give all rows, without what is another time or another id in each run.

        A replay that was killed is one more replay, and the log says so.
        """
        with psycopg.connect(self.url) as connection:
            known = {str(id_) for (id_,) in connection.execute(KNOWN)}
            return Counter(
                f"{table} {json.dumps(_alike(row, known), sort_keys=True)}"
                for table in TABLES
                for (row,) in connection.execute(ROWS.format(Identifier(table)))
                if row.get("event_type") != "board.replayed"
            )


def _alike(value: Any, known: set[str]) -> Any:
    match value:
        case dict():
            return {name: _alike(one, known) for name, one in value.items() if name not in MADE_ANEW}
        case list():
            return [_alike(one, known) for one in value]
        case str() if value not in known:
            return AN_ID.sub("an id", value)
    return value


Machines = Callable[[], AbstractContextManager[Machine]]


@pytest.fixture
def machines(cluster: Cluster, plan: Plan, morning: Morning) -> Machines:
    """Give machines, each on a copy of the morning."""

    @contextmanager
    def made() -> Iterator[Machine]:
        with copied(cluster, f"killed_{next(NUMBERS)}", template=morning.database) as url:
            serving = msgspec.structs.replace(plan, database_url=url)
            with ExitStack() as servers:
                token = morning.house.tokens[Role.ADMIN]
                yield Machine(url=url, plan=serving, token=token, servers=servers)

    return made


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A long command. Work of the server on many is killed in the midst of it, a request at any time.

    The `hard` one takes the server with it in every round, others now and then.
    """

    words: tuple[str, ...]
    moves: bool = False
    hard: bool = False


def commands(morning: Morning, folder: Path) -> list[Typed]:
    """List what is typed, one after the other; the sick day gives Dr. Perez's visits to Dr. Chen."""
    busy, visits = folder / "busy.ics", folder / "visits.csv"
    busy.write_text(CALENDAR)
    perez, chen, day = morning.house.perez.name, morning.house.chen.name, str(morning.house.day)
    days = ("--from", day, "--to", day)
    return [
        Typed(words=("export", "appointments", *days, "-o", str(visits))),
        Typed(words=("provider", "import-ics", perez, str(busy), "--until", "2099-12-31")),
        Typed(words=("provider", "sick-day", perez, day, "--apply", morning.plan_id), moves=True, hard=True),
        Typed(words=("bulk", "move", "--provider", chen, *days, "--days", "1"), moves=True),
        Typed(words=("replay-projection",)),
    ]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended, how long it took, and how many visits it moved."""

    code: int
    seconds: float
    moved: int


def run(machine: Machine, typed: Typed) -> Ended:
    begun, before = time.monotonic(), machine.moved()
    code = machine.types(*typed.words)
    return Ended(code=code, seconds=time.monotonic() - begun, moved=machine.moved() - before)


def killed(machine: Machine, typed: Typed, once: Ended, chance: Random, *, server: bool) -> None:
    """Start a command and kill it at some time of its run, and the server with it."""
    before = machine.moved()
    process = machine.starts(*typed.words)
    if typed.moves:
        at, deadline = before + chance.randrange(1, once.moved), time.monotonic() + SECONDS
        while machine.moved() < at:
            assert time.monotonic() < deadline
    else:
        with suppress(subprocess.TimeoutExpired):
            process.wait(once.seconds * chance.uniform(0.3, 1))
    machine.kills(process, server=server)


@pytest.mark.parametrize("rounds", [1, pytest.param(8, marks=pytest.mark.prove)])
def test_killed_and_typed_again(rounds: int, machines: Machines, morning: Morning, tmp_path: Path) -> None:
    """Every row and every file is as if each command had run once, and it ends as it would have."""
    typed, visits = commands(morning, tmp_path), tmp_path / "visits.csv"
    with machines() as machine:
        once = [run(machine, one) for one in typed]
        rows, written = machine.rows(), visits.read_bytes()
    assert [ended.moved > 1 for ended in once] == [one.moves for one in typed]
    for round_ in range(rounds):
        chance = Random(round_)  # noqa: S311  the same each time
        visits.unlink()
        with machines() as machine:
            for one, ended in zip(typed, once, strict=True):
                killed(
                    machine, one, ended, chance, server=one.hard or (round_ > 0 and chance.random() < OFTEN)
                )
                assert not visits.exists() or visits.read_bytes() == written
                assert machine.types(*one.words) == ended.code
            assert machine.rows() == rows
        assert visits.read_bytes() == written
