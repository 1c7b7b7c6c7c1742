"""The pictures of README.md and docs/: `make docs` draws them, of a played clinic with made-up people."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, sees, typed

DOCS = Path(__file__).parents[2] / "docs"
SIZE = (120, 36)
FILLED = {25: 120, 26: 108, 28: 40}
"""How many visits there are on which days of the month."""
Scene = Callable[[Pilot[None]], Awaitable[None]]
VISITS = ((0, 10, 0), (1, 10, 30), (2, 11, 0), (4, 10, 0), (5, 11, 30), (0, 13, 0), (3, 14, 0), (1, 15, 30))


def clinic() -> PlayedClinic:
    """Make a Monday morning: some are here, some are late, another desk holds a slot."""
    clock = Clock(now=datetime(2025, 11, 24, 14, 41, 7, tzinfo=UTC))
    names = (
        "Lopez, Maria",
        "Lopez, Mario",
        "Novak, Eva",
        "Okoye, Tom",
        "Wei, Li",
        "Haddad, Nour",
        "Tanaka, Aiko",
    )
    played = PlayedClinic(clock=clock, patient_names=names)
    for n, (provider, hour, minute) in enumerate(VISITS):
        played.book(provider, hour, minute, patient=1 + n % (len(names) - 1))
    for day, visits in FILLED.items():
        for n in range(visits):
            hour, half = divmod(n // 6, 2)
            visit = played.book(n % 6, 8 + hour, 30 * half, patient=n % len(names))
            visit.start, visit.end = (moment.replace(day=day) for moment in (visit.start, visit.end))
    played.holidays[date(2025, 11, 27)] = "Thanksgiving Day"
    played.holidays |= dict.fromkeys((date(2025, 11, 29), date(2025, 11, 30)), "")
    played.comes(played.book(2, 9, 30, patient=4), 9, 22)
    played.comes(played.book(0, 9, 30, patient=5), 9, 31)
    played.is_called(played.book(1, 9, patient=6), 9, 5)
    played.book(4, 9, 30, patient=1)
    played.waits(3)
    return played


async def day(_: Pilot[None]) -> None:
    """Leave it as it opens."""


async def month(pilot: Pilot[None]) -> None:
    await pilot.press("m")
    await sees(pilot, "November 2025", "FULL", "free that day")


async def hold(pilot: Pilot[None]) -> None:
    burst(pilot, "down", "right", "right", "right", "enter")
    await sees(pilot, "Held for you")
    await typed(pilot, "lop mar")
    await sees(pilot, "> Lopez, Maria")
    await pilot.press("enter")
    await sees(pilot, "Say:")


async def today(pilot: Pilot[None]) -> None:
    await pilot.press("f2")
    await sees(pilot, "Haddad")


SCENES: tuple[Scene, ...] = (day, month, hold, today)


async def draw(scene: Scene) -> str:
    """Play a scene and give its picture."""
    played = clinic()

    async def dial() -> PlayedClinic:
        return played

    app = DeskApp(dial, desk_name="Desk 2", now=played.clock, debounce=0)
    async with app.run_test(size=SIZE) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        played.other_desk(5, 13)
        await sees(pilot, "~1:12 D3")
        await scene(pilot)
        await pilot.pause()
        return app.export_screenshot(title="deskcal tui", simplify=True)


if __name__ == "__main__":
    for scene in SCENES:
        (DOCS / f"desk-{scene.__name__}.svg").write_text(asyncio.run(draw(scene)))
