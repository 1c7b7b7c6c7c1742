"""Day, week and month of a big clinic over HTTP: unchanged, while it is being booked, and asked for first."""

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import cycle

import msgspec
import uvloop

from benchmarks import big_clinic
from benchmarks.bare import BODY
from benchmarks.caller import Caller, call, front_desk
from benchmarks.finding import Finding, p95, spread
from benchmarks.serving import deskcal_serving, serving
from benchmarks.town import SERVICE, Town, ident
from deskcal.store.embedded import Cluster

AIM_SECONDS = 0.020
"""A tenth of the 200 ms within which nineteen of twenty availability answers are to come."""
ASKED = 400
PAUSE, BETWEEN_BOOKINGS = 0.02, 0.1
COLD_STARTS = 3


def run(cluster: Cluster) -> Iterator[Finding]:
    """Ask for days, weeks and months of forty providers, booked at 80 % for ninety days."""
    town = big_clinic.settle(cluster, "calendar")
    questions = _questions(town)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        token, other = (runner.run(front_desk(town))["JWT"] for _ in range(2))
        with deskcal_serving(town.plan()) as port:
            for name, paths in questions.items():
                yield from runner.run(_unchanged(name, port, token, paths[0]))
            for name, paths in questions.items():
                took = runner.run(_being_booked(town, port, (token, other), paths))
                yield _finding(f"{name} of 40 providers, 10 bookings a second", took)
        for name, paths in questions.items():
            took = [runner.run(_first(town, token, paths[0])) for _ in range(COLD_STARTS)]
            yield Finding(
                what=f"{name} of 40 providers, the first question to a process",
                figure=f"{max(took) * 1000:.0f} ms at worst of {COLD_STARTS}",
                limit=f"{AIM_SECONDS * 1000:.0f} ms",
                ratio=AIM_SECONDS / max(took),
            )


def _questions(town: Town) -> Mapping[str, Sequence[str]]:
    first = town.first.date() + timedelta(days=1)
    days = [first + timedelta(days=ahead) for ahead in range(28)]
    return {
        "a day": [f"/v1/calendar/day?date={day}" for day in days],
        "a week": [f"/v1/availability/week?start={day}" for day in days[::7]],
        "a month": [f"/v1/calendar/month?year={day.year}&month={day.month}" for day in (days[-1], days[0])],
    }


async def _unchanged(name: str, port: int, token: str, path: str) -> list[Finding]:
    """Ask the same again and again, by turns with bare Starlette for as many bytes."""
    ours = await call(port, token)
    with tempfile.NamedTemporaryFile() as kept:
        kept.write(await ours.get(path))
        kept.flush()
        with serving("benchmarks.bare:app", {BODY: kept.name}) as bare:
            theirs = await call(bare, token)
            pairs = [(await _timed(ours, path), await _timed(theirs, path)) for _ in range(ASKED)]
    took, limit = zip(*pairs, strict=True)
    return [
        _finding(f"{name} of 40 providers, unchanged", took),
        Finding(
            what="  the same",
            figure=spread(took),
            limit=f"bare uvicorn + Starlette, same bytes: {spread(limit)}",
            ratio=p95(limit) / p95(took),
        ),
    ]


async def _being_booked(town: Town, port: int, tokens: tuple[str, str], paths: Sequence[str]) -> list[float]:
    """Ask for one after another while somebody else holds slots on those days, at random."""
    desk, other = [await call(port, token) for token in tokens]
    for path in paths:
        await desk.get(path)
    booking = asyncio.create_task(_keep_booking(town, other))
    took = []
    for path, _ in zip(cycle(paths), range(ASKED), strict=False):
        took.append(await _timed(desk, path))
        await asyncio.sleep(PAUSE)
    booking.cancel()
    return took


async def _keep_booking(town: Town, desk: Caller) -> None:
    service = ident(SERVICE, 0)
    chance = random.Random(0)  # noqa: S311  the same slots in every run
    days = [
        msgspec.json.decode(await desk.get(f"{path}&serviceId={service}"))
        for path in _questions(town)["a day"]
    ]
    free = [
        slot
        for day in days
        for lane in day["providers"]
        for slot in lane["timeslots"]
        if slot["status"] == "available"
    ]
    for slot in chance.sample(free, len(free)):
        wish = {"providerId": slot["providerId"], "serviceId": service, "timeslotId": slot["id"]}
        await desk.post("/v1/reservations", wish)
        await asyncio.sleep(BETWEEN_BOOKINGS)


async def _first(town: Town, token: str, path: str) -> float:
    with deskcal_serving(town.plan()) as port:
        return await _timed(await call(port, token), path)


async def _timed(caller: Caller, path: str) -> float:
    start = time.perf_counter()
    await caller.get(path)
    return time.perf_counter() - start


def _finding(what: str, took: Sequence[float]) -> Finding:
    return Finding(
        what=what,
        figure=spread(took),
        limit=f"p95 {AIM_SECONDS * 1000:.0f} ms",
        ratio=AIM_SECONDS / p95(took),
    )
