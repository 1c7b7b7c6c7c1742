"""Callers over HTTP: many at once, spread over several server processes."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

TAKEN_CODES = {
    *("SLOT_ALREADY_BOOKED", "SLOT_HELD", "ROOM_ALREADY_BOOKED", "PATIENT_ALREADY_BOOKED"),
    "EQUIPMENT_UNAVAILABLE",
}


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request to make; `seen` is the version that the caller saw, or `*` for any."""

    path: str
    body: dict[str, Any]
    key: str | None = None
    method: str = "POST"
    seen: int | str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers that go with it."""
        key = {"Idempotency-Key": self.key} if self.key else {}
        return key | ({"If-Match": str(self.seen)} if self.seen else {})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of it, after how many seconds."""

    status: int
    text: str
    headers: httpx.Headers
    body: dict[str, Any]
    seconds: float

    @property
    def error(self) -> str | None:
        """The code of a problem."""
        return self.body.get("error")

    @property
    def replayed(self) -> bool:
        """Whether it is the first answer over again."""
        return "Idempotency-Replayed" in self.headers


class Callers:
    """Desks with a connection each: one shared pool would take longer than the servers do."""

    def __init__(self, desks: Sequence[httpx.AsyncClient]) -> None:
        self.desks = desks

    async def ask(self, desk: int, asked: Ask) -> Answer:
        """Ask from one desk. Raises httpx.TransportError when its server is away."""
        began = time.perf_counter()
        found = await self.desks[desk].request(
            asked.method,
            asked.path,
            json=asked.body or None,
            headers=asked.headers,
        )
        return Answer(
            status=found.status_code,
            text=found.text,
            headers=found.headers,
            body=found.json() if found.content else {},
            seconds=time.perf_counter() - began,
        )

    async def at_once(self, asks: Sequence[Ask]) -> list[Answer]:
        """Ask all of it at the same time, each from a desk of its own."""
        return await asyncio.gather(*(self.ask(desk, asked) for desk, asked in enumerate(asks)))


@asynccontextmanager
async def callers(addresses: Sequence[str], headers: dict[str, str], desks: int) -> AsyncIterator[Callers]:
    """Open as many desks, spread evenly over the servers."""
    trust = ssl.create_default_context()
    async with AsyncExitStack() as stack:
        yield Callers(
            [
                await stack.enter_async_context(
                    httpx.AsyncClient(
                        base_url=addresses[desk % len(addresses)], headers=headers, timeout=60, verify=trust
                    )
                )
                for desk in range(desks)
            ]
        )
