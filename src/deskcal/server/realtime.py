"""`/v1/realtime/ws`: one connection, its channels, and no more than ten frames a second."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Collection
from contextlib import AsyncExitStack
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect

from deskcal.core.access import INSTALLATION, Actor
from deskcal.core.clinic import Provider
from deskcal.core.refusals import Refusal
from deskcal.server.authentication import Authenticator
from deskcal.server.context import Context, Here
from deskcal.server.events import Message
from deskcal.store.database import Unavailable
from deskcal.wire.realtime import ClientFrame

FIRST_FRAME_SECONDS = 5.0
UNAUTHENTICATED = 4401
FRAMES, PER_SECONDS = 10, 1.0
MOST_PENDING, MOST_PENDING_BATCHED = 200, 5000
SYNONYMS = {("provider", "availability"): "provider", ("user", "bookings"): "user"}

Socket = WebSocket[Any, Any, Any]


class Connection:
    """One watcher: what it may hear, where it stands, what waits to be sent.

    `channels` has the seq up to which each was told, or need not be; `seq` is how far the log was read.
    """

    def __init__(self, socket: Socket, context: Context, actor: Actor) -> None:
        self.socket = socket
        self.context = context
        self.actor = actor
        self.channels: dict[str, int] = {}
        self.batch = False
        self.seq: int | None = None
        self.pending: OrderedDict[tuple[str, str], Message] = OrderedDict()
        self.sent: deque[float] = deque(maxlen=FRAMES)
        self.waiting = asyncio.Event()
        self.resync: int | None = None
        self.collecting: asyncio.Task[None] | None = None
        self.sending: asyncio.Task[None] | None = None
        self.stack = AsyncExitStack()
        self.lock = asyncio.Lock()

    async def answer(self, **frame: object) -> None:
        """Send a frame of the conversation, which is not counted as an event."""
        async with self.lock:
            await self.socket.send_data(msgspec.json.encode(frame).decode())

    async def handle(self, frame: ClientFrame) -> None:
        """Do what the client asks; what it may not have is refused by channel and the connection stays."""
        match frame.type:
            case "subscribe":
                await self._subscribe(frame)
            case "unsubscribe":
                for name in frame.channels:
                    self.channels.pop(_canonical(name), None)
                await self.answer(type="unsubscribed", channels=frame.channels)
            case "ping":
                await self.answer(type="pong", serverTime=self.context.now())
            case other:
                await self.answer(
                    type="error", error="VALIDATION_FAILED", detail=f"unknown frame type {other}"
                )

    async def _subscribe(self, frame: ClientFrame) -> None:
        allowed = [name for name in frame.channels if await self._may(_canonical(name))]
        for name in frame.channels:
            if name not in allowed:
                await self.answer(type="error", error="FORBIDDEN", channel=name)
        if not allowed:
            return
        if self.seq is None:
            watching = self.context.feed.watch(self.actor.clinic_id)
            self.seq = await self.stack.enter_async_context(watching)
            self.sending = asyncio.create_task(self._send_on())
        elif self.collecting:
            self.collecting.cancel()
        told = {name: max(seq, self.seq) for name, seq in self.channels.items()}
        newest = max([self.seq, *told.values()])
        start = newest if frame.since is None else min(newest, max(frame.since, 0))
        self.seq = min(self.seq, start)
        self.channels = told | {_canonical(name): start for name in allowed}
        self.batch = self.batch or frame.batch
        await self.answer(type="subscribed", channels=allowed, seq=newest)
        self.collecting = asyncio.create_task(self._collect())

    async def _may(self, channel: str) -> bool:
        """Tell whether the caller may hear a channel; one of another clinic is not there for anybody."""
        kind, _, rest = channel.partition(":")
        actor = self.actor
        if actor.clinic_id == INSTALLATION:
            return False
        match kind:
            case "clinic":
                return actor.is_staff and rest == str(actor.clinic_id)
            case "user":
                return rest in {actor.sub, str(actor.patient_id)}
            case "provider":
                return rest in {str(one.id) for one in await self._providers()}
            case "location":
                place = rest.partition(":")[0]
                return place in {str(one.location_id) for one in await self._providers()}
        return False

    async def _providers(self) -> Collection[Provider]:
        async with self.context.database.read(self.actor.clinic_id) as tx:
            return (await self.context.board.catalog_within(tx)).providers.values()

    async def _collect(self) -> None:
        """Queue what is told, also while the sender waits for its turn: later states replace earlier ones."""
        feed, clinic_id = self.context.feed, self.actor.clinic_id
        while True:
            try:
                told = await feed.after(clinic_id, self.seq or 0)
            except Unavailable:
                await asyncio.sleep(PER_SECONDS)
                continue
            if told is None:
                self._give_up(feed.newest(clinic_id))
                continue
            for one in told:
                for message in one.messages:
                    if one.seq > self.channels.get(message.channel, one.seq):
                        self._queue(message, one.seq)
                self.seq = one.seq
            if len(self.pending) > (MOST_PENDING_BATCHED if self.batch else MOST_PENDING):
                self._give_up(self.seq or 0)

    def _queue(self, message: Message, seq: int) -> None:
        about = f"{message.about}@{seq}" if self.batch else message.about
        self.pending.pop((message.channel, about), None)
        self.pending[message.channel, about] = message
        self.waiting.set()

    def _give_up(self, seq: int) -> None:
        """Tell the client to fetch anew instead of all that waits."""
        self.pending.clear()
        self.seq, self.resync = seq, seq
        self.waiting.set()

    async def _send_on(self) -> None:
        """Send what waits: as one frame to those that take batches, else one by one, ten a second."""
        while True:
            await self.waiting.wait()
            if len(self.sent) == FRAMES:
                await asyncio.sleep(max(0.0, self.sent[0] + PER_SECONDS - time.monotonic()))
            self.sent.append(time.monotonic())
            if self.resync is not None:
                body, self.resync = b'{"type":"resync","seq":%d}' % self.resync, None
            elif self.batch and len(self.pending) > 1:
                joined = b",".join(message.body for message in self.pending.values())
                body = b'{"type":"batch","seq":%d,"events":[%b]}' % (self.seq or 0, joined)
                self.pending.clear()
            else:
                body = self.pending.popitem(last=False)[1].body
            if not self.pending:
                self.waiting.clear()
            async with self.lock:
                await self.socket.send_data(body.decode())

    async def close(self) -> None:
        """Stop telling and let go of the clinic."""
        for task in (self.sending, self.collecting):
            if task:
                task.cancel()
        await self.stack.aclose()


def _canonical(name: str) -> str:
    """Spell a channel the one way: `provider.ID.availability` is `provider:ID`."""
    parts = name.split(".")
    if len(parts) == 3 and (parts[0], parts[2]) in SYNONYMS:  # noqa: PLR2004  kind, id, what
        return f"{parts[0]}:{parts[1]}"
    return name


@websocket("/v1/realtime/ws")
async def realtime(socket: Socket, context: Here, authenticator: NamedDependency[Authenticator]) -> None:
    """Follow channels of a clinic, from now or from a seq on."""
    await socket.accept()
    try:
        actor = await asyncio.wait_for(_authenticate(socket, authenticator), FIRST_FRAME_SECONDS)
    except (Refusal, TimeoutError, msgspec.DecodeError):
        await socket.close(code=UNAUTHENTICATED, reason="authenticate first")
        return
    except WebSocketDisconnect:
        return
    connection = Connection(socket, context, actor)
    try:
        await connection.answer(type="authenticated", serverTime=context.now())
        while True:
            raw = await socket.receive_text()
            try:
                frame = msgspec.json.decode(raw, type=ClientFrame)
            except msgspec.DecodeError as error:
                await connection.answer(type="error", error="VALIDATION_FAILED", detail=str(error))
                continue
            await connection.handle(frame)
    except WebSocketDisconnect:
        pass
    finally:
        await connection.close()


async def _authenticate(socket: Socket, authenticator: Authenticator) -> Actor:
    frame = msgspec.json.decode(await socket.receive_text(), type=ClientFrame)
    clinic = None if frame.clinic_id is None else str(frame.clinic_id)
    return await authenticator.actor(frame.token or "" if frame.type == "authenticate" else "", clinic)
