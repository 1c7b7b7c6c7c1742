"""Dialogs, filters and the ways to get about."""

import pytest

from deskcal.tui.app import DeskApp
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, day, screen_text, sees, typed, until


async def test_go_to_a_date(app: DeskApp) -> None:
    """`g` shows what it understood before Enter, and says what it did not."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("g")
        await sees(pilot, "today is Mon 24 Nov 2025")
        await typed(pilot, "lun")
        await sees(pilot, '"lun" is not a date.')
        await pilot.press("backspace", "backspace", "backspace")
        await typed(pilot, "3 dec")
        await sees(pilot, "Wednesday 03 December 2025")
        await pilot.press("enter")
        await sees(pilot, "Wed 03 Dec 2025", "+ 30m")
        await pilot.press("left_square_bracket")
        await sees(pilot, "Tue 02 Dec 2025")
        await pilot.press("t")
        await sees(pilot, "Mon 24 Nov 2025   6 providers")


async def test_filter_and_clear(app: DeskApp) -> None:
    """`f` narrows to a service and a provider, the first line says so, `F` clears it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("f")
        await sees(pilot, "Services: Follow-up, Consultation, Group class", "Providers: Dr Garcia")
        await typed(pilot, "cons perez")
        await pilot.press("enter")
        await sees(pilot, "Consultation, Dr Perez", "+ 60m", "1 provider ")
        await pilot.press("F")
        await sees(pilot, "no filters", "6 providers")


async def test_a_day_without_anything(app: DeskApp, clinic: PlayedClinic) -> None:
    """An empty day says so in words, with the keys that lead on."""
    clinic.closes = clinic.opens
    async with app.run_test(size=(120, 36)) as pilot:
        clinic.busy.clear()
        await sees(pilot, "Nobody works on Mon 24 Nov. ] next day, n next available.")


async def test_full_day_says_what_to_do(app: DeskApp, clinic: PlayedClinic) -> None:
    """A day with nothing free says so, and which keys lead on."""
    clinic.clock.now = clinic.at(17, 45)
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "No free slots on Mon 24 Nov. n next available, F clear filters.")


async def test_help_runs_what_is_picked(app: DeskApp) -> None:
    """Help lists the commands that work now; searching and Enter runs one."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("question_mark")
        await sees(pilot, "search keys", "> Enter      Hold or open")
        burst(pilot, *"zoom", "enter")
        await sees(pilot, "Rows of 60 minutes.", "+ 2 free")


async def test_palette_knows_commands_and_providers(app: DeskApp) -> None:
    """ctrl+p offers every command with its key, and every provider."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        offered = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert offered["Next available"] == "key n"
        assert offered["Go to date"] == "key g"
        await pilot.press("ctrl+p")
        await typed(pilot, "singh")
        await until(pilot, lambda: "go to this provider" in screen_text(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: day(pilot).grid.lane == 5)


async def test_several_starts_in_one_cell(app: DeskApp) -> None:
    """On hour rows Enter asks which start is meant, and a number holds it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("z", "right", "right", "down", "enter")
        await sees(pilot, "Which start?", "> 1  Mon 24 Nov  10:00", "2  Mon 24 Nov  10:30")
        await pilot.press("2")
        await sees(pilot, "HOLD  Mon 24 Nov 10:30  Dr Chen")


async def test_appointment_to_read(app: DeskApp) -> None:
    """Enter on a booked slot shows the appointment with its audit; privacy hides the name."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("down", "enter")
        await sees(pilot, "Patient   Novak, Eva", "[Details]", "BOOKED")
        await pilot.press("escape", "ctrl+l")
        await sees(pilot, "  E.N.")
        await pilot.press("enter")
        await sees(pilot, "Patient   E.N.")


async def test_copying_the_sentence(app: DeskApp) -> None:
    """`y` copies what is to be said back, also after the booking."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("y")
        await sees(pilot, "Nothing to copy yet")
        await pilot.press("down", "down", "enter")
        await sees(pilot, "Held for you")
        await typed(pilot, "novak")
        await sees(pilot, "> Novak")
        await pilot.press("enter", "enter")
        await sees(pilot, "booked B-20")
        await pilot.press("y")
        await sees(pilot, "Copied: Eva, Monday the 24th")
        assert app.clipboard == "Eva, Monday the 24th, half past ten, Dr Garcia, room 3, 85 dollars."


async def test_twelve_providers_in_pages(app: DeskApp, clinic: PlayedClinic) -> None:
    """At 80 columns six of twelve are in view, and `>` turns to the others with the cursor."""
    clinic.provider_names = tuple(f"Dr {letter * 6}" for letter in "ABCDEFGHIJKL")
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "providers 1-6 of 12 (< >)", "Dr FFFFFF")
        await pilot.press("greater_than_sign")
        await sees(pilot, "providers 7-12 of 12 (< >)", "Dr LLLLLL")
        assert day(pilot).grid.lane == 6
        await pilot.press("less_than_sign")
        await sees(pilot, "providers 1-6 of 12")


async def test_cursor_for_braille(app: DeskApp) -> None:
    """The terminal's cursor stands on the cell, where a braille display reads."""
    async with app.run_test(size=(80, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        before = app.cursor_position
        await pilot.press("down", "right")
        after = app.cursor_position
        assert (after.x - before.x, after.y - before.y) == (12, 1)


async def test_mouse(app: DeskApp) -> None:
    """A click selects a cell, a double click does what Enter does."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        grid = day(pilot).grid
        await pilot.click(grid, offset=(30, 7))
        assert grid.cell is not None
        assert grid.cell.free
        await pilot.click(grid, offset=(30, 7), times=2)
        await sees(pilot, "HOLD  Mon 24 Nov 11:00")


@pytest.mark.parametrize("size", [(79, 24), (120, 19)])
async def test_too_small(app: DeskApp, size: tuple[int, int]) -> None:
    """Under 80x20 there is one line instead of a broken layout."""
    async with app.run_test(size=size) as pilot:
        await sees(pilot, f"deskcal needs 80x24, this is {size[0]}x{size[1]}; the command line still works")
        assert "Dr Garcia" not in screen_text(pilot)


async def test_slow_and_countdown_tick(app: DeskApp, clinic: PlayedClinic, clock: Clock) -> None:
    """Time passes on the screen: countdowns run, the present row moves on, a late answer reads SLOW."""
    clinic.other_desk(3, 11)
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "~1:12 D3", "09:30>")
        clock.forward(60)
        app.tick()
        await sees(pilot, "~0:12 D3")
        clock.forward(60 * 20)
        app.tick()
        await sees(pilot, "10:00>")
