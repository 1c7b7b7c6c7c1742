"""Hold and confirm over HTTP, in a clinic with few appointments and in one with a hundred times as many."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

import uvloop

from benchmarks.caller import Caller, call, front_desk
from benchmarks.finding import Finding, interleaved, rate
from benchmarks.serving import deskcal_serving
from benchmarks.town import DAYS, PATIENT, Town, gather_statistics, settle
from deskcal.store.embedded import Cluster

CREATED = 201
PROVIDERS, WORKERS = 50, 8
FEW, MANY = 10, 1000
SECONDS, ROUNDS = 2.0, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A server and the next free slot in its town."""

    town: Town
    port: int
    token: str
    numbers: Iterator[int] = field(default_factory=count)

    def pairs_per_second(self) -> float:
        """Book for a while with eight callers at once."""
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(self._book())

    async def _book(self) -> float:
        callers = [await call(self.port, self.token) for _ in range(WORKERS)]
        start = time.perf_counter()
        booked = sum(await asyncio.gather(*(self._keep_booking(caller, start) for caller in callers)))
        took = time.perf_counter() - start
        for caller in callers:
            caller.writer.close()
        return booked / took

    async def _keep_booking(self, caller: Caller, start: float) -> int:
        booked = 0
        while time.perf_counter() - start < SECONDS:
            slot, n = divmod(next(self.numbers), self.town.providers)
            status, held = await caller.hold(self.town, n, slot)
            if status == CREATED:
                chosen = {
                    "reservationToken": held["reservationToken"],
                    "patientId": self.town.ident(PATIENT, n),
                }
                status, held = await caller.post("/v1/bookings", chosen)
            if status != CREATED:
                raise RuntimeError(held)
            booked += 1
        return booked


def run(cluster: Cluster) -> Iterator[Finding]:
    """Book in both by turns."""
    quiet, busy = (
        settle(cluster, f"daily_{daily}", clinics=1, providers=PROVIDERS, daily=daily)
        for daily in (FEW, MANY)
    )
    with deskcal_serving(quiet.plan()) as quiet_port, deskcal_serving(busy.plan()) as busy_port:
        few = Clinic(town=quiet, port=quiet_port, token=asyncio.run(front_desk(quiet))["JWT"])
        many = Clinic(town=busy, port=busy_port, token=asyncio.run(front_desk(busy))["JWT"])
        for clinic in (few, many):
            clinic.pairs_per_second()
            gather_statistics(clinic.town)
        ours, limit, ratio = interleaved(many.pairs_per_second, few.pairs_per_second, rounds=ROUNDS)
    yield Finding(
        what=f"hold and confirm over HTTP, one clinic, {MANY:,} appointments on each of {DAYS} days",
        figure=rate(ours, workers=WORKERS),
        limit=f"with {FEW} a day: {rate(limit, workers=WORKERS)}",
        ratio=ratio,
    )
