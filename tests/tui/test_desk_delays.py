"""Noting that a doctor runs late, and seeing it at every desk."""

from collections.abc import Awaitable, Callable

import pytest

from deskcal.tui.app import DeskApp
from tui.played_book import number
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, screen_text, sees, typed, until

Compare = Callable[..., bool]
WIDE, NARROW = (120, 36), (80, 24)
CHEN = 2
TO_CHEN = ("right", "right")


async def on_the_day(pilot: Desk) -> None:
    await sees(pilot, "LIVE", "+ 30m")


async def test_noted_from_the_day(app: DeskApp, clinic: PlayedClinic) -> None:
    """`L` asks how late the doctor of the lane runs, in one read with the answer; Enter tells every desk."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        burst(pilot, *TO_CHEN, "L", "1", "5", "enter")
        await sees(pilot, "Dr Chen runs 15 min late; every desk is told.", "Dr Chen +15")
        await sees(pilot, "Dr Chen running 15 min late (Desk 2, 09:41)")
        [noted] = clinic.late.values()
        assert (noted.provider_id, noted.minutes, noted.client) == (number(1, CHEN), 15, "Desk 2")


async def test_taken_back(app: DeskApp, clinic: PlayedClinic) -> None:
    """Nothing, or 0, takes it back; what was noted stands in the dialog."""
    clinic.runs_late(CHEN, 15)
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        await sees(pilot, "Dr Chen +15")
        await pilot.press(*TO_CHEN, "L")
        await sees(pilot, "How late is Dr Chen?", "running 15 min late (Desk 1, 09:41); Enter takes it back")
        await pilot.press("enter")
        await sees(pilot, "Dr Chen is on time again")
        await until(pilot, lambda: "+15" not in screen_text(pilot))
        assert not clinic.late
        clinic.calls.clear()
        await pilot.press("L", "0", "enter")
        await sees(pilot, "Dr Chen is on time, as far as anybody noted.")
        assert clinic.calls == []


async def test_minutes_that_are_none(app: DeskApp, clinic: PlayedClinic) -> None:
    """What is no number of minutes, or more than ten hours, stays in the dialog, which says so."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_day(pilot)
        for text in ("soon", "601"):
            await pilot.press("L")
            await typed(pilot, text)
            await pilot.press("enter")
            await sees(pilot, "minutes, from 0 to 600")
            await pilot.press("escape")
            await until(pilot, lambda: "How late is" not in screen_text(pilot))
        assert "note_delay" not in clinic.calls


async def test_seen_without_a_key(app: DeskApp, clinic: PlayedClinic) -> None:
    """What another desk notes is in the head of the lane at once, and nothing is fetched for it."""
    async with app.run_test(size=NARROW) as pilot:
        await on_the_day(pilot)
        clinic.calls.clear()
        clinic.runs_late(1, 20)
        await sees(pilot, "Okafor +20")
        clinic.runs_late(1, 0)
        await until(pilot, lambda: "+20" not in screen_text(pilot))
        assert "calendar_day" not in clinic.calls


async def test_another_day_is_another_matter(app: DeskApp, clinic: PlayedClinic) -> None:
    """A note is for one day: tomorrow's head does not have it."""
    clinic.runs_late(CHEN, 15)
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        await sees(pilot, "Dr Chen +15")
        await pilot.press("right_square_bracket")
        await sees(pilot, "Tue 25 Nov 2025")
        await until(pilot, lambda: "+15" not in screen_text(pilot))


async def test_on_the_board(app: DeskApp, clinic: PlayedClinic) -> None:
    """On the board a noted delay beats the reckoned one; `L` works on a doctor's row and on a patient's."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        await pilot.press("f2")
        await sees(pilot, "Chen", "+11 min")
        clinic.runs_late(CHEN, 25)
        await sees(pilot, "+25 noted")
        await pilot.press("right", "right", "L")
        await sees(pilot, "How late is Dr Adams?")
        await pilot.press("escape")
        await until(pilot, lambda: "How late is" not in screen_text(pilot))
        await pilot.press("left", "left", "L")
        await sees(pilot, "How late is Dr Chen?")
        await pilot.press("enter")
        await sees(pilot, "Dr Chen is on time again", "+11 min")


async def test_in_the_detail(app: DeskApp, clinic: PlayedClinic) -> None:
    """An appointment says how late its doctor runs, as soon as that is noted anywhere."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        await pilot.press("down", "enter")
        await sees(pilot, "Policy", "refund $60")
        clinic.runs_late(0, 30)
        await sees(pilot, "Late      Dr Garcia running 30 min late (Desk 1, 09:41)")
        await pilot.press("L")
        await sees(pilot, "How late is Dr Garcia?")


async def test_offline(app: DeskApp, clinic: PlayedClinic) -> None:
    """While nobody can be told it is not noted, and what was noted before is still shown."""
    clinic.runs_late(CHEN, 15)
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        clinic.go_offline()
        await sees(pilot, "OFFLINE", "Dr Chen +15")
        await pilot.press("L")
        await sees(pilot, "Offline: nobody can be told who runs late.")


async def test_about_nobody(app: DeskApp) -> None:
    """Where the cursor stands on nobody, the message says where to stand."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot)
        await pilot.press("m", "L")
        await sees(pilot, "Stand on a doctor's lane, row or appointment first")


async def late(pilot: Desk, clinic: PlayedClinic) -> None:
    clinic.runs_late(CHEN, 15)
    await pilot.press(*TO_CHEN)
    await sees(pilot, "Chen +15")


async def asking(pilot: Desk, clinic: PlayedClinic) -> None:
    await late(pilot, clinic)
    await pilot.press("L")
    await sees(pilot, "Enter takes it back")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", [late, asking], ids=lambda scene: scene.__name__)
def test_delay_screen(
    snap_compare: Compare,
    app: DeskApp,
    clinic: PlayedClinic,
    scene: Callable[[Desk, PlayedClinic], Awaitable[None]],
    size: tuple[int, int],
) -> None:
    """The day with a late doctor, and the question how late, look as they were approved."""

    async def play(pilot: Desk) -> None:
        await on_the_day(pilot)
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
