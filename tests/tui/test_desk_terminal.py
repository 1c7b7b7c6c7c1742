"""The desk on a real terminal: no key of one write is lost, and however it ends, nothing dangles."""

import select
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.on_a_pty import PLAYED, RESTORED, Terminal, on_a_pty

WEEK, DAY = b"\x1bOS", b"\x1bOR"
SHARED_MACHINE = 3


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Give the file that has every call the desk made."""
    return tmp_path / "calls"


@pytest.fixture
def terminal(notes: Path) -> Iterator[Terminal]:
    with on_a_pty(PLAYED, notes) as terminal:
        yield terminal


def test_one_write_books(terminal: Terminal, notes: Path) -> None:
    """A whole booking that arrives as one read is booked: moves, Enter, the name, Enter, Enter."""
    terminal.wait_for(b"30m")
    terminal.press(b"jjlll\rnovak\r\r")
    terminal.wait_for(b"booked B-20")
    asked = notes.read_text().splitlines()
    assert asked.count("reserve") == asked.count("confirm") == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_signal_releases_and_restores(terminal: Terminal, notes: Path, number: signal.Signals) -> None:
    """SIGTERM and SIGHUP release the hold, restore the terminal, and end within half a second."""
    terminal.wait_for(b"30m")
    terminal.press(b"jjlll\r")
    terminal.wait_for(b"Held for you")
    took = terminal.ends_by(number, within=5)
    assert "release" in notes.read_text().splitlines()
    assert RESTORED in terminal.shown
    assert took < 0.5 * SHARED_MACHINE


def test_lost_terminal_with_much_to_draw(terminal: Terminal, notes: Path) -> None:
    """What is still to be drawn when the terminal goes does not keep the desk from ending."""
    terminal.wait_for(b"30m")
    terminal.press(b"jjlll\r")
    terminal.wait_for(b"Held for you")
    for _ in range(40):
        terminal.press(WEEK + DAY)
    asked = -1
    while asked != (asked := notes.stat().st_size):
        select.select([], [], [], 1)  # a desk that asks for nothing any more is stuck in what it draws
    terminal.hang_up()
    terminal.process.wait(timeout=10)
    assert "release" in notes.read_text().splitlines()


def test_lost_terminal(terminal: Terminal) -> None:
    """When the terminal is gone, and no signal came, the desk notices and ends."""
    terminal.wait_for(b"30m")
    terminal.hang_up()
    terminal.process.wait(timeout=10)
