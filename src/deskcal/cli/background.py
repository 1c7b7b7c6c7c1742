"""A server in a process of its own, for the commands that need one to be there."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from deskcal.cli.exits import Exit, Failure
from deskcal.server.folder import Address, read_address

WAIT_SECONDS = 150
POLL_SECONDS = 0.05
LOG = "serve.log"


def start(folder: Path, arguments: Sequence[str] = (), *, alone: bool = False) -> subprocess.Popen[bytes]:
    """Start `deskcal serve` on a data folder, out of reach of this terminal's Ctrl-C; it logs there.

    With `alone` it keeps its database in the folder, whatever DESKCAL_DATABASE_URL says.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    not_its_own = ("DESKCAL_DATABASE_URL", "DESKCAL_DATABASE_ADMIN_URL") if alone else ()
    environment = {name: value for name, value in os.environ.items() if name not in not_its_own}
    with (folder / LOG).open("wb") as log:
        return subprocess.Popen(  # noqa: S603  it starts itself
            [sys.executable, "-m", "deskcal", "--data-dir", str(folder), "serve", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )


def wait_ready(process: subprocess.Popen[bytes], folder: Path) -> Address:
    """Give its address once it answers. Raises Failure with its own words when it ends, or after 150 s."""
    deadline = time.monotonic() + WAIT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        address = read_address(folder)
        if address is not None and f"ready on {address.url}\n" in (folder / LOG).read_text():
            return address
        time.sleep(POLL_SECONDS)
    said = (folder / LOG).read_text().strip().removeprefix("deskcal: ")
    code = process.poll()
    if code is None:
        process.terminate()
        raise Failure(f"The server was not ready after {WAIT_SECONDS} seconds. {said}", Exit.UNREACHABLE)
    raise Failure(f"The server did not start. {said}", Exit(code) if code in set(Exit) else Exit.UNEXPECTED)
