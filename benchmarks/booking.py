"""Hold and confirm through the flows, beside pgbench sending the very same statements."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import uvloop

from benchmarks.finding import Finding, interleaved, rate
from benchmarks.recorded import Recording, script
from benchmarks.town import (
    APPOINTMENT,
    CLINIC,
    DAYS,
    HALF,
    HOLD,
    PATIENT,
    PROVIDER,
    SERVICE,
    Town,
    gather_statistics,
    ident,
    settle,
)
from deskcal.core.booking import Appointment
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.confirm import Decision, confirm
from deskcal.flows.hold import Placed, Wish, place
from deskcal.store.database import Database, as_server
from deskcal.store.embedded import Cluster
from deskcal.store.holds import token_hash

AIM = 0.4
WORKERS = 8
CLINICS, PROVIDERS = 50, 500
SECONDS, ROUNDS = 3.0, 7
HEAD = r"""
\set i :i + 1
\set k :first + :i * 8 + :client_id
\set p :k % 500
\set c :p % 50
\set minute :k / 500 * 30
"""


@dataclass(slots=True)
class Desks:
    """Eight desks that book one free slot after another, in ever other clinics."""

    town: Town
    board: Board
    numbers: Iterator[int] = field(default_factory=count)

    async def book(self) -> tuple[Placed, Appointment]:
        """Hold the next free slot and confirm it for a patient."""
        slot, n = divmod(next(self.numbers), self.town.providers)
        actor, now = self.town.desk(n), datetime.now(UTC)
        wish = Wish(
            provider_id=self.town.ident(PROVIDER, n),
            service_id=self.town.ident(SERVICE, n),
            start=self.town.start(slot),
            patient_id=None,
            room_id=None,
            client="Desk 1",
        )
        placed = await place(self.board, Asking(actor=actor, now=now), wish, seconds=120)
        decision = Decision(token=placed.token, patient_id=self.town.ident(PATIENT, n), mode=None, notes=None)
        return placed, await confirm(self.board, Asking(actor=actor, now=now), decision)

    async def pairs_per_second(self) -> float:
        """Book for a while at all desks at once."""
        start, booked = time.perf_counter(), 0

        async def desk() -> None:
            nonlocal booked
            while time.perf_counter() - start < SECONDS:
                await self.book()
                booked += 1

        await asyncio.gather(*(desk() for _ in range(WORKERS)))
        return booked / (time.perf_counter() - start)


def run(cluster: Cluster) -> Iterator[Finding]:
    """Book with eight workers over one pool of eight connections."""
    town = settle(cluster, "booking", clinics=CLINICS, providers=PROVIDERS)
    database = Database(town.url, connections=WORKERS)
    desks, pgbench_rounds = Desks(town, Board(database)), count()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, NamedTemporaryFile("w") as kept:
        kept.write(runner.run(_script(town)))
        kept.flush()
        Path(kept.name).chmod(0o644)
        runner.run(database.open())
        runner.run(desks.pairs_per_second())
        gather_statistics(town)
        ours, theirs, ratio = interleaved(
            lambda: runner.run(desks.pairs_per_second()),
            lambda: _pgbench(cluster, town, kept.name, pgbench_rounds),
            rounds=ROUNDS,
        )
        runner.run(database.close())
    yield Finding(
        what=f"hold and confirm through the flows, {WORKERS} workers",
        figure=rate(ours, workers=WORKERS),
        limit=f"pgbench, the same statements, {WORKERS} clients: {rate(theirs, workers=WORKERS)}",
        ratio=ratio,
        at_least=AIM,
    )


async def _script(town: Town) -> str:
    """Book once with a recording connection and write down what was sent, for other clinics each time.

    The booking before it reads the catalogue, which the one after remembers.
    """
    database = Database(town.url, connections=2)
    database._pool.connection_class = Recording  # noqa: SLF001  only a benchmark listens in
    await database.open()
    desks = Desks(town, Board(database), count(PROVIDERS * (DAYS - 1) * HALF, PROVIDERS))
    await desks.book()
    Recording.statements = []
    placed, made = await desks.book()
    await database.close()
    return script(Recording.statements, _varying(town, placed, made), HEAD)


def _varying(town: Town, placed: Placed, made: Appointment) -> dict[Any, str]:
    """Say how pgbench makes each value that differs from booking to booking, beside those in HEAD."""
    base = f"(timestamptz '{town.start(DAYS * HALF)}' + :minute * interval '1 minute')"
    return {
        town.ident(CLINIC, 0): _ident(CLINIC, "c"),
        town.ident(SERVICE, 0): _ident(SERVICE, "c"),
        town.ident(PROVIDER, 0): _ident(PROVIDER, "p"),
        town.ident(PATIENT, 0): _ident(PATIENT, "p"),
        placed.hold.id: _ident(HOLD, "k"),
        made.id: _ident(APPOINTMENT, "k"),
        token_hash(placed.token): "sha256(:k::text::bytea)",
        made.span.start: base,
        made.span.end: f"({base} + interval '30 minutes')",
    }


def _ident(kind: int, variable: str) -> str:
    prefix = str(ident(kind, 0))[:24]
    return f"('{prefix}' || lpad(:{variable}::text, 12, '0'))::uuid"


def _pgbench(cluster: Cluster, town: Town, path: str, rounds: Iterator[int]) -> float:
    done = cluster.run(
        "pgbench",
        *("-n", "-M", "prepared", "-c", str(WORKERS), "-T", str(round(SECONDS)), "-f", path),
        *("-D", "i=0", "-D", f"first={next(rounds) * 1_000_000}", as_server(town.url)),
    )
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    if done.returncode or not found:
        raise RuntimeError(done.stderr)
    return float(found[1])
