"""Reading the screen as the receptionist does, and pressing keys as they come from a terminal."""

from collections.abc import Callable

from rich.segment import Segment
from textual._context import visible_screen_stack
from textual.events import Key
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from deskcal.tui.calendar.screen import CalendarScreen

PATIENCE = 3000
Desk = Pilot[None]


def screen_text(pilot: Desk) -> str:
    """Everything that stands on the screen, line by line.

    A dialog that is drawn without being told what lies under it stays blank there, as it keeps its lines.
    """
    return "\n".join("".join(part.text for part in line) for line in drawn(pilot))


def drawn(pilot: Desk) -> list[list[Segment]]:
    """Give the lines of the screen, as pieces of one look each."""
    visible_screen_stack.set(pilot.app._background_screens)  # noqa: SLF001  as the compositor does
    strips = pilot.app.screen._compositor.render_strips()  # noqa: SLF001  the only way to see it
    return [[*strip] for strip in strips]


async def until(pilot: Desk, holds: Callable[[], object]) -> None:
    """Wait, message by message, until something holds."""
    for _ in range(PATIENCE):
        if holds():
            return
        await pilot.pause()
    raise AssertionError(f"it never came to that:\n{screen_text(pilot)}")


async def sees(pilot: Desk, *words: str) -> None:
    """Wait until all of these words stand on the screen."""
    await until(pilot, lambda: all(word in screen_text(pilot) for word in words))


async def typed(pilot: Desk, text: str) -> None:
    """Type text, and wait until it has been taken."""
    burst(pilot, *text)
    await pilot.pause()


def burst(pilot: Desk, *keys: str) -> None:
    """Send keys as one read of the terminal brings them: no pause between."""
    for key in keys:
        pilot.app.post_message(Key(key if len(key) > 1 else _named(key), key if len(key) == 1 else None))


def day(pilot: Desk) -> CalendarScreen:
    app = pilot.app
    assert isinstance(app, DeskApp)
    return app.calendar


def _named(letter: str) -> str:
    return {" ": "space", "/": "slash", "?": "question_mark", ":": "colon"}.get(letter, letter)
