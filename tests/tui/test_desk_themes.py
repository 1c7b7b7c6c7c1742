from pathlib import Path

import pytest
from rich.color import Color as Sent
from rich.color import ColorType
from textual.color import Color

from deskcal.tui.app import DeskApp
from deskcal.tui.look import Look
from deskcal.tui.memory.memory import Memory
from deskcal.tui.themes import CONTRAST, DARK, LIGHT, THEMES, Marks
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import drawn, sees, until

OURS = [theme for theme in THEMES if not theme.ansi]


@pytest.mark.parametrize(("marks", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)])
def test_every_mark_is_readable(marks: Marks, least: float) -> None:
    """Text stands out from its ground by the WCAG ratio: 4.5, and 7 in the contrast theme."""
    ratios = {mark: contrast(text, ground) for mark, (text, ground) in marks.items()}
    assert {mark: ratio for mark, ratio in ratios.items() if ratio < least} == {}


def test_frames_are_readable() -> None:
    """Plain text, accents, warnings and errors stand out from every ground they are written on."""
    for theme in OURS:
        least = 7 if theme.name.endswith("contrast") else 4.5
        for ground in (theme.background, theme.surface, theme.panel):
            for text in (theme.foreground, theme.accent, theme.warning, theme.error, theme.success):
                assert contrast(text or "", ground or "") >= least, (theme.name, text, ground)


@pytest.mark.parametrize(("theme", "most"), [("deskcal-mono", 0), ("ansi", 16)])
async def test_the_colours_of_the_terminal(theme: str, most: int, clinic: PlayedClinic, clock: Clock) -> None:
    """Monochrome sends no colour and still tells the cursor and what is held; `ansi` sends the sixteen."""
    app = desk(clinic, clock, look=Look(theme=theme))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("j", "j", "enter")
        await sees(pilot, "Held for you")
        parts = [(part.text, part.style) for line in drawn(pilot) for part in line if part.style]
        used = {colour for _, style in parts for colour in (style.color, style.bgcolor) if colour}
        assert {colour.type for colour in used} <= {ColorType.DEFAULT, ColorType.STANDARD}
        assert len({colour.number for colour in used} - {None}) <= most
        [held] = {style for text, style in parts if text.startswith("*") and " me" in text}
        assert held.reverse


async def test_the_palette_without_colours(clinic: PlayedClinic, clock: Clock) -> None:
    """In monochrome the palette has no colours either, and its choice stands out all the same."""
    app = desk(clinic, clock, look=Look(theme="deskcal-mono"))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        await pilot.press("ctrl+p", *"messages", "down")
        await sees(pilot, "the last fifty of this desk")
        styles = [(part.text, part.style) for line in drawn(pilot) for part in line if part.style]
        assert {colour for _, style in styles for colour in (style.color, style.bgcolor) if colour} == {
            Sent.default()
        }
        assert [style.underline for text, style in styles if "the last fifty" in text] == [True]
        await pilot.press("escape", "escape", "n", "enter")
        await sees(pilot, "> 1")
        [picked] = [style for line in drawn(pilot) for text, style, _ in line if text.startswith("> 1")]
        assert picked is not None
        assert picked.reverse


async def test_no_colour_is_honoured(
    clinic: PlayedClinic, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR opens in monochrome, whatever was chosen before."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert desk(clinic, clock, look=Look(theme="deskcal-light")).theme == "deskcal-mono"


async def test_the_theme_chosen_is_remembered(clinic: PlayedClinic, clock: Clock, tmp_path: Path) -> None:
    """What is chosen in the palette is there again at the next start; what the start names wins."""
    app = desk(clinic, clock, memory=Memory(tmp_path, url="http://played"))
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        assert app.theme == "deskcal-dark"
        app.action_change_theme()
        await pilot.press(*"contrast", "enter")
        await until(pilot, lambda: app.theme == "deskcal-contrast")
    assert desk(clinic, clock, memory=Memory(tmp_path, url="http://played")).theme == "deskcal-contrast"
    named = desk(clinic, clock, memory=Memory(tmp_path, url="http://played"), look=Look(theme="ansi"))
    assert named.theme == "ansi"


def test_only_themes_that_know_the_marks(clinic: PlayedClinic, clock: Clock) -> None:
    """The palette offers the desk's own themes; those that Textual brings would hide what is held."""
    assert set(desk(clinic, clock).available_themes) == {theme.name for theme in THEMES}


def desk(
    clinic: PlayedClinic, clock: Clock, *, memory: Memory | None = None, look: Look | None = None
) -> DeskApp:
    async def dial() -> PlayedClinic:
        return clinic

    return DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, memory=memory, look=look or Look())


def contrast(text: str, ground: str) -> float:
    """Ratio by the WCAG 2 formula."""
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (linear(part / 255) for part in Color.parse(colour).rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
