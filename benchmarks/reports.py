"""Reports of a quarter of a big clinic, beside only reading the rows that they count."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median

import uvloop

from benchmarks import big_clinic
from benchmarks.finding import Finding
from benchmarks.town import CLINIC, Town
from deskcal.core.access import SYSTEM
from deskcal.core.report import Step
from deskcal.core.span import Span
from deskcal.flows import reports
from deskcal.flows.board import Board
from deskcal.flows.reports import Asked
from deskcal.store import appointments
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster

DAYS, ROUNDS = 90, 5


def run(cluster: Cluster) -> Iterator[Finding]:
    """Report on forty providers, booked at 80 % for ninety days."""
    town = big_clinic.settle(cluster, "reports", days=DAYS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield from runner.run(_reported(town))


async def _reported(town: Town) -> list[Finding]:
    database = Database(town.url, connections=2)
    await database.open()
    board, now = Board(database), datetime.now(UTC)
    actor = replace(SYSTEM, clinic_id=town.ident(CLINIC, 0))
    whole = Span(start=town.first, end=town.first + DAYS * timedelta(days=1))
    asked = Asked(
        first=whole.start.date(),
        last=whole.end.date() - timedelta(days=1),
        provider_id=None,
        location_id=None,
        service_id=None,
    )

    async def read() -> int:
        async with database.read(actor.clinic_id) as tx:
            found = await appointments.visits(tx, whole, patient_id=None, provider_id=None, booked_by=None)
        return len(found)

    kinds: dict[str, Callable[[], Awaitable[object]]] = {
        "volume": partial(reports.volume, board, actor, asked, now, step=Step.DAY),
        "no-shows": partial(reports.no_shows, board, actor, asked, now),
        "peak hours": partial(reports.peak_hours, board, actor, asked, now),
        "utilization": partial(reports.utilization, board, actor, asked, now),
    }
    many, found = await read(), []
    for name, report in kinds.items():
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(await _seconds(report))
            theirs.append(await _seconds(read))
        found.append(
            Finding(
                what=f"{name} of {DAYS} days of 40 providers, {many:,} appointments",
                figure=f"{median(ours) * 1000:.0f} ms",
                limit=f"only reading them: {median(theirs) * 1000:.0f} ms",
                ratio=median(theirs) / median(ours),
            )
        )
    await database.close()
    return found


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start
