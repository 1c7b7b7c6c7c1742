"""A load generator: keep-alive connections, each asking again as soon as it is answered."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import cast

import uvloop

LENGTH = b"content-length: "


class _Asker(asyncio.Protocol):
    """One connection; reads as much of an answer as it takes to know where it ends."""

    def __init__(self, request: bytes, done: asyncio.Future[None]) -> None:
        self.request = request
        self.done = done
        self.answered = 0
        self.missing = 0
        self.head = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self.missing:
            self.missing -= len(data)
        else:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self.head.startswith(b"HTTP/1.1 200"):
                self._fail(RuntimeError(self.head.decode(errors="replace")))
                return
            at = self.head.find(LENGTH) + len(LENGTH)
            length = int(self.head[at : self.head.find(b"\r", at)])
            self.missing, self.head = length - (len(self.head) - end - 4), b""
        if not self.missing:
            self.answered += 1
            self.transport.write(self.request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionResetError("the server hung up"))

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def requests_per_second(port: int, request: bytes, *, connections: int, seconds: float) -> float:
    """Ask for so long over so many connections; raises RuntimeError for any answer but 200."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_ask(port, request, connections, seconds))


async def _ask(port: int, request: bytes, connections: int, seconds: float) -> float:
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    askers: Sequence[_Asker] = [
        (await loop.create_connection(lambda: _Asker(request, done), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    before, start = sum(asker.answered for asker in askers), time.perf_counter()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(done), seconds)
    took, answered = time.perf_counter() - start, sum(asker.answered for asker in askers) - before
    done.cancel()
    for asker in askers:
        asker.transport.abort()
    return answered / took
