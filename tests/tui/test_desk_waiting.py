"""Who waits for a time while others are booked: counted in the month, and not forgotten at a booking."""

from datetime import date

import pytest

from deskcal.tui.app import DeskApp
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, screen_text, sees, until

WIDE, NARROW = (120, 36), (80, 24)


async def booked_for_maria(pilot: Desk) -> None:
    """Book the first free slot of the third lane for Maria Lopez."""
    await sees(pilot, "LIVE", "+ 30m")
    burst(pilot, "right", "right", "down", "enter")
    await sees(pilot, "Held for you")
    burst(pilot, *"lop mar")
    await sees(pilot, "> Lopez, Maria")
    await pilot.press("enter", "enter")
    await sees(pilot, "booked B-20")


async def test_the_month_says_how_many_wait(app: DeskApp, clinic: PlayedClinic) -> None:
    """Below the month it says how many people would come this week, and counts with the feed."""
    clinic.waits(2)
    clinic.waits(2, service=1)
    clinic.waits(3, first_date=date(2025, 12, 1))
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("m")
        await sees(pilot, "waitlist: 1 person wants an earlier slot this week (W opens it)", "86 free of 90")
        clinic.waits(4)
        await sees(pilot, "waitlist: 2 people want an earlier slot this week (W opens it)")
        await pilot.press("W")
        await sees(pilot, "Novak, Eva", "Wei, Li")


async def test_the_narrow_month(app: DeskApp, clinic: PlayedClinic) -> None:
    """Where there is one line for all, the number stands at its end."""
    clinic.waits(2)
    async with app.run_test(size=NARROW) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("m")
        await sees(pilot, "86 free of 90", "   waitlist 1 (W)")


async def test_booked_and_waiting(app: DeskApp, clinic: PlayedClinic) -> None:
    """Whoever is booked for what they wait for is asked about with W, and taken off by Enter."""
    entry = clinic.waits(0)
    async with app.run_test(size=WIDE) as pilot:
        await booked_for_maria(pilot)
        await sees(pilot, "Nov 10:00   still waits (W)")
        assert "leave_waitlist" not in clinic.calls
        await pilot.press("W")
        await sees(pilot, "Wait no longer?", "Lopez, Maria, Follow-up, any day, any time.")
        await pilot.press("enter")
        await sees(pilot, "Lopez, Maria does not wait any more")
        assert entry.state == "withdrawn"


@pytest.mark.parametrize("patient", [0, 2])
async def test_nobody_is_taken_off_for_another(app: DeskApp, clinic: PlayedClinic, patient: int) -> None:
    """Another service, or another patient, is no reason to ask."""
    entry = clinic.waits(patient, service=0 if patient else 1)
    async with app.run_test(size=WIDE) as pilot:
        await booked_for_maria(pilot)
        await until(pilot, lambda: "waitlist" in clinic.calls)
        await pilot.press("W")
        await until(pilot, lambda: "aitlist" in screen_text(pilot))
        assert "Wait no longer?" not in screen_text(pilot)
        assert entry.state == "waiting"


async def test_a_filled_gap_takes_off(app: DeskApp, clinic: PlayedClinic) -> None:
    """Who is booked into the gap that they waited for does not wait any more, without a further key."""
    entry = clinic.waits(2)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f2")
        await sees(pilot, "Novak, Eva, Follow-up")
        await pilot.press("left", "enter")
        await sees(pilot, "Held for you", "Novak, Eva")
        await pilot.press("enter")
        await sees(pilot, "booked B-20", "   off the waitlist")
        assert entry.state == "withdrawn"
