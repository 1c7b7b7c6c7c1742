"""Acting from the day: on what it tells of an appointment, without asking for the rest."""

import asyncio

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.memory.intents import Become
from tui.played_book import Busy
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, screen_text, sees, until

WIDE = (120, 36)


@pytest.fixture(autouse=True)
def due(clinic: PlayedClinic) -> Busy:
    """Maria Lopez, due eleven minutes ago, in the first lane."""
    clinic.busy.clear()
    return clinic.book(0, 9, 30, patient=0)


async def on_the_day(pilot: Desk, clinic: PlayedClinic) -> None:
    await sees(pilot, "LIVE", "Lopez M")
    clinic.calls.clear()


async def test_drawn_at_once(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """A status stands in the cell before the server agrees, marked until it does; nothing is asked before."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        clinic.slow = asyncio.Event()
        await pilot.press("a")
        await sees(pilot, "[A..Lopez M")
        assert due.status == "confirmed"
        clinic.slow.set()
        await sees(pilot, "[A Lopez M", "Lopez, Maria arrived (u undo")
        assert "appointment" not in clinic.calls
        assert due.status == "checked_in"


async def test_taken_back(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """A refused status goes from the cell, with the server's reason."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        clinic.slow = asyncio.Event()
        await pilot.press("o")
        await sees(pilot, "[L..Lopez M")
        clinic.slow.set()
        await sees(pilot, "!  09:41 This appointment is confirmed.", "[  Lopez M")
        assert due.status == "confirmed"


async def test_one_after_the_other(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """`a` and `s` typed at once are both done, and `u` takes back the last."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        burst(pilot, "a", "s")
        await sees(pilot, "Lopez, Maria in room", "[S Lopez M")
        assert (due.status, due.version) == ("in_progress", 3)
        await pilot.press("u")
        await sees(pilot, "[A Lopez M")
        assert due.status == "checked_in"


async def test_an_older_version_overwrites_nothing(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """What another desk did of which this one has not heard stands, and is said."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        clinic.other_desk_sets(due, "no_show", told=False)
        await pilot.press("a")
        await sees(pilot, "Not changed: Lopez, Maria is no-show since 09:41", "[D Lopez M")
        assert due.status == "no_show"


async def test_no_show_at_once(app: DeskApp, clinic: PlayedClinic, due: Busy) -> None:
    """`N` asks with what the day tells: whose it is, and that the fee is as booked."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        await pilot.press("N")
        await sees(pilot, "No-show B-20800?", "Lopez, Maria   Mon 24 Nov 09:30", "fee as booked")
        await pilot.press("y")
        await sees(pilot, "Lopez, Maria no-show", "[D Lopez M")
        assert due.status == "no_show"
        assert "appointment" not in clinic.calls


async def test_offline(app: DeskApp, clinic: PlayedClinic) -> None:
    """While the server is away it waits in the queue with the version that the day showed."""
    async with app.run_test(size=WIDE) as pilot:
        await on_the_day(pilot, clinic)
        clinic.go_offline()
        await sees(pilot, "OFFLINE")
        await pilot.press("a")
        await sees(pilot, "Not done yet: Lopez, Maria arrived waits in the queue (F8)")
        await until(pilot, lambda: "A.." not in screen_text(pilot))
        [intent] = app.desk.memory.intents.all()
        assert isinstance(intent.deed, Become)
        assert (intent.deed.request.status, intent.deed.seen.version) == ("checked_in", 1)
