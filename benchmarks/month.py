"""A month of fifty providers and a search over twenty, without HTTP, beside the rows and bits behind them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from typing import TypeAlias
from uuid import UUID

import uvloop

from benchmarks import big_clinic
from benchmarks.finding import Finding
from benchmarks.town import CLINIC, PROVIDER, SERVICE, Town, ident
from deskcal.core import bitmap
from deskcal.flows import aggregates
from deskcal.flows.aggregates import Asked
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.flows.hold import Wish, place
from deskcal.flows.search import Wanted, search
from deskcal.store import occupancy
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster

PROVIDERS, SEARCHED = 50, 20
DAYS, DAYS_SEARCHED = 31, 60
ROUNDS = 9
CONSULT = ident(SERVICE, 0)
"""It needs nobody but its provider."""
SCAN = ident(SERVICE, 3)
"""It needs a room and a unit of equipment."""

Work: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Desk:
    """Looks at a clinic through a board that hears of what it books itself."""

    town: Town
    database: Database
    board: Board
    chance: random.Random = field(default_factory=lambda: random.Random(0))  # noqa: S311  the same each time

    def days(self, many: int) -> list[date]:
        return aggregates.dates(self.town.first.date() + timedelta(days=1), many)

    async def view(self, days: int = DAYS) -> View:
        window = aggregates.window_of(self.days(days))
        return await self.board.view(self.town.ident(CLINIC, 0), window, datetime.now(UTC))

    async def forget(self) -> None:
        """Begin with an empty board."""
        self.board = Board(self.database)
        self.board.listen(deaf=False)

    async def only_read(self) -> None:
        """Have what is taken, and nothing that follows from it."""
        await self.forget()
        await self.view()

    async def uncount(self) -> None:
        """Keep what is taken, and all hours."""
        (await self.view()).answers.clear()

    async def hold(self) -> None:
        """Take a free slot of the month."""
        view = await self.view()
        wanted = Wanted(service_id=CONSULT, window=aggregates.window_of(self.days(DAYS)), limit=500)
        _, offers = search(view, wanted)
        best = self.chance.choice(offers).ranked
        wish = Wish(
            provider_id=best.starts.provider.id,
            service_id=CONSULT,
            start=best.span.start,
            patient_id=None,
            room_id=None,
            client=None,
        )
        await place(self.board, Asking(actor=self.town.desk(0), now=view.now), wish, seconds=120)

    async def month(self) -> None:
        """Count what is free on each date."""
        aggregates.summaries(await self.view(), self.days(DAYS), Asked(service_id=SCAN))

    async def search(self) -> None:
        """Find the best free slots."""
        wanted = Wanted(
            service_id=SCAN,
            window=aggregates.window_of(self.days(DAYS_SEARCHED)),
            providers=[ident(PROVIDER, n) for n in range(SEARCHED)],
        )
        search(await self.view(DAYS_SEARCHED), wanted)

    async def read(self) -> None:
        """Read the rows of the month's pages and do nothing with them."""
        pages = (await self.view()).pages
        async with self.database.read(self.town.ident(CLINIC, 0)) as tx:
            await tx.row(occupancy.TAKEN, start=pages[0].span.start, end=pages[-1].span.end)

    async def bits(self, providers: int, days: int) -> None:
        """Find where half an hour is free, given the bitmaps."""
        free = bitmap.full(aggregates.window_of(self.days(days)))
        for _ in range(providers):
            bitmap.run_starts(free, 30)


def run(cluster: Cluster) -> Iterator[Finding]:
    """Look at a clinic that is booked at 80 % for ninety days."""
    town = big_clinic.settle(cluster, "month", providers=PROVIDERS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield from runner.run(_findings(town))


async def _findings(town: Town) -> list[Finding]:
    def heard(clinic_id: UUID, seq: int) -> None:
        desk.board.hear(clinic_id, seq)

    database = Database(town.url, connections=2, heard=heard)
    await database.open()
    desk = Desk(town, database, Board(database))
    await desk.only_read()
    month, bits = f"a month of {PROVIDERS} providers", f"run_starts for {PROVIDERS} months"
    month_bits = partial(desk.bits, PROVIDERS, DAYS)
    best = f"the best of {DAYS_SEARCHED} days of {SEARCHED} providers"
    search_bits = partial(desk.bits, SEARCHED, DAYS_SEARCHED)
    found = [
        await _beside(f"{month}, first look", desk.month, desk.forget, "its rows by psycopg", desk.read),
        await _beside(f"{month}, hours not known", desk.month, desk.only_read, bits, month_bits),
        await _beside(f"{month}, counted anew", desk.month, desk.uncount, bits, month_bits),
        await _beside(f"{month}, after a hold", desk.month, desk.hold, bits, month_bits),
        await _beside(
            best, desk.search, desk.search, f"run_starts for all of it, {SEARCHED} times", search_bits
        ),
    ]
    await database.close()
    return found


async def _beside(what: str, work: Work, before: Work, limit: str, bare: Work) -> Finding:
    """Measure both in turns, each time after something that is not measured."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        await before()
        ours.append(await _seconds(work))
        theirs.append(await _seconds(bare))
    return Finding(
        what=what,
        figure=f"{median(ours) * 1000:.1f} ms, at best {min(ours) * 1000:.1f} ms",
        limit=f"{limit}: {median(theirs) * 1000:.2f} ms",
        ratio=median(theirs) / median(ours),
    )


async def _seconds(work: Work) -> float:
    start = time.perf_counter()
    await work()
    return time.perf_counter() - start
