"""Giving an appointment another time: the old one is kept until the new one is confirmed."""

from deskcal.tui.app import DeskApp
from tui.played_book import number
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, burst, day, screen_text, sees


async def begin(pilot: Desk, clinic: PlayedClinic) -> None:
    """Take up the appointment that Dr Adams has at two."""
    await sees(pilot, "LIVE", "+ 30m")
    appointment = await clinic.appointment(number(5, 803))
    await day(pilot).ways.move(appointment)
    await sees(pilot, "moving Novak, Eva from Mon 24 Nov 14:00 Dr Adams, F gives up")


async def test_move_through_a_hold(app: DeskApp, clinic: PlayedClinic) -> None:
    """Enter on a free slot holds it for the appointment; Enter confirms; the reference stays."""
    async with app.run_test(size=(120, 36)) as pilot:
        await begin(pilot, clinic)
        await pilot.press("down", "enter")
        await sees(pilot, "MOVE  Mon 24 Nov 14:30", "B-20803  was Mon 24 Nov 14:00  Dr Adams", "Held for you")
        assert "  Novak E" in screen_text(pilot)
        await pilot.press("enter")
        await sees(pilot, "moved B-20803 Novak E, Dr Adams Mon 24 Nov 14:30")
        assert clinic.calls.count("reschedule") == 1
        assert "confirm" not in clinic.calls
        assert not [busy for busy in clinic.busy if busy.until]


async def test_next_available_for_a_move_asks_nothing(app: DeskApp, clinic: PlayedClinic) -> None:
    """`n` knows the service: two keys more and the move is done."""
    async with app.run_test(size=(120, 36)) as pilot:
        await begin(pilot, clinic)
        burst(pilot, "n", "2", "enter")
        await sees(pilot, "moved B-20803 Novak E")


async def test_giving_up_keeps_the_time(app: DeskApp, clinic: PlayedClinic) -> None:
    """Esc releases the hold, F drops the errand; the appointment is where it was."""
    async with app.run_test(size=(120, 36)) as pilot:
        await begin(pilot, clinic)
        await pilot.press("n", "1")
        await sees(pilot, "Held for you")
        await pilot.press("escape")
        await sees(pilot, "Released", "moving Novak, Eva")
        await pilot.press("F")
        await sees(pilot, "no filters")
        assert "moving" not in screen_text(pilot)
        assert [busy.start.hour for busy in clinic.busy if busy.number == 803] == [14]


async def test_a_lost_slot_says_that_the_old_time_stands(app: DeskApp, clinic: PlayedClinic) -> None:
    """The conflict dialog of a move offers others and says where the appointment still is."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await day(pilot).ways.move(await clinic.appointment(number(5, 803)))
        await sees(pilot, "moving Novak, Eva")
        await pilot.press("up")
        await sees(pilot, "13:30 Dr Adams: FREE")
        await pilot.pause()
        clinic.book(4, 13, 30, patient=3)
        await pilot.press("enter")
        await sees(pilot, "SLOT TAKEN", "Nothing was moved: B-20803 stands at Mon 24 Nov 14:00 Dr Adams.")
        await pilot.press("1", "enter")
        await sees(pilot, "moved B-20803")
