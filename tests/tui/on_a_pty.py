"""A desk process on a pseudo-terminal of 120x36: what it has written, and how it ends."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
RESTORED = b"\x1b[?1049l"
PLAYED = HERE / "desk_on_a_terminal.py"
NOTHING: Mapping[str, str] = MappingProxyType({})


class Terminal:
    """`shown` is all that the process has written."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.shown = b""
        self._master, slave = pty.openpty()
        size = {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "36", "PYTHONPATH": str(HERE.parent)}
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env={**os.environ, **size, **environment},
        )
        os.close(slave)

    def press(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def wait_for(self, words: bytes, within: float = 30) -> None:
        end = time.monotonic() + within
        while words not in self.shown:
            left = end - time.monotonic()
            assert left > 0, self.shown[-2000:]
            self._read(left)

    def ends_by(self, number: signal.Signals, within: float = 30) -> float:
        """Send a signal, take what is still written, and answer how long the process took to go."""
        self.process.send_signal(number)
        began = time.monotonic()
        while self.process.poll() is None:
            assert time.monotonic() - began < within
            self._read(0.01)
        took = time.monotonic() - began
        while self._read(0):
            pass
        return took

    def hang_up(self) -> None:
        """Let the terminal go, without a signal."""
        os.close(self._master)
        self._master = -1

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            self.hang_up()

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            more = os.read(self._master, 65536)
        except OSError:
            return False
        self.shown += more
        return bool(more)


@contextmanager
def on_a_pty(*command: str | Path, environment: Mapping[str, str] = NOTHING) -> Iterator[Terminal]:
    """Run a Python program with its arguments until the end of the block."""
    terminal = Terminal([sys.executable, *map(str, command)], environment)
    try:
        yield terminal
    finally:
        terminal.end()
