"""Pictures of the desk for the README, drawn from a played clinic. Run by `make pictures`."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from deskcal.tui.app import DeskApp
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, sees, typed

DOCS = Path(__file__).parents[2] / "docs"
SCENES = {
    "hold": ((*"jj", *"lll", "enter"), "Held for you"),
    "month": (("m",), "November 2025"),
    "today": (("f2",), "Waiting"),
}
"""By the name of the picture: the keys that lead there, and what is to be seen then."""


async def draw(name: str) -> None:
    """Write one picture."""
    clock = Clock(now=datetime(2025, 11, 24, 14, 41, 7, tzinfo=UTC))
    clinic = PlayedClinic(clock=clock)
    for provider, hour, patient in ((0, 10, 2), (1, 11, 3), (3, 13, 4), (4, 14, 2), (5, 16, 3), (2, 15, 0)):
        clinic.book(provider, hour, patient=patient)
    clinic.book(2, 9, 30, patient=4, status="checked_in")
    clinic.book(0, 9, 0, patient=1, status="in_progress")

    async def dial() -> PlayedClinic:
        return clinic

    app = DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0)
    keys, words = SCENES[name]
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "+ 30m")
        clinic.other_desk(5, 13)
        await sees(pilot, "~1:12 D3")
        burst(pilot, *keys)
        await sees(pilot, words)
        if name == "hold":
            await typed(pilot, "lop mar")
            await sees(pilot, "> Lopez, Maria")
            await pilot.press("enter")
            await sees(pilot, "half past")
        (DOCS / f"desk-{name}.svg").write_text(app.export_screenshot(title=f"deskcal: {name}"))


if __name__ == "__main__":
    for scene in SCENES:
        asyncio.run(draw(scene))
