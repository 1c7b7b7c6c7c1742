"""Two hundred callers ask for one slot at once, at two server processes: how long the last one waits."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median

import uvloop

from benchmarks.caller import Caller, call, front_desk
from benchmarks.finding import Finding
from benchmarks.serving import deskcal_serving
from benchmarks.town import Town, settle
from deskcal.store.embedded import Cluster

CREATED, CONFLICT = 201, 409
CALLERS, ROUNDS = 200, 7
MOST_SECONDS = 1.0


def run(cluster: Cluster) -> Iterator[Finding]:
    """Race for one slot after another."""
    town = settle(cluster, "race", clinics=1, providers=5)
    with (
        deskcal_serving(town.plan()) as one,
        deskcal_serving(town.plan()) as other,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        slowest = runner.run(_race(town, (one, other)))
    yield Finding(
        what=f"{CALLERS} at once on one slot, two processes: the slowest answer",
        figure=f"{max(slowest):.2f} s at worst, {median(slowest):.2f} s in the median race",
        limit=f"{MOST_SECONDS:g} s",
        ratio=MOST_SECONDS / max(slowest),
        at_least=1.0,
    )


async def _race(town: Town, ports: tuple[int, ...]) -> list[float]:
    token = (await front_desk(town))["JWT"]
    callers = [await call(ports[n % len(ports)], token) for n in range(CALLERS)]
    return [await _one_slot(town, callers, slot) for slot in range(ROUNDS)]


async def _one_slot(town: Town, callers: list[Caller], slot: int) -> float:
    start = time.perf_counter()

    async def timed(caller: Caller) -> tuple[int, float]:
        status, _ = await caller.hold(town, 0, slot)
        return status, time.perf_counter() - start

    answers = await asyncio.gather(*(timed(caller) for caller in callers))
    if sorted(status for status, _ in answers) != [CREATED, *[CONFLICT] * (len(callers) - 1)]:
        raise RuntimeError(f"not one winner: {sorted(status for status, _ in answers)}")
    return max(took for _, took in answers)
