"""A booking put aside is there again: later, after a restart, and after the desk was killed."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.memory.memory import Memory
from tui.on_a_pty import PLAYED, Terminal, on_a_pty
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, day, screen_text, sees, typed, until

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
def desks(tmp_path: Path) -> Iterator[Callable[[], Terminal]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(on_a_pty(PLAYED, tmp_path / "calls", tmp_path))


def test_killed_desk_keeps_its_drafts(desks: Callable[[], Terminal]) -> None:
    """A draft is there again after kill -9, with what was typed; so is the day, before the server answers."""
    first = desks()
    first.wait_for(b"30m")
    first.press(b"jjlll\r")
    first.wait_for(b"Held for you")
    first.press(b"lop mar\x13")
    first.wait_for(b"Draft kept")
    first.ends_by(signal.SIGKILL)
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
    first.ends_by(signal.SIGTERM)
    second = desks()
    second.wait_for(b"30m")
    second.press(b"\x1b[19~")
    second.wait_for(b"half a na")
