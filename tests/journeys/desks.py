"""Desks of a real clinic: applications with a real link, driven by keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from textual.pilot import Pilot

from deskcal.core.access import Role
from deskcal.tui.app import DeskApp
from deskcal.tui.dial import ServerLink, dial
from deskcal.tui.memory.memory import Memory
from house import House
from tui.seeing import burst, sees, typed

FORENOON = 10


def zone_of_forenoon(now: datetime | None = None) -> str:
    """Name a zone where it is ten o'clock and some minutes."""
    behind = (FORENOON - (now or datetime.now(UTC)).hour + 12) % 24 - 12
    return f"Etc/GMT{-behind:+}"


@asynccontextmanager
async def open_desk(
    url: str, house: House, name: str = "Desk 1", *, memory: Memory | None = None
) -> AsyncIterator[Pilot[None]]:
    """Open a desk and wait until it is live."""

    async def reach() -> ServerLink:
        return await dial(url, house.tokens[Role.FRONT_DESK], house.clinic.id)

    app = DeskApp(reach, desk_name=name, debounce=0, memory=memory)
    async with app.run_test(size=(120, 36)) as pilot:
        await sees(pilot, "LIVE", "09:00")
        yield pilot


async def go_to(pilot: Pilot[None], house: House) -> None:
    """Go to the top of the working day of the house."""
    await pilot.press("g")
    await typed(pilot, f"{house.day}")
    await pilot.press("enter", "home")
    await sees(pilot, f"{house.day:%a %d %b %Y}", "2 providers", "+ 30m")


class Keys:
    """Presses keys one by one, and counts them."""

    def __init__(self, pilot: Pilot[None]) -> None:
        self.count = 0
        self._pilot = pilot

    async def press(self, *keys: str, sees_then: tuple[str, ...] = ()) -> None:
        self.count += len(keys)
        burst(self._pilot, *keys)
        await sees(self._pilot, *sees_then)
