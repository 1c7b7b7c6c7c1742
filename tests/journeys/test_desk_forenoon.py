"""A forenoon at the front desk, against a real server: who comes, who does not, who moves and who cancels."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from textual.pilot import Pilot

from deskcal.client.http import Client
from deskcal.flows.board import Board
from deskcal.store.database import Database
from deskcal.wire.booking import Appointment
from house import House, build_house
from journeys.desks import Keys, go_to, open_desk, zone_of_forenoon
from races.rounds import Desk
from tui.seeing import sees, typed

LAST_WEEK = -7
"""Days from the house's working day back to today."""


@pytest.fixture
async def house(database: Database) -> House:
    """Give a clinic where it is ten o'clock, so that today is a working day."""
    return await build_house(database, timezone=zone_of_forenoon())


@pytest.fixture
async def nine_oclock(database: Database, house: House) -> str:
    """Let Maria have had an appointment at nine, made two days ago; gives its reference."""
    then = Desk(Board(database), house, round_=LAST_WEEK, now=datetime.now(UTC) - timedelta(days=2))
    made = await then.book(house.perez, house.consult, 9, patient_id=house.patients[0].id)
    return made.reference


@pytest.fixture
async def pilot(served: str, house: House) -> AsyncIterator[Pilot[None]]:
    async with open_desk(served, house) as pilot:
        yield pilot


async def book_next_week(pilot: Pilot[None], house: House) -> None:
    """Book Aiko Tanaka at nine, and stay on her."""
    await go_to(pilot, house)
    await Keys(pilot).press("enter", *"tanaka", "enter", "enter", sees_then=("booked B-", "  Tanaka A"))


async def only(desk: Client, house: House) -> Appointment:
    [found] = (await desk.appointments(house.clinic.id)).items
    return found


async def test_arrived_and_undone(pilot: Pilot[None], nine_oclock: str, desk: Client, house: House) -> None:
    """`a` and she is here, `u` and she is not."""
    await pilot.press("home")
    await sees(pilot, nine_oclock)
    await pilot.press("a")
    await sees(pilot, "A Lopez M")
    assert (await only(desk, house)).status == "checked_in"
    await pilot.press("u")
    await sees(pilot, "  Lopez M")
    assert (await only(desk, house)).status == "confirmed"


async def test_no_show_and_undone(pilot: Pilot[None], nine_oclock: str, desk: Client, house: House) -> None:
    """`N` asks first; what it did can be taken back."""
    await pilot.press("home")
    await sees(pilot, nine_oclock)
    await pilot.press("N")
    await sees(pilot, "no-show")
    await pilot.press("tab", "enter")
    await sees(pilot, "D Lopez M")
    assert (await only(desk, house)).status == "no_show"
    await pilot.press("u")
    await sees(pilot, "  Lopez M")
    assert (await only(desk, house)).status == "confirmed"


async def test_moved(pilot: Pilot[None], desk: Client, house: House) -> None:
    """`r`, another slot, Enter, Enter: the same appointment at another time."""
    await book_next_week(pilot, house)
    before = await only(desk, house)
    await Keys(pilot).press("r", sees_then=("moving Aiko Tanaka",))
    await Keys(pilot).press("down", "down", "enter", sees_then=("Held for you",))
    await Keys(pilot).press("enter", sees_then=("moved B-",))
    after = await only(desk, house)
    assert (after.id, after.start) == (before.id, house.at(10))


async def test_canceled_with_its_fee(pilot: Pilot[None], desk: Client, house: House) -> None:
    """`c` says what it costs now; keeping is the default."""
    await book_next_week(pilot, house)
    await pilot.press("c")
    await sees(pilot, "fee", "No, keep it")
    await pilot.press("enter")
    assert (await only(desk, house)).status == "confirmed"
    await pilot.press("c")
    await sees(pilot, "No, keep it")
    await pilot.press("tab", "enter")
    await sees(pilot, "canceled B-")
    await sees(pilot, "+ 30m")
    assert (await only(desk, house)).status == "canceled"


async def test_walk_in(pilot: Pilot[None], desk: Client, house: House) -> None:
    """`+` takes whoever stands at the counter."""
    await pilot.press("plus")
    await sees(pilot, "Walk-in")
    await typed(pilot, "tanaka")
    await sees(pilot, "> Aiko Tanaka")
    await pilot.press("enter")
    await typed(pilot, "con")
    await sees(pilot, "Consult")
    await pilot.press("enter")
    await sees(pilot, "Aiko Tanaka arrived", "A Tanaka A")
    come = await only(desk, house)
    assert (come.status, come.walk_in) == ("checked_in", True)


async def test_waitlist(pilot: Pilot[None], desk: Client) -> None:
    """`W` puts who calls on the waitlist."""
    await Keys(pilot).press(*"/tanaka", sees_then=("> Aiko Tanaka",))
    await Keys(pilot).press("enter", sees_then=("for Aiko Tanaka",))
    await Keys(pilot).press("W", sees_then=("Put on the waitlist", "which service?"))
    await typed(pilot, "con")
    await Keys(pilot).press("enter", sees_then=("Aiko Tanaka waits for Consult",))
    [entry] = (await desk.waitlist()).items
    assert (entry.patient_name, entry.state) == ("Aiko Tanaka", "waiting")
