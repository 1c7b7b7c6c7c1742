"""`deskcal serve` with a data folder of its own, to be killed piece by piece."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskcal.server.folder import Address, forget_address, read_address
from deskcal.store.embedded import Cluster, prepare

DATABASE = "deskcal"


class Serving:
    """The command as an operator runs it. The port stays the same from start to start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None
        self.port = "0"

    @property
    def address(self) -> Address:
        """Where it answers, as it left word in its folder."""
        found = read_address(self.folder)
        assert found is not None
        return found

    @property
    def cluster(self) -> Cluster:
        return prepare(self.folder / "postgres")

    @property
    def database_url(self) -> str:
        return self.cluster.url(database=DATABASE)

    def start(self) -> None:
        """Return once it answers."""
        forget_address(self.folder)
        command = [sys.executable, "-m", "deskcal", "--data-dir", str(self.folder), "serve"]
        process = subprocess.Popen(
            [*command, "--port", self.port], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.process = process
        said = process.stdout.readline() if process.stdout else b""
        assert said.startswith(b"deskcal ready on "), said
        self.port = self.address.url.rpartition(":")[2]

    def kill(self) -> None:
        """Kill the server as kill -9 does; its PostgreSQL goes on."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def kill_postgresql(self) -> None:
        """Kill PostgreSQL as kill -9 does; the server has to start it again."""
        postmaster, *_ = (self.folder / "postgres" / "postmaster.pid").read_text().splitlines()
        os.kill(int(postmaster), signal.SIGKILL)


@contextmanager
def serving(folder: Path) -> Iterator[Serving]:
    """Give a server that is stopped in the end, with its PostgreSQL."""
    found = Serving(folder)
    try:
        yield found
    finally:
        if found.process is not None:
            found.process.terminate()
            found.process.communicate()
        found.cluster.stop()
