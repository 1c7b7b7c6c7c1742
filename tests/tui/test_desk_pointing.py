"""The mouse in every grid and list, and the terminal's cursor where a braille display reads."""

import pytest
from textual.command import CommandPalette
from textual.events import MouseScrollDown
from textual.geometry import Offset
from textual.widget import Widget

from deskcal.tui.app import DeskApp
from deskcal.tui.picks import Picks
from deskcal.tui.table import Table
from tui.played_clinic import PlayedClinic
from tui.seeing import Desk, day, sees, until

WIDE = (120, 36)


def place_in(pilot: Desk, widget: Widget) -> Offset:
    """Where the terminal's cursor stands in a widget."""
    return pilot.app.cursor_position - widget.region.offset


async def wheel(pilot: Desk, widget: Widget) -> None:
    """Turn it once towards the person."""
    await pilot._post_mouse_events([MouseScrollDown], widget, offset=(3, 3))  # noqa: SLF001  it has none


async def opens_palette(pilot: Desk, widget: Widget, at: Offset) -> None:
    await pilot.click(widget, offset=at, button=3)
    await until(pilot, lambda: isinstance(pilot.app.screen, CommandPalette))
    await pilot.press("escape")
    await until(pilot, lambda: not isinstance(pilot.app.screen, CommandPalette))


async def test_in_the_day(app: DeskApp) -> None:
    """A right click stands on the cell and offers what can be done there; the wheel turns the rows."""
    async with app.run_test(size=(120, 24)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        grid = app.calendar.day_view.grid
        await opens_palette(pilot, grid, Offset(30, 7))
        assert (grid.lane, grid.cell is not None and bool(grid.cell.free)) == (1, True)
        await until(pilot, lambda: place_in(pilot, grid) == Offset(25, 7))
        grid.scroll_to(y=0, animate=False, force=True)
        await until(pilot, lambda: grid.scroll_offset.y == 0)
        await wheel(pilot, grid)
        await until(pilot, lambda: grid.scroll_offset.y > 0)


@pytest.mark.parametrize(("key", "name"), [("m", "month"), ("w", "week")])
async def test_in_month_and_week(app: DeskApp, key: str, name: str) -> None:
    """A click selects, a right click offers, and the terminal's cursor is on the date."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press(key)
        grid = day(pilot).view.grid
        await until(pilot, lambda: grid.id == name and grid.has_focus and day(pilot).view.day is not None)
        before, was = place_in(pilot, grid), day(pilot).view.day
        await pilot.press("right")
        await until(pilot, lambda: day(pilot).view.day != was)
        after = place_in(pilot, grid)
        assert after.y == before.y
        assert after.x > before.x
        await opens_palette(pilot, grid, before)
        assert day(pilot).view.day == was


@pytest.mark.parametrize("area", ["f2", "f6"])
async def test_in_a_table(app: DeskApp, clinic: PlayedClinic, area: str) -> None:
    """A click stands on a row, a right click offers what can be done; the terminal's cursor follows."""
    for hour in (11, 12, 13):
        clinic.book(3, hour, patient=1)
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press(area)

        def front() -> Table | None:
            focused = app.screen.focused
            return focused if isinstance(focused, Table) and len(focused.rows) > 2 else None

        await sees(pilot, "Okoye, Tom")
        while front() is None:
            await pilot.press("tab")
        table = front()
        assert table is not None
        await pilot.press("down")
        assert place_in(pilot, table) == Offset(0, table.at + 1)
        await pilot.click(table, offset=(4, 3))
        assert table.at == 2
        assert place_in(pilot, table) == Offset(0, 3)
        await opens_palette(pilot, table, Offset(4, 1))
        assert table.at == 0


async def test_in_picks(app: DeskApp) -> None:
    """In a list of slots a click picks, a double click takes; the cursor is on the pick."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("n", "enter")
        await sees(pilot, "> 1  Mon 24 Nov  10:00")
        picks = app.screen.query_one(Picks)
        assert place_in(pilot, picks) == Offset(0, 0)
        await pilot.press("down")
        assert place_in(pilot, picks) == Offset(0, 1)
        await pilot.click(picks, offset=(5, 3))
        assert (picks.at, place_in(pilot, picks)) == (3, Offset(0, 3))
        await wheel(pilot, picks)
        await until(pilot, lambda: picks.at == 4)
        await pilot.click(picks, offset=(5, 0), times=2)
        await sees(pilot, "HOLD  Mon 24 Nov 10:00")


async def test_on_the_answers_of_a_dialog(app: DeskApp) -> None:
    """Where a dialog asks yes or no, the cursor is on the answer that Enter takes."""
    async with app.run_test(size=WIDE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("j", "c")
        await sees(pilot, "> [ No, keep it ]")
        await until(pilot, lambda: place_in(pilot, app.screen.query_one("#keep")) == Offset(0, 0))
        await pilot.press("right")
        await until(pilot, lambda: place_in(pilot, app.screen.query_one("#yes")) == Offset(0, 0))
