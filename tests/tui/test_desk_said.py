"""What the desk has said, where others look on."""

from deskcal.tui.app import DeskApp
from tui.played_clinic import PlayedClinic
from tui.seeing import screen_text, sees, until


async def test_names_that_were_said_are_hidden(app: DeskApp, clinic: PlayedClinic) -> None:
    """With the names hidden, what was said before gives none away; what is said then has initials."""
    made = clinic.book(0, 9, 30, patient=0)
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "Lopez M")
        await pilot.press("a")
        await sees(pilot, "ok 09:41 Lopez, Maria arrived")
        await pilot.press("ctrl+l")
        await sees(pilot, "ok 09:41 (hidden with the names; ctrl+l shows it)")
        await pilot.press("s")
        await sees(pilot, "ok 09:41 M.L. in room (u undo")
        await app.action_messages()
        await sees(pilot, "Messages", "M.L. in room", "(hidden with the names; ctrl+l shows it)")
        assert "Lopez" not in screen_text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Messages" not in screen_text(pilot))
        await pilot.press("u", "ctrl+l")
        await until(pilot, lambda: made.status == "checked_in")
        await app.action_messages()
        await sees(pilot, "Lopez, Maria arrived")
