"""What each state looks like, in the two sizes that people have."""

from collections.abc import Awaitable, Callable

import pytest
from textual.pilot import Pilot

from deskcal.tui.app import DeskApp
from tui.played_clinic import PlayedClinic
from tui.seeing import burst, sees, typed

Compare = Callable[..., bool]
Scene = Callable[[Pilot[None], PlayedClinic], Awaitable[None]]
TO_FREE = ("down", "down", "right", "right", "right")


async def day(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.other_desk(5, 13)
    await sees(pilot, "~1:12 D3")


async def holding(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, *TO_FREE, "enter")
    await sees(pilot, "Held for you")
    await typed(pilot, "lop mar")
    await sees(pilot, "> Lopez, Maria")


async def chosen(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.book(5, 16, patient=0)
    await holding(pilot, clinic)
    await pilot.press("enter")
    await sees(pilot, "! also booked 16:00")


async def lapsed(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await holding(pilot, clinic)
    clinic.clock.forward(121)
    assert isinstance(pilot.app, DeskApp)
    pilot.app.tick()
    await sees(pilot, "0:00  The hold ran out")


async def booked(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await holding(pilot, clinic)
    await pilot.press("enter", "enter")
    await sees(pilot, "booked B-20", "  Lopez M")


async def conflict(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.book(3, 10, 30, patient=3)
    burst(pilot, *TO_FREE, "enter")
    await sees(pilot, "SLOT TAKEN", "> 1")


async def offline(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    clinic.go_offline()
    await sees(pilot, "OFFLINE")
    clinic.clock.forward(12)
    assert isinstance(pilot.app, DeskApp)
    pilot.app.tick()
    await sees(pilot, "OFFLINE 12s", "12s old")


async def next_available(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("n", "enter")
    await sees(pilot, "> 1  Mon 24 Nov  10:00")


async def filtering(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("f")
    await typed(pilot, "fu")
    await sees(pilot, "Show only", "Follow-up")


async def dating(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("g")
    await typed(pilot, "+2w")
    await sees(pilot, "Monday 08 December 2025")


async def finding(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("slash")
    await typed(pilot, "lop")
    await sees(pilot, "> Lopez, Maria")


async def adding(pilot: Pilot[None], _: PlayedClinic) -> None:
    burst(pilot, *TO_FREE, "enter")
    await sees(pilot, "Held for you")
    await typed(pilot, "ana dias")
    await sees(pilot, "no match")
    await pilot.press("f9", "enter")
    await sees(pilot, "New patient", "The birth date is missing.")


async def detail(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("down", "enter")
    await sees(pilot, "Policy", "refund $60")


async def helping(pilot: Pilot[None], _: PlayedClinic) -> None:
    await pilot.press("question_mark")
    await sees(pilot, "search keys")


async def leaving(pilot: Pilot[None], clinic: PlayedClinic) -> None:
    await holding(pilot, clinic)
    await pilot.press("ctrl+q")
    await sees(pilot, "You still hold")


SCENES: tuple[Scene, ...] = (
    day,
    holding,
    chosen,
    lapsed,
    booked,
    conflict,
    offline,
    next_available,
    filtering,
    dating,
    finding,
    adding,
    detail,
    helping,
    leaving,
)


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_screen(
    snap_compare: Compare,
    app: DeskApp,
    clinic: PlayedClinic,
    scene: Scene,
    size: tuple[int, int],
) -> None:
    """The screen looks as it was approved."""

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await scene(pilot, clinic)

    assert snap_compare(app, terminal_size=size, run_before=play)


@pytest.mark.parametrize("theme", ["deskcal-light", "deskcal-contrast"])
def test_theme(snap_compare: Compare, app: DeskApp, clinic: PlayedClinic, theme: str) -> None:
    """The other themes show the same marks and words."""
    app.theme = theme

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "LIVE", "+ 30m")
        await holding(pilot, clinic)

    assert snap_compare(app, terminal_size=(120, 36), run_before=play)


def test_doubled_hour(snap_compare: Compare, app: DeskApp, clinic: PlayedClinic) -> None:
    """In the night when clocks go back, the doubled hour reads EDT and EST."""
    clinic.clock.now = clinic.clock.now.replace(day=2, hour=4, minute=41)
    clinic.opens, clinic.closes = clinic.opens.replace(hour=0), clinic.closes.replace(hour=6)
    clinic.busy.clear()

    async def play(pilot: Pilot[None]) -> None:
        await sees(pilot, "01:30 EDT", "01:30 EST")

    assert snap_compare(app, terminal_size=(80, 24), run_before=play)
