"""States of the day that a receptionist meets now and then, in the two sizes that people have."""

from collections.abc import Awaitable, Callable
from datetime import date

import pytest
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from deskcal.wire.calendar import Lane
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, sees

Compare = Callable[..., bool]
LIMIT = "Dr Perez is limited to 4 bookings a day"
TO_PEREZ_1030 = ("down", "down", "right", "right", "right")


class OnRareDays(PlayedClinic):
    """`limited` providers take nobody more that day; what is in `over` was booked on top of another."""

    limited: frozenset[int] = frozenset()
    over: frozenset[int] = frozenset()

    def _lane(self, n: int, day: date, service_id: object) -> Lane:
        lane = super()._lane(n, day, service_id)  # type: ignore[arg-type]
        if n in self.limited:
            for slot in lane.timeslots:
                if slot.status == "available":
                    slot.status, slot.reason = "unavailable", LIMIT
        for one in lane.appointments:
            one.overbooked = int(one.reference.removeprefix("B-20")) in self.over
        return lane


@pytest.fixture
def clinic(clinic: PlayedClinic) -> OnRareDays:
    """Give the clinic of every day, where other things happen, too."""
    facts = {name: getattr(clinic, name) for name in ("clock", "busy")}
    return OnRareDays(**facts)


async def overbooked(pilot: Pilot[None], clinic: OnRareDays) -> None:
    clinic.book(0, 10, patient=0)
    clinic.over = frozenset({804})
    await pilot.press("R", "down")
    await sees(pilot, " !Novak")


async def holiday(pilot: Pilot[None], clinic: OnRareDays) -> None:
    clinic.holidays[date(2025, 11, 27)] = "Thanksgiving Day"
    await pilot.press("g", *"27 nov", "enter")
    await sees(pilot, "Closed on Thu 27 Nov: Thanksgiving Day. ] next day, n next available.")


async def day_off(pilot: Pilot[None], clinic: OnRareDays) -> None:
    clinic.holidays[date(2025, 11, 30)] = ""
    await pilot.press("g", *"30 nov", "enter")
    await sees(pilot, "Nobody works on Sun 30 Nov. ] next day, n next available.")


async def limit_reached(pilot: Pilot[None], clinic: OnRareDays) -> None:
    clinic.limited = frozenset({3})
    await pilot.press("R", *TO_PEREZ_1030)
    await sees(pilot, "  full", f"10:30 Dr Perez: full ({LIMIT})")


async def all_taken(pilot: Pilot[None], clinic: OnRareDays) -> None:
    clinic.limited = frozenset(range(len(clinic.provider_names)))
    await pilot.press("R")
    await sees(pilot, "No free slots on Mon 24 Nov. n next available, F clear filters.")


async def move_conflicts(pilot: Pilot[None], clinic: OnRareDays) -> None:
    await pilot.press("down", "r")
    await sees(pilot, "moving Novak, Eva")
    clinic.book(3, 11, patient=3)
    burst(pilot, "down", "down", "right", "right", "right", "enter")
    await sees(pilot, "SLOT TAKEN", "Nothing was moved: B-20800 stands at", "> 1")


Scene = Callable[[Pilot[None], OnRareDays], Awaitable[None]]
SCENES: tuple[Scene, ...] = (overbooked, holiday, day_off, limit_reached, all_taken, move_conflicts)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_state(
    snap_compare: Compare, app: DeskApp, clinic: OnRareDays, scene: Scene, size: tuple[int, int]
) -> None:
    """The state looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)
