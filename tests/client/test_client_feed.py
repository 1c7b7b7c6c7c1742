"""The feed as a client sees it, over a real WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve

from deskcal.client.errors import Rejected
from deskcal.client.feed import follow
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.wire.realtime import Event

Play = Callable[[ServerConnection, int], Awaitable[None]]


def event(seq: int) -> dict[str, object]:
    metadata = {"eventId": str(seq), "timestamp": "2026-01-05T10:00:00Z"}
    return {"type": "timeslot.updated", "channel": "c", "seq": seq, "payload": {}, "metadata": metadata}


@asynccontextmanager
async def playing(play: Play) -> AsyncIterator[tuple[str, list[dict[str, object]]]]:
    """Serve a play; gives the address and every subscription asked for."""
    asked: list[dict[str, object]] = []

    async def meet(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(json.dumps({"type": "authenticated", "serverTime": "2026-01-05T10:00:00Z"}))
        asked.append(json.loads(await socket.recv()))
        await play(socket, len(asked))

    async with serve(meet, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"http://127.0.0.1:{port}", asked


async def heard(url: str, count: int) -> list[Told]:
    told: list[Told] = []
    feed = follow(url, "token", ["clinic:1"], jitter=lambda: 0)
    async with aclosing(feed), asyncio.timeout(10):
        async for one in feed:
            told.append(one)
            if len(told) == count:
                break
    return told


async def test_resumes_where_it_was() -> None:
    """After a lost connection it asks for what came after the last event it told of."""

    async def play(socket: ServerConnection, time: int) -> None:
        await socket.send(json.dumps({"type": "subscribed", "channels": ["clinic:1"], "seq": 7}))
        if time == 1:
            await socket.send(json.dumps({"type": "batch", "seq": 9, "events": [event(8), event(9)]}))
            await socket.close()
        else:
            await socket.send(json.dumps({"type": "resync", "seq": 12}))
            await socket.wait_closed()

    async with playing(play) as (url, asked):
        told = await heard(url, 6)
    assert [type(one) for one in told] == [Live, Event, Event, Lost, Live, Resync]
    assert [one.get("since") for one in asked] == [None, 9]


async def test_a_refused_token_ends_it() -> None:
    """Where trying again will not help, it says so instead of trying."""

    async def play(socket: ServerConnection, _: int) -> None:
        await socket.close(4401, "no")

    async with playing(play) as (url, _):
        with pytest.raises(Rejected, match="Sign in again"):
            await heard(url, 2)


async def test_a_refused_channel_ends_it() -> None:
    """A channel that is not allowed is named."""

    async def play(socket: ServerConnection, _: int) -> None:
        await socket.send(json.dumps({"type": "error", "error": "FORBIDDEN", "channel": "clinic:1"}))
        await socket.wait_closed()

    async with playing(play) as (url, _):
        with pytest.raises(Rejected, match="clinic:1: FORBIDDEN"):
            await heard(url, 1)
