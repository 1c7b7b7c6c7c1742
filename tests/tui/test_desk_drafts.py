"""A booking put aside is there again: later, after a restart, and after the desk was killed."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.memory.memory import Memory
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, day, screen_text, sees, typed, until

HERE = Path(__file__).parent
TO_PEREZ_1030 = ("down", "down", "right", "right", "right")
Start = Callable[[], DeskApp]


@pytest.fixture
def start(clinic: PlayedClinic, clock: Clock, tmp_path: Path) -> Start:
    """Start a desk on the folder that the ones before it used."""

    async def dial() -> PlayedClinic:
        return clinic

    def started() -> DeskApp:
        memory = Memory(tmp_path, url="http://played")
        return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, memory=memory)

    return started


async def hold(pilot: Desk, text: str) -> None:
    await sees(pilot, "LIVE", "+ 30m")
    burst(pilot, *TO_PEREZ_1030, "enter")
    await sees(pilot, "Held for you")
    await typed(pilot, text)


async def test_put_aside_and_taken_up(start: Start, clinic: PlayedClinic) -> None:
    """ctrl+s keeps patient and reason and releases the hold; Enter in the queue holds it again with both."""
    async with start().run_test(size=(120, 36)) as pilot:
        await hold(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        burst(pilot, "enter", "tab", *"cough")
        await sees(pilot, "cough")
        burst(pilot, "ctrl+s")
        await sees(pilot, "Draft kept", "F8 takes it up again")
        await until(pilot, lambda: "release" in clinic.calls)
        assert day(pilot).hold is None
        burst(pilot, "f8")
        await sees(pilot, "DRAFT", "Novak, Eva  Mon 24 Nov 10:30 Dr Perez", "draft, NOT held")
        burst(pilot, "enter")
        await sees(pilot, "Held for you", "Novak, Eva", "cough")
        burst(pilot, "enter")
        await sees(pilot, "booked B-20")
        assert pilot.app.desk.memory.drafts.all() == []  # type: ignore[attr-defined]


async def test_words_before_a_patient_was_found(start: Start) -> None:
    """Text that found nobody yet is kept as it was typed, over a restart."""
    async with start().run_test(size=(80, 24)) as pilot:
        await hold(pilot, "lop mar")
        burst(pilot, "ctrl+s")
        await sees(pilot, "Draft kept")
    async with start().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE")
        burst(pilot, "f8")
        await sees(pilot, "DRAFT", "lop mar  Mon 24 10:30 Perez")
        burst(pilot, "enter")
        await sees(pilot, "Held for you", "lop mar")


async def test_time_is_gone(start: Start, clinic: PlayedClinic) -> None:
    """When the time of a draft is taken, other times are offered; esc leaves the draft where it was."""
    async with start().run_test(size=(120, 36)) as pilot:
        await hold(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        burst(pilot, "enter", "ctrl+s")
        await sees(pilot, "Draft kept")
        clinic.other_desk(3, 10, 30, books=True)
        burst(pilot, "f8")
        await sees(pilot, "DRAFT")
        burst(pilot, "enter")
        await sees(pilot, "SLOT TAKEN", "for Novak, Eva")
        burst(pilot, "escape")
        await until(pilot, lambda: "SLOT TAKEN" not in screen_text(pilot))
        burst(pilot, "f8")
        await sees(pilot, "DRAFT", "Novak, Eva")


async def test_alternative_keeps_the_draft_until_it_is_booked(start: Start, clinic: PlayedClinic) -> None:
    """Another time taken for a draft carries what was typed, and its booking ends the draft."""
    async with start().run_test(size=(120, 36)) as pilot:
        await hold(pilot, "novak")
        await sees(pilot, "> Novak, Eva")
        burst(pilot, "enter", "tab", *"cough", "ctrl+s")
        await sees(pilot, "Draft kept")
        clinic.other_desk(3, 10, 30, books=True)
        burst(pilot, "f8")
        await sees(pilot, "DRAFT")
        burst(pilot, "enter")
        await sees(pilot, "SLOT TAKEN")
        burst(pilot, "1")
        await sees(pilot, "Held for you", "Novak, Eva", "cough")
        burst(pilot, "enter")
        await sees(pilot, "booked B-20")
        assert pilot.app.desk.memory.drafts.all() == []  # type: ignore[attr-defined]


async def test_discarding_asks(start: Start) -> None:
    """`del` asks before a draft goes, and esc keeps it."""
    async with start().run_test(size=(120, 36)) as pilot:
        await hold(pilot, "lop")
        burst(pilot, "ctrl+s")
        await sees(pilot, "Draft kept")
        burst(pilot, "f8", "delete")
        await sees(pilot, "Discard?", "Enter drops it")
        burst(pilot, "escape")
        await until(pilot, lambda: "Discard?" not in screen_text(pilot))
        await sees(pilot, "1 draft")
        burst(pilot, "delete")
        await sees(pilot, "Discard?")
        burst(pilot, "enter")
        await sees(pilot, "Nothing waits.")


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[Callable[[], "Terminal"]]:
    opened: list[Terminal] = []

    def start() -> Terminal:
        opened.append(Terminal(tmp_path))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.end()


class Terminal:
    """A desk process on a pseudo-terminal, remembering in a folder."""

    def __init__(self, folder: Path) -> None:
        self.master, slave = pty.openpty()
        size = {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "36", "PYTHONPATH": str(HERE.parent)}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "desk_on_a_terminal.py"), str(folder / "calls"), str(folder)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=os.environ | size,
        )
        os.close(slave)

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def wait_for(self, words: bytes, within: float = 30) -> None:
        shown, end = b"", time.monotonic() + within
        while words not in shown:
            left = end - time.monotonic()
            assert left > 0, shown[-2000:]
            if select.select([self.master], [], [], left)[0]:
                shown += os.read(self.master, 65536)

    def ends(self, number: signal.Signals, within: float = 30) -> None:
        """Send a signal and take what is still written, until the process is gone."""
        self.process.send_signal(number)
        end = time.monotonic() + within
        while self.process.poll() is None:
            assert time.monotonic() < end
            if select.select([self.master], [], [], 0.01)[0]:
                with suppress(OSError):
                    os.read(self.master, 65536)

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


def test_killed_desk_keeps_its_drafts(desks: Callable[[], Terminal]) -> None:
    """A draft is there again after kill -9, with what was typed; so is the day, before the server answers."""
    first = desks()
    first.wait_for(b"30m")
    first.press(b"jjlll\r")
    first.wait_for(b"Held for you")
    first.press(b"lop mar\x13")
    first.wait_for(b"Draft kept")
    first.ends(signal.SIGKILL)
    second = desks()
    second.wait_for(b"30m")
    second.press(b"\x1b[19~")
    second.wait_for(b"lop mar")


def test_signal_makes_a_draft(desks: Callable[[], Terminal]) -> None:
    """SIGTERM while somebody types: what was typed is a draft when the desk starts again."""
    first = desks()
    first.wait_for(b"30m")
    first.press(b"jjlll\r")
    first.wait_for(b"Held for you")
    first.press(b"half a na")
    first.wait_for(b"no match")
    first.ends(signal.SIGTERM)
    second = desks()
    second.wait_for(b"30m")
    second.press(b"\x1b[19~")
    second.wait_for(b"half a na")
