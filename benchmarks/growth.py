"""How the cost of availability grows with providers, days and bookings, drawn into docs/growth.svg."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import pygal

from benchmarks import big_clinic
from benchmarks.finding import Finding
from benchmarks.town import CLINIC, SERVICE, Town, ident
from deskcal.core.span import Span
from deskcal.flows.board import Board
from deskcal.store import occupancy
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster

PLOT = Path(__file__).parent.parent / "docs" / "growth.svg"
SERVICE_ID = ident(SERVICE, 3)
"""It needs a room and a unit of equipment."""
PROVIDERS = (1, 10, 20, 40, 60, 80)
DAYS = (1, 7, 14, 31, 46, 62)
PERCENT = (0, 30, 60, 90)
DAYS_BOOKED = (7, 30, 60, 90)
USUAL, MONTH = 40, 31
ROUNDS = 9

Growth: TypeAlias = Mapping[int, float]
"""Seconds by how much there is of something."""


def run(cluster: Cluster) -> Iterator[Finding]:
    """Let one thing grow at a time."""
    grown = asyncio.run(_grown(cluster))
    _draw(grown)
    for what, seconds in grown.items():
        few, many = min(seconds), max(seconds)
        yield Finding(
            what=f"{what}, {few} to {many}",
            figure=f"{seconds[many] * 1000:.2f} ms",
            limit=f"{seconds[few] * 1000:.2f} ms",
            ratio=seconds[few] / seconds[many],
        )


async def _grown(cluster: Cluster) -> Mapping[str, Growth]:
    big = big_clinic.settle(cluster, "big", providers=PROVIDERS[-1], days=DAYS[-1])
    full = {
        percent: big_clinic.settle(cluster, f"full_{percent}", providers=USUAL, full=percent / 100)
        for percent in PERCENT
    }
    long = {
        days: big_clinic.settle(cluster, f"long_{days}", providers=USUAL, days=days) for days in DAYS_BOOKED
    }
    return {
        "computing, providers": {n: await _computing(big, providers=n) for n in PROVIDERS},
        "computing, days": {n: await _computing(big, days=n) for n in DAYS},
        "computing, % booked": {n: await _computing(town) for n, town in full.items()},
        "reading, days": {n: await _reading(big, days=n) for n in DAYS},
        "reading, % booked": {n: await _reading(town) for n, town in full.items()},
        "reading a day, days booked": {n: await _reading(town, days=1) for n, town in long.items()},
    }


async def _computing(town: Town, *, providers: int = USUAL, days: int = MONTH) -> float:
    """Find the free starts of a month, or of so many days, from what is in memory; gives processor time."""
    database = Database(town.url, connections=1)
    await database.open()
    view = await Board(database).view(town.ident(CLINIC, 0), _window(town, days), datetime.now(UTC))
    await database.close()
    service, chosen = view.catalog.service(SERVICE_ID), list(view.catalog.providers.values())[:providers]
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        survey = view.catalog.survey(service, _window(town, days), view, view.now)
        for provider in chosen:
            survey.of(provider).free.bit_count()
        took.append(time.process_time() - start)
    return min(took)


async def _reading(town: Town, *, days: int = MONTH) -> float:
    """Read what is taken in a month, or in so many days."""
    database, took = Database(town.url, connections=1), []
    await database.open()
    async with database.read(town.ident(CLINIC, 0)) as tx:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            await occupancy.taken(tx, _window(town, days))
            took.append(time.perf_counter() - start)
    await database.close()
    return min(took)


def _window(town: Town, days: int) -> Span:
    return Span(start=town.first, end=town.first + timedelta(days=days))


def _draw(grown: Mapping[str, Growth]) -> None:
    """Draw each as a part of its most: what grows in proportion is the diagonal."""
    chart = pygal.XY(
        js=[],
        disable_xml_declaration=True,
        title="What availability costs as a clinic grows",
        x_title=f"part of {PROVIDERS[-1]} providers, {DAYS[-1]} days, or {PERCENT[-1]} % booked",
        y_title="part of what that costs",
        legend_at_bottom=True,
        legend_at_bottom_columns=2,
        range=(0, 1),
    )
    for what, seconds in grown.items():
        most = max(seconds)
        chart.add(what, [(n / most, took / seconds[most]) for n, took in seconds.items()])
    chart.render_to_file(str(PLOT))
