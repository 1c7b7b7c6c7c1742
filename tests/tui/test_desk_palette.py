"""The palette: commands with their keys, dates, providers and patients."""

from datetime import date

from deskcal.tui.app import DeskApp
from tui.seeing import day, screen_text, sees, until


async def test_a_date_that_is_typed(app: DeskApp) -> None:
    """A date in the palette is gone to, as `g` reads it."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("ctrl+p", *"12/3")
        await sees(pilot, "Wednesday 03 December 2025")
        await pilot.press("down", "enter")
        await until(pilot, lambda: day(pilot).view.day == date(2025, 12, 3))


async def test_commands_with_and_without_keys(app: DeskApp) -> None:
    """Every command stands there with its key, and those that have none."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("ctrl+p", *"next avail")
        await sees(pilot, "Next available", "key n")
        await pilot.press("escape", "ctrl+p", *"messag")
        await sees(pilot, "the last fifty of this desk")


async def test_patients_seen_lately(app: DeskApp) -> None:
    """Who was found here lately is offered, and what comes next is for them; in private by initials."""
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        app.desk.memory.serves((await app.desk.link.services())[0].id)
        await pilot.press("slash", *"novak", "enter")
        await sees(pilot, "For Novak E")
        await pilot.press("F", "ctrl+p", *"novak")
        await sees(pilot, "patient 1978-03-14")
        await pilot.press("escape", "escape", "ctrl+l", "ctrl+p", *"novak")
        await sees(pilot, "E.N.")
        assert "Novak, Eva" not in screen_text(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.desk.errand.patient is not None)
