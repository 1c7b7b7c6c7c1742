"""Walk-ins, the day on paper, and what the desk said before: from any area."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, sees, typed, until

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]
WIDE, NARROW = (120, 36), (80, 24)


async def test_a_walk_in_in_one_read(app: DeskApp, clinic: PlayedClinic) -> None:
    """From any area `+`, a name, a service: seen by whoever can soonest, all typed ahead of the screen."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "plus", *"tom", "enter", *"fu", "tab", *"throat", "enter")
        await sees(pilot, "Okoye, Tom arrived: Dr Okafor at 09:45, in 4 min")
        assert clinic.busy[-1].notes == "throat"
        await pilot.press("f2")
        await sees(pilot, "+09:45 Okafor", "1 walk-in")


async def test_a_walk_in_who_is_new(app: DeskApp) -> None:
    """F9 adds somebody without leaving the walk-in."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("plus")
        await typed(pilot, "priya dias")
        await pilot.press("f9", "tab")
        await typed(pilot, "12 mar 84")
        await pilot.press("enter")
        await sees(pilot, "Walk-in", "Priya Dias")
        await typed(pilot, "fu okaf")
        await sees(pilot, "Follow-up, Dr Okafor")
        await pilot.press("enter")
        await sees(pilot, "Priya Dias arrived")


async def test_no_time_for_a_walk_in(app: DeskApp, clinic: PlayedClinic) -> None:
    """Refused, the nearest times are one key away, and held for that patient."""
    clinic.full = True
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        burst(pilot, "plus", *"tom", "enter", *"fu", "enter")
        await sees(pilot, "NO TIME FOR A WALK-IN", "Nobody has time left", "1  Tue 25 Nov  09:00")
        await pilot.press("1")
        await sees(pilot, "HOLD  Tue 25 Nov 09:00", "Okoye, Tom")


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home of its own, without a printer."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path / "papers"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


async def test_the_day_list_is_saved(app: DeskApp, documents: Path) -> None:
    """`p` writes everybody of the day for their owner's eyes only, and says where."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("p")
        path = documents / "papers" / "deskcal-day-2025-11-24.txt"
        await sees(pilot, "Mon 24 Nov saved to")
        assert path.stat().st_mode & 0o777 == 0o600
        text = path.read_text()
        assert text.startswith("Riverside Clinic, Monday 2025-11-24, as of 24 Nov 09:41 EST\n\nDr Adams")
        assert "[x]  09:30-10:00  Wei, Li  Follow-up  room 3" in text


async def test_the_day_list_is_printed(app: DeskApp, documents: Path) -> None:
    """Where there is a printer, Enter prints what was saved."""
    printer, paper = documents / "bin" / "lpr", documents / "paper"
    printer.parent.mkdir()
    printer.write_text(f'#!/bin/sh\n/bin/cat "$1" > {paper}\n')
    printer.chmod(0o755)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("p")
        await sees(pilot, "Print the day list?")
        await pilot.press("enter")
        await sees(pilot, "is printed.")
        assert "Wei, Li" in paper.read_text()


async def test_messages_stay(app: DeskApp) -> None:
    """What was said can be read again, newest first, and copied."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        app.desk.say("first")
        app.desk.say("second", alarm=True)
        await app.run_action("messages")
        await sees(pilot, "> 09:41:07  ! second", "  09:41:07  first")
        burst(pilot, "down", "c")
        await until(pilot, lambda: app.clipboard == "first")


async def walking_in(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, "plus", *"tom", "enter", *"fu perez", "tab", *"sore throat")
    await sees(pilot, "Follow-up, Dr Perez", "sore throat")


async def without_time(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.full = True
    burst(pilot, "plus", *"tom", "enter", *"fu", "enter")
    await sees(pilot, "NO TIME FOR A WALK-IN")


async def saying(pilot: Pilot[None], _: PlayedClinic) -> None:
    assert isinstance(pilot.app, DeskApp)
    pilot.app.calendar.say("booked B-20931 Lopez M, Dr Chen Mon 24 Nov 14:00")
    pilot.app.calendar.say("The hold ran out at 09:41:07. Enter holds it again.", alarm=True)
    await pilot.app.run_action("messages")
    await sees(pilot, "Messages", "> 09:41:07  ! The hold ran out")


SCENES: tuple[Scene, ...] = (walking_in, without_time, saying)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_screen_of_reception(
    snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, scene: Scene, size: tuple[int, int]
) -> None:
    """The dialogs look as they were approved."""

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
