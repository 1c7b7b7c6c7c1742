"""Two receptionists at two desks of one clinic."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from textual.pilot import Pilot

from house import House
from journeys.desks import go_to, open_desk
from tui.seeing import burst, screen_text, sees, typed, until

Desks = tuple[Pilot[None], Pilot[None]]


@pytest.fixture
async def desks(served: str, house: House) -> AsyncIterator[Desks]:
    async with open_desk(served, house, "Desk 1") as one, open_desk(served, house, "Desk 2") as two:
        await go_to(one, house)
        await go_to(two, house)
        yield one, two


async def test_each_sees_what_the_other_does(desks: Desks) -> None:
    """Without a key: the hold with its time and desk, its end, and the name of who was booked."""
    one, two = desks
    await one.press("down", "enter")
    await sees(one, "Held for you")
    await sees(two, "D1", "1 held elsewhere")
    await one.press("escape")
    await until(two, lambda: "held elsewhere" not in screen_text(two))
    burst(one, "enter", *"tanaka", "enter", "enter")
    await sees(one, "booked B-")
    await sees(two, "Tanaka A")


async def test_one_of_two_gets_the_slot(desks: Desks) -> None:
    """Enter at the same moment: one desk holds it, the other is shown the nearest ones and takes one."""
    for pilot in desks:
        burst(pilot, "enter")
    for pilot in desks:
        await until(pilot, partial(is_answered, pilot))
    [winner] = [pilot for pilot in desks if "Held for you" in screen_text(pilot)]
    [loser] = [pilot for pilot in desks if pilot is not winner]
    await sees(loser, "Nothing was booked", "> 1")
    await loser.press("1")
    await sees(loser, "Held for you")
    await sees(winner, "1 held elsewhere")


async def test_the_month_counts_what_the_other_books(desks: Desks, house: House) -> None:
    """The count of a date changes on a desk that shows the month."""
    one, two = desks
    await two.press("m")
    await sees(two, f"{house.day:%B %Y}", f"{house.day:%a %d %b}: 32 free")
    burst(one, "enter")
    await sees(one, "Held for you")
    await typed(one, "tanaka")
    await sees(one, "> Aiko Tanaka")
    await one.press("enter", "enter")
    await sees(one, "booked B-")
    await sees(two, f"{house.day:%a %d %b}: 31 free", "1 booked")


def is_answered(pilot: Pilot[None]) -> bool:
    return any(words in screen_text(pilot) for words in ("Held for you", "SLOT HELD", "SLOT TAKEN"))
