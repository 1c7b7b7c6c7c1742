"""A program on a pseudo-terminal: what it writes, when that has arrived, and what it costs."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import psutil  # type: ignore[import-untyped]

WIDE, SMALL = (120, 36), (80, 24)
SYNC_ASKED, SYNC_KNOWN, SYNC_ENDS = b"\x1b[?2026$p", b"\x1b[?2026;1$y", b"\x1b[?2026l"
RESTORED = b"\x1b[?1049l"
PATIENCE, STILL, SIP = 30.0, 0.4, 512


class Terminal:
    """Runs a program. `shown` is all that it has written; times are of `time.perf_counter`.

    `pace` is how many bytes a second the line to it carries, 0 any number. It tells the program that it
    knows synchronized updates, so that the end of each one can be seen.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.shown = bytearray()
        self.pace = 0
        self.began = time.perf_counter()
        self._marks_updates = False
        self._master, slave = pty.openpty()
        self._resize(WIDE)
        self.process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=_plain() | {"TERM": "xterm-256color", **environment},
        )
        os.close(slave)
        self._usage = psutil.Process(self.process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)

    @property
    def cpu(self) -> float:
        """Seconds of a processor that it has used."""
        used = self._usage.cpu_times()
        return float(used.user + used.system)

    @property
    def rss(self) -> float:
        """Megabytes of memory."""
        return float(self._usage.memory_info().rss) / 1e6

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def until(self, pattern: bytes, since: int | None = None) -> float:
        """Read until a pattern came after `since`, or after what is read by now, with all of its update.

        Answers when that was.
        """
        begin, wanted = len(self.shown) if since is None else since, re.compile(pattern)
        end = time.perf_counter() + PATIENCE
        while not self._complete(wanted.search(self.shown, begin)):
            if (left := end - time.perf_counter()) < 0 or not self.read(left):
                raise TimeoutError(f"{pattern!r} never came after {bytes(self.shown[begin:][-1500:])!r}")
        return time.perf_counter()

    def _complete(self, found: re.Match[bytes] | None) -> bool:
        return found is not None and (not self._marks_updates or SYNC_ENDS in self.shown[found.end() :])

    def key(self, keys: bytes, pattern: bytes) -> float:
        """Type keys; answers how many seconds it took until the pattern stood on the terminal."""
        since, began = len(self.shown), time.perf_counter()
        self.type(keys)
        return self.until(pattern, since) - began

    def rest(self, seconds: float = STILL) -> float:
        """Read until nothing has come for so long; answers when the last of it came."""
        last = time.perf_counter()
        while self.read(seconds):
            last = time.perf_counter()
        return last

    def watch(self, seconds: float) -> int:
        """Read for so long; answers how many bytes came."""
        before, end = len(self.shown), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self.read(left)
        return len(self.shown) - before

    def read(self, seconds: float) -> bool:
        """Read once; False when nothing came within so many seconds, or the program is gone."""
        if not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return False
        try:
            more = os.read(self._master, SIP if self.pace else 65536)
        except OSError:
            return False
        if self.pace:
            time.sleep(len(more) / self.pace)
        self.shown += more
        if SYNC_ASKED in more:
            self._marks_updates = True
            self.type(SYNC_KNOWN)
        return bool(more)

    def resized(self, size: tuple[int, int], pattern: bytes) -> float:
        """Change its size; answers how many seconds it took until the pattern stood there."""
        since, began = len(self.shown), time.perf_counter()
        self._resize(size)
        self.process.send_signal(signal.SIGWINCH)
        return self.until(pattern, since) - began

    def _resize(self, size: tuple[int, int]) -> None:
        columns, lines = size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def end_by(self, number: signal.Signals) -> float:
        """Send a signal; answers how many seconds the program took to end."""
        began = time.perf_counter()
        self.process.send_signal(number)
        while self.process.poll() is None and time.perf_counter() < began + PATIENCE:
            self.read(0.005)
        took = time.perf_counter() - began
        with suppress(OSError):
            while self.read(0):
                pass
        return took


def _plain() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE"}
    }
