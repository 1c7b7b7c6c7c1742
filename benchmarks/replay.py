"""A quarter of a big clinic replayed from its log and compared, beside only reading the log."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop

from benchmarks import big_clinic
from benchmarks.finding import Finding
from benchmarks.town import CLINIC, Town
from deskcal.core.access import SYSTEM
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.replay import Wanted, replay
from deskcal.store import log
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster

DAYS, ROUNDS = 90, 5


def run(cluster: Cluster) -> Iterator[Finding]:
    """Replay ninety days of forty providers, all of them on the board, as a check."""
    town = big_clinic.settle(cluster, "replay", days=DAYS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        entries, took, reading = runner.run(_replayed(town))
    yield Finding(
        what=f"{DAYS} days of 40 providers replayed and compared, {entries:,} entries",
        figure=f"{DAYS / took:.0f} days/s, {entries / took:,.0f} entries/s",
        limit=f"only reading the log: {entries / reading:,.0f} entries/s",
        ratio=reading / took,
    )


async def _replayed(town: Town) -> tuple[int, float, float]:
    database = Database(town.url, connections=2)
    await database.open()
    board = Board(database)
    clinic_id = town.ident(CLINIC, 0)
    asking: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=clinic_id), now=datetime.now(UTC))
    whole = Span(start=town.first, end=town.first + DAYS * timedelta(days=1))
    wanted = Wanted(
        provider_id=None, first=whole.start.date(), last=whole.end.date(), most_days=None, check=True
    )
    for month in range(3):
        start = whole.start + month * timedelta(days=30)
        await board.view(clinic_id, Span(start=start, end=start + timedelta(days=30)), asking.now)
    took, reading, entries = [], [], 0
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        found = await replay(board, asking, wanted)
        took.append(time.perf_counter() - begun)
        if found.differences or found.live_days < DAYS:
            raise RuntimeError(f"{len(found.differences)} differences, {found.live_days} live days")
        begun = time.perf_counter()
        async with database.read(clinic_id) as tx:
            entries = sum([1 async for _ in log.of_bookings(tx, whole)])
        reading.append(time.perf_counter() - begun)
    await database.close()
    return entries, min(took), min(reading)
