"""One event, from its commit in another process to the frame that a follower receives."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count, islice
from statistics import median, quantiles
from uuid import UUID

import msgspec
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.caller import front_desk
from benchmarks.finding import Finding
from benchmarks.serving import deskcal_serving
from benchmarks.town import CLINIC, PROVIDER, SERVICE, Town, settle
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.hold import Wish, place
from deskcal.store.database import Database
from deskcal.store.embedded import Cluster

FOLLOWERS = (1, 200)
EVENTS = 40
PAUSE = 0.15  # nobody is sent more than ten frames a second


def run(cluster: Cluster) -> Iterator[Finding]:
    """Hold one slot after another while the clinic's followers listen."""
    town = settle(cluster, "live", clinics=1, providers=50)
    numbers = count()
    with deskcal_serving(town.plan()) as port, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for followers in FOLLOWERS:
            took = runner.run(_follow(town, port, followers, numbers))
            yield Finding(
                what=f"a live event from commit to receipt, {followers} followers",
                figure=f"{median(took) * 1000:.1f} ms, p95 {quantiles(took, n=20)[-1] * 1000:.1f} ms",
                limit="",
            )


async def _follow(town: Town, port: int, followers: int, numbers: Iterator[int]) -> list[float]:
    """Give the seconds of every receipt; whoever listens is told when each number was committed."""
    committed: dict[int, float] = {}
    took: list[float] = []

    def heard(_clinic_id: UUID, seq: int) -> None:
        committed[seq] = time.perf_counter()

    database = Database(town.url, connections=2, heard=heard)
    await database.open()
    board, token = Board(database), (await front_desk(town))["JWT"]
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(connect(f"ws://127.0.0.1:{port}/v1/realtime/ws"))
            for _ in range(followers)
        ]
        for socket in sockets:
            await _subscribe(socket, town, token)
        for number in islice(numbers, EVENTS):
            slot, n = divmod(number, town.providers)
            wish = Wish(
                provider_id=town.ident(PROVIDER, n),
                service_id=town.ident(SERVICE, n),
                start=town.start(slot),
                patient_id=None,
                room_id=None,
                client=None,
            )
            told = [asyncio.create_task(_receive(socket)) for socket in sockets]
            await place(board, Asking(actor=town.desk(0), now=datetime.now(UTC)), wish, seconds=120)
            took += [at - committed[seq] for seq, at in await asyncio.gather(*told)]
            await asyncio.sleep(PAUSE)
    await database.close()
    return took


async def _subscribe(socket: ClientConnection, town: Town, token: str) -> None:
    channel = f"clinic:{town.ident(CLINIC, 0)}"
    await socket.send(msgspec.json.encode({"type": "authenticate", "token": token}).decode())
    await socket.recv()
    wanted = {"type": "subscribe", "channels": [channel], "batch": True}
    await socket.send(msgspec.json.encode(wanted).decode())
    await socket.recv()


async def _receive(socket: ClientConnection) -> tuple[int, float]:
    frame = await socket.recv()
    at = time.perf_counter()
    return int(msgspec.json.decode(frame)["seq"]), at
