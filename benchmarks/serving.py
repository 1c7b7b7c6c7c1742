"""An ASGI application in a process of its own, with the uvicorn settings of `deskcal serve`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
import uvicorn

from deskcal.server.worker import PLAN, Plan

WAIT_SECONDS = 30.0


@contextmanager
def serving(factory: str, environment: Mapping[str, str]) -> Iterator[int]:
    """Serve what `module:factory` makes until the end of the block; gives the port once it is ready."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as bound:
        port: int = bound.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.serving", factory, str(bound.fileno())],
            env=os.environ | environment,
            pass_fds=[bound.fileno()],
        )
    try:
        _wait_ready(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


@contextmanager
def deskcal_serving(plan: Plan) -> Iterator[int]:
    """Serve deskcal; gives the port."""
    with serving(
        "deskcal.server.worker:from_environment", {PLAN: msgspec.json.encode(plan).decode()}
    ) as port:
        yield port


def _wait_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
                client.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
                if client.recv(64).startswith(b"HTTP/1.1 200"):
                    return
        except OSError:
            pass
        time.sleep(0.05)
    raise RuntimeError(f"nothing is ready on port {port}: exit code {process.poll()}")


def _serve(factory: str, number: int) -> None:
    # uvicorn's own --fd takes every socket for a unix one: without TCP_NODELAY an answer waits 40 ms.
    config = uvicorn.Config(
        factory,
        factory=True,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=number)])


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
