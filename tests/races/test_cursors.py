"""One cursor for a clinic's log, good at every process and for every channel."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from deskcal.core.access import Role
from deskcal.flows.board import Board
from deskcal.server.feed import Feed
from deskcal.store.database import Database
from house import House
from races.rounds import Desk


async def test_a_process_that_has_not_heard_yet_repeats_nothing(database: Database, house: House) -> None:
    """Who was told by one process goes on from there at another one that is behind."""
    board = Board(database)
    behind = Feed(database, board)
    front = Desk(board, house, round_=0, now=datetime.now(UTC))
    async with behind.watch(house.clinic.id) as start:
        await front.hold(house.perez, house.consult, 10)
        async with behind.watch(house.clinic.id) as resumed:
            assert resumed == start + 1
            await front.hold(house.perez, house.consult, 11)
            behind.ring(house.clinic.id)
            told = await behind.after(house.clinic.id, resumed)
    assert told
    assert [one.seq for one in told] == [start + 2]


async def test_a_channel_that_is_added_later_has_a_past_of_its_own(
    served: str, database: Database, house: House
) -> None:
    """Subscribing to one more channel from a seq on tells its past, and the first channel nothing twice."""
    front = Desk(Board(database), house, round_=0, now=datetime.now(UTC))
    async with connect(served.replace("http", "ws") + "/v1/realtime/ws") as socket:
        await say(socket, type="authenticate", token=house.tokens[Role.FRONT_DESK])
        await say(socket, type="subscribe", channels=[f"clinic:{house.clinic.id}"])
        await hear(socket, "authenticated")
        start = (await hear(socket, "subscribed"))["seq"]
        await front.hold(house.perez, house.consult, 10)
        first = await hear(socket, "timeslot.updated")
        await say(socket, type="subscribe", channels=[f"provider:{house.perez.id}"], since=start)
        past = await hear(socket, "timeslot.updated")
        await front.hold(house.perez, house.consult, 11)
        later = [await hear(socket, "timeslot.updated") for _ in range(2)]
    heard = [(event["channel"].split(":")[0], event["seq"] - start) for event in (first, past, *later)]
    assert heard == [("clinic", 1), ("provider", 1), ("clinic", 2), ("provider", 2)]


async def say(socket: ClientConnection, **frame: Any) -> None:
    await socket.send(json.dumps(frame))


async def hear(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """Wait for a frame of a kind, past the frames of the conversation."""
    while True:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if frame["type"] == kind:
            return frame
