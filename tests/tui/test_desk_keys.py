"""Keys and marks of one's own."""

import pytest

from deskcal.tui.app import DeskApp
from deskcal.tui.commands.every import every_command
from deskcal.tui.keymap import checked, why_not
from deskcal.tui.look import Look
from deskcal.tui.marks import UNICODE
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import screen_text, sees

DEFAULTS = {command.id(): command.keys for command in every_command()}


def desk(clinic: PlayedClinic, clock: Clock, look: Look) -> DeskApp:
    async def dial() -> PlayedClinic:
        return clinic

    return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, look=look)


async def test_another_key(clinic: PlayedClinic, clock: Clock) -> None:
    """A key of one's own does it, the old one no more, and the key line shows the new one."""
    app = desk(clinic, clock, Look(keys={"next-available": "ctrl+o", "messages": "ctrl+b"}))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m", "next available")
        await pilot.press("n")
        assert "Next available" not in screen_text(pilot)
        await pilot.press("ctrl+o")
        await sees(pilot, "Next available", "Services:")
        await pilot.press("escape", "ctrl+b")
        await sees(pilot, "Messages", "Nothing was said yet.")


async def test_what_cannot_be_is_said(clinic: PlayedClinic, clock: Clock) -> None:
    """The last thing wrong stands on the message line, the others in the list; the rest holds."""
    app = desk(clinic, clock, Look(keys={"nxt-available": "ctrl+o", "zoom": "alt+z", "undo": "Z"}))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(
            pilot, "LIVE", "keys: zoom: alt+z cannot be used, many terminals send it as Esc and a letter"
        )
        assert any("did you mean next-available?" in one.words for one in app.desk.said.messages)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"arrived": "n"}, "keys: n for arrived is the key of next-available already"),
        ({"zoom": "ctrl+h"}, "ctrl+h cannot be used, a terminal sends it as Backspace"),
        ({"zoom": "ctrl+k"}, "text fields edit with it"),
        ({"zoom": "ctrl+t"}, "a browser keeps it"),
        ({"zoom": "shift+enter"}, "many terminals do not tell it from the key without shift"),
        ({"zoom": "zed"}, "there is no such key"),
        ({"zoom": ""}, "no key"),
    ],
)
def test_a_wrong_key_says_what_would_do(keys: dict[str, str], words: str) -> None:
    """Each reason is said in words, with keys that are free."""
    keymap, [problem] = checked(keys)
    assert keymap == {}
    assert words in problem
    assert " v A " in problem


def test_keys_can_be_swapped() -> None:
    """Two commands may change keys with each other, and what is as it was is nothing to change."""
    assert checked({"zoom": "t", "today": "z"}) == ({"zoom": "t", "today": "z"}, [])
    assert checked(DEFAULTS) == ({}, [])


def test_no_key_of_ours_is_one_that_we_refuse() -> None:
    """What is refused to others the desk does not use itself."""
    used = {key for keys in DEFAULTS.values() for key in keys.split(",") if key}
    assert {key: why for key in used if (why := why_not(key))} == {}


async def test_unicode_marks(clinic: PlayedClinic, clock: Clock) -> None:
    """With Unicode marks every sign is one column wide, and the legend explains them."""
    app = desk(clinic, clock, Look(marks=UNICODE))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "\N{CHECK MARK} Wei L", "\N{LIGHT SHADE}\N{LIGHT SHADE}\N{LIGHT SHADE} closed")
        clinic.other_desk(3, 11)
        await sees(pilot, "\N{DOTTED CIRCLE}1:12 D3")
