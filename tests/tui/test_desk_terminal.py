"""The desk on a real terminal: no key of one write is lost, and however it ends, nothing dangles."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
WEEK, DAY = b"\x1bOS", b"\x1bOR"
RESTORED = b"\x1b[?1049l"
SHARED_MACHINE = 3


@dataclass(kw_only=True)
class Terminal:
    """A desk process on a pseudo-terminal; `shown` is all it has written."""

    process: subprocess.Popen[bytes]
    master: int
    notes: Path
    shown: bytes = b""

    def wait_for(self, words: bytes, within: float = 20) -> None:
        end = time.monotonic() + within
        while words not in self.shown:
            left = end - time.monotonic()
            assert left > 0, self.shown[-2000:]
            if select.select([self.master], [], [], left)[0]:
                self._read()

    def ends(self, within: float) -> float:
        """Wait for the end; answers how long it took."""
        began = time.monotonic()
        while self.process.poll() is None:
            assert time.monotonic() - began < within
            if select.select([self.master], [], [], 0.01)[0]:
                self._read()
        while select.select([self.master], [], [], 0)[0] and self._read():
            pass
        return time.monotonic() - began

    def gets_stuck(self) -> None:
        """Read nothing until the desk asks for nothing any more: what it draws has no place to go."""
        asked = -1
        while asked != (asked := self.notes.stat().st_size):
            select.select([], [], [], 1)

    def _read(self) -> bool:
        try:
            more = os.read(self.master, 65536)
        except OSError:
            return False
        self.shown += more
        return bool(more)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    notes = tmp_path / "calls"
    process = subprocess.Popen(
        [sys.executable, str(HERE / "desk_on_a_terminal.py"), str(notes)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env=os.environ
        | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "36", "PYTHONPATH": str(HERE.parent)},
    )
    os.close(slave)
    opened = Terminal(process=process, master=master, notes=notes)
    yield opened
    if process.poll() is None:
        process.kill()
        process.wait()
    if opened.master >= 0:
        os.close(opened.master)


def test_one_write_books(terminal: Terminal) -> None:
    """A whole booking that arrives as one read is booked: moves, Enter, the name, Enter, Enter."""
    terminal.wait_for(b"30m")
    os.write(terminal.master, b"jjlll\rnovak\r\r")
    terminal.wait_for(b"booked B-20")
    asked = terminal.notes.read_text().splitlines()
    assert asked.count("reserve") == asked.count("confirm") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_releases_and_restores(terminal: Terminal, number: signal.Signals) -> None:
    """SIGTERM and SIGHUP release the hold, restore the terminal, and end within half a second."""
    terminal.wait_for(b"30m")
    os.write(terminal.master, b"jjlll\r")
    terminal.wait_for(b"Held for you")
    terminal.process.send_signal(number)
    took = terminal.ends(within=5)
    assert "release" in terminal.notes.read_text().splitlines()
    assert RESTORED in terminal.shown
    assert took < 0.5 * SHARED_MACHINE


def test_lost_terminal_with_much_to_draw(terminal: Terminal) -> None:
    """What is still to be drawn when the terminal goes does not keep the desk from ending."""
    terminal.wait_for(b"30m")
    os.write(terminal.master, b"jjlll\r")
    terminal.wait_for(b"Held for you")
    for _ in range(40):
        os.write(terminal.master, WEEK + DAY)
    terminal.gets_stuck()
    os.close(terminal.master)
    terminal.master = -1
    terminal.process.wait(timeout=10)
    assert "release" in terminal.notes.read_text().splitlines()


def test_lost_terminal(terminal: Terminal) -> None:
    """When the terminal is gone, and no signal came, the desk notices and ends."""
    terminal.wait_for(b"30m")
    os.close(terminal.master)
    terminal.master = -1
    terminal.process.wait(timeout=10)
