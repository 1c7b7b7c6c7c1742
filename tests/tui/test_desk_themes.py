import pytest
from textual.color import Color

from deskcal.tui.themes import CONTRAST, DARK, LIGHT, THEMES, Marks


@pytest.mark.parametrize(("marks", "least"), [(DARK, 4.5), (LIGHT, 4.5), (CONTRAST, 7)])
def test_every_mark_is_readable(marks: Marks, least: float) -> None:
    """Text stands out from its ground by the WCAG ratio: 4.5, and 7 in the contrast theme."""
    ratios = {mark: contrast(text, ground) for mark, (text, ground) in marks.items()}
    assert {mark: ratio for mark, ratio in ratios.items() if ratio < least} == {}


def test_frames_are_readable() -> None:
    """Plain text, accents, warnings and errors stand out from every ground they are written on."""
    for theme in THEMES:
        least = 7 if theme.name.endswith("contrast") else 4.5
        for ground in (theme.background, theme.surface, theme.panel):
            for text in (theme.foreground, theme.accent, theme.warning, theme.error, theme.success):
                assert contrast(text or "", ground or "") >= least, (theme.name, text, ground)


def contrast(text: str, ground: str) -> float:
    """Ratio by the WCAG 2 formula."""
    lighter, darker = sorted((luminance(text), luminance(ground)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (linear(part / 255) for part in Color.parse(colour).rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
