"""A call at a real desk, in each of the ways that a caller may want; the keys are counted."""

from collections.abc import AsyncIterator

import pytest
from textual.pilot import Pilot

from deskcal.client.http import Client
from house import House
from journeys.desks import Keys, go_to, open_desk

FIRST, THEN = "Maria Lopez", "booked B-"


@pytest.fixture
async def pilot(served: str, house: House) -> AsyncIterator[Pilot[None]]:
    async with open_desk(served, house) as pilot:
        await go_to(pilot, house)
        yield pilot


async def booked(desk: Client, house: House) -> list[tuple[str, str]]:
    """Who comes on the working day, and when."""
    found = await desk.appointments(house.clinic.id, day=house.day)
    zone = house.perez.zone
    return [(one.patient_name, f"{one.start.astimezone(zone):%H:%M}") for one in found.items]


async def test_slot_first(pilot: Pilot[None], desk: Client, house: House) -> None:
    """Go there, Enter, the name, Enter, Enter: sixteen keys with six moves."""
    keys = Keys(pilot)
    await keys.press("down", "down", "down", sees_then=("10:30 Dr. ",))
    await keys.press("enter", sees_then=("Held for you", "me"))
    await keys.press(*"lop mar", sees_then=(f"> {FIRST}",))
    await keys.press("enter", sees_then=("Say:",))
    await keys.press("enter", sees_then=(THEN,))
    assert keys.count <= 13
    assert await booked(desk, house) == [(FIRST, "10:30")]


async def test_patient_first(pilot: Pilot[None], desk: Client, house: House) -> None:
    """Find who calls, ask what is free next for a service, take it by its number: sixteen keys."""
    keys = Keys(pilot)
    await keys.press(*"/lop mar", sees_then=(f"> {FIRST}",))
    await keys.press("enter", sees_then=(f"for {FIRST}",))
    await keys.press(*"ncon", sees_then=("Consult",))
    await keys.press("enter", sees_then=("> 1",))
    await keys.press("1", sees_then=("Held for you", FIRST))
    await keys.press("enter", sees_then=(THEN,))
    assert keys.count <= 16
    assert await booked(desk, house) == [(FIRST, "09:00")]


async def test_by_words(pilot: Pilot[None], desk: Client, house: House) -> None:
    """Type it as it is said, take the first that fits, confirm."""
    keys, day = Keys(pilot), f"{house.day:%a}".lower()
    await keys.press(*f":lop mar con perez {day} am", sees_then=("Consult, Dr. ",))
    await keys.press("enter", sees_then=("> 1",))
    await keys.press("1", sees_then=("Held for you", FIRST))
    await keys.press("enter", sees_then=(THEN,))
    assert keys.count <= 1 + len(f"lop mar con perez {day} am") + 3
    [(who, _)] = await booked(desk, house)
    assert who == FIRST


async def test_typed_ahead(pilot: Pilot[None], desk: Client, house: House) -> None:
    """A whole call that arrives at once is booked as if it had been typed slowly."""
    await Keys(pilot).press("down", "enter", *"tanaka", "enter", "enter", sees_then=(THEN,))
    assert await booked(desk, house) == [("Aiko Tanaka", "09:30")]
