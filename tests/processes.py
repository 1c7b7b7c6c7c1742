"""Server processes of their own, to be raced and killed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import msgspec

from deskcal.server.worker import PLAN, Plan

# As `deskcal serve` does it: given a descriptor, uvicorn's own command would take it for a Unix socket.
LISTEN = """
import socket, sys, uvicorn
from deskcal.server.worker import from_environment
config = uvicorn.Config(from_environment(), ws="websockets-sansio", log_config=None, access_log=False)
uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(sys.argv[1]))])
"""


@dataclass(frozen=True)
class ServerProcess:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Kill it as kill -9 does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def server_process(plan: Plan, *, port: int = 0) -> Iterator[ServerProcess]:
    """Run one server process on a port, until the end of the block; gives it once it is ready."""
    with socket.create_server(("127.0.0.1", port), backlog=2048) as bound:
        bound.set_inheritable(True)
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", LISTEN, str(bound.fileno())),
            ],
            env=os.environ | {PLAN: msgspec.json.encode(plan).decode()},
            pass_fds=[bound.fileno()],
        )
    try:
        wait_ready(url, process)
        yield ServerProcess(url, process)
    finally:
        process.terminate()
        process.wait()


def wait_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    """Return once the server says that it is ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz", timeout=1).is_success:
                return
        except httpx.TransportError:
            pass
    raise AssertionError(f"no server at {url}: exit code {process.poll()}")
