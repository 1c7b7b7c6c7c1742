"""The live feed as a client follows it: reconnecting, resuming by seq, never with a silent gap."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from deskcal.client.calls import FreshToken
from deskcal.client.errors import Rejected, Unreachable
from deskcal.client.told import Live, Lost, Resync, Told
from deskcal.wire.realtime import Event

FIRST_DELAY, LONGEST_DELAY = 0.5, 15.0
PING_EVERY, PING_WAIT, CLOSE_WAIT = 5, 5, 0.2
NOT_SIGNED_IN = 4401


async def follow(
    url: str,
    token: str,
    channels: Sequence[str],
    *,
    clinic_id: UUID | None = None,
    since: int | None = None,
    fresh_token: FreshToken | None = None,
    jitter: Callable[[], float] = random.random,
) -> AsyncGenerator[Told, None]:
    """Follow channels for ever, telling of each event once and in order, and of the connection's state.

    Starts after `since`, or with what happens from now on. Raises Rejected when the server refuses a channel,
    or the token and what `fresh_token` gives for it. The delay before a new try doubles from 0.5 s to 15 s,
    times 0.5 to 1. A connection that went silent is noticed within 10 s.
    """
    address = url.replace("http", "ws", 1).rstrip("/") + "/v1/realtime/ws"
    delay, seq, renewed = FIRST_DELAY, since, False
    while True:
        try:
            async with connect(
                address,
                max_size=None,
                ping_interval=PING_EVERY,
                ping_timeout=PING_WAIT,
                close_timeout=CLOSE_WAIT,
            ) as socket:
                await socket.send(_frame(type="authenticate", token=token, clinicId=clinic_id))
                authenticated = _expect(await socket.recv(), "authenticated")
                await socket.send(_frame(type="subscribe", channels=list(channels), since=seq, batch=True))
                subscribed = _expect(await socket.recv(), "subscribed")
                seq = int(subscribed["seq"]) if seq is None else seq
                yield Live(seq=seq, server_time=datetime.fromisoformat(authenticated["serverTime"]))
                delay, renewed = FIRST_DELAY, False
                async for raw in socket:
                    for told in _told(raw):
                        seq = max(seq, told.seq)
                        yield told
                why = "the server closed the connection"
        except (OSError, TimeoutError, WebSocketException) as error:
            why = str(error) or type(error).__name__
            if isinstance(error, ConnectionClosed) and error.rcvd and error.rcvd.code == NOT_SIGNED_IN:
                if fresh_token is None or renewed:
                    raise Rejected(
                        "The server does not accept this token any more. Sign in again."
                    ) from error
                try:
                    token, renewed = await fresh_token(token), True
                    continue
                except Unreachable as away:
                    why = str(away)
        wait = delay * (0.5 + jitter() / 2)
        yield Lost(why=why, retry_in=wait)
        await asyncio.sleep(wait)
        delay = min(delay * 2, LONGEST_DELAY)


def _frame(**fields: object) -> str:
    return msgspec.json.encode({k: v for k, v in fields.items() if v is not None}).decode()


class _Frame(msgspec.Struct):
    """What says of which kind a frame is, and the events of a batch."""

    type: str
    seq: int = 0
    payload: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    events: list[Event] = msgspec.field(default_factory=list)


def _expect(raw: str | bytes, kind: str) -> dict[str, Any]:
    frame: dict[str, Any] = msgspec.json.decode(raw)
    if frame["type"] == "error":
        raise Rejected(f"The live feed refused {frame.get('channel', 'the connection')}: {frame['error']}")
    if frame["type"] != kind:
        raise Rejected(f"The live feed answered {frame['type']} where {kind} was due.")
    return frame


def _told(raw: str | bytes) -> list[Event | Resync]:
    frame = msgspec.json.decode(raw, type=_Frame)
    if frame.type == "resync":
        return [Resync(seq=frame.seq)]
    if frame.payload is msgspec.UNSET:
        return [*frame.events]
    return [msgspec.json.decode(raw, type=Event)]
