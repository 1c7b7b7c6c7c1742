"""Two desks look at the same day, and one of them goes away in the middle of a booking."""

import asyncio
from collections.abc import AsyncGenerator

import msgspec
import pytest

from deskcal.client.errors import Refused
from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Live, Told
from deskcal.core.access import Role
from deskcal.server.worker import Plan
from deskcal.wire.realtime import Event
from house import House
from journeys.conftest import Reserve


@pytest.fixture
def plan(plan: Plan) -> Plan:
    """Let holds last a second."""
    return msgspec.structs.replace(plan, hold_seconds=1)


async def slot_news(news: AsyncGenerator[Told, None]) -> Event:
    """Wait for what becomes of a slot, past the counts of its date."""
    while True:
        told = await anext(news)
        if isinstance(told, Event) and told.type == "timeslot.updated":
            return told


async def test_a_hold_greys_the_slot_elsewhere_and_comes_back_when_its_desk_is_gone(
    desk: Client, served: str, house: House, slot_of: Reserve
) -> None:
    """Desk 2 sees Desk 1 take the slot, cannot have it, and gets it once the hold of the lost desk lapses."""
    token, channel = house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}"
    async with asyncio.timeout(20):
        first, second = follow(served, token, [channel]), follow(served, token, [channel])
        assert isinstance(await anext(first), Live)
        assert isinstance(await anext(second), Live)

        await desk.reserve(slot_of(10, at="Desk 1"))
        greyed = await slot_news(second)
        assert greyed.payload["timeslotId"] == house.slot(10)
        assert greyed.payload["status"] == "reserved"
        assert greyed.payload["heldBy"] == "Desk 1"
        with pytest.raises(Refused) as refused:
            await desk.reserve(slot_of(10, at="Desk 2"))
        assert refused.value.problem.error == "SLOT_HELD"

        await first.aclose()

        back = await slot_news(second)
        assert back.payload["timeslotId"] == house.slot(10)
        assert back.payload["status"] == "available"
        await second.aclose()
        held = await desk.reserve(slot_of(10, at="Desk 2"))
    assert held.timeslot_id == house.slot(10)
