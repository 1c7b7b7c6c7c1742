"""A live feed that says what a benchmark wants, to the one desk that follows it."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from benchmarks.town import PROVIDER, SERVICE, Town
from deskcal.core.slot import slot_id

HALF_HOUR = timedelta(minutes=30)


class Feed:
    """The last desk that came is the one that is told."""

    def __init__(self) -> None:
        self.url = ""
        self._desk: ServerConnection | None = None

    def greet(self, desk: ServerConnection) -> None:
        """Let a desk sign in and subscribe, and keep it until it goes."""
        desk.recv()
        desk.send(_frame(type="authenticated", serverTime=datetime.now(UTC)))
        desk.recv()
        desk.send(_frame(type="subscribed", seq=0, channels=["clinic"]))
        self._desk = desk
        with suppress(ConnectionClosed):
            desk.recv()

    def tell(self, events: Sequence[dict[str, Any]]) -> None:
        """Send events as the server does: several in one frame."""
        if self._desk is None:
            raise ConnectionError("no desk follows the feed")
        self._desk.send(
            _frame(**events[0]) if len(events) == 1 else _frame(type="batch", seq=0, events=events)
        )


def _frame(**facts: object) -> str:
    return msgspec.json.encode(facts).decode()


@contextmanager
def feeding() -> Iterator[Feed]:
    """Play the feed until the end of the block."""
    feed = Feed()
    with serve(feed.greet, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        feed.url = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        yield feed
        server.shutdown()
        thread.join()


def slot_event(
    town: Town, lane: int, start: datetime, status: str, *, by: str | None = None
) -> dict[str, Any]:
    """Say what became of half an hour of a provider."""
    provider, service = town.ident(PROVIDER, lane), town.ident(SERVICE, 0)
    payload = {
        "timeslotId": slot_id(provider, service, start),
        "providerId": provider,
        "serviceId": service,
        "date": start.date(),
        "start": start,
        "end": start + HALF_HOUR,
        "busyStart": start,
        "busyEnd": start + HALF_HOUR,
        "status": status,
        "heldUntil": datetime.now(UTC) + timedelta(seconds=100) if by else None,
        "heldBy": by,
    }
    metadata = {"eventId": "1", "timestamp": datetime.now(UTC)}
    return {
        "type": "timeslot.updated",
        "channel": "clinic",
        "seq": 0,
        "payload": payload,
        "metadata": metadata,
    }
