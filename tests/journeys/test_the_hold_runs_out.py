"""A patient thinks too long."""

import asyncio

import msgspec
import pytest

from deskcal.client.errors import Refused
from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Live
from deskcal.core.access import Role
from deskcal.server.worker import Plan
from deskcal.wire.booking import ConfirmRequest
from deskcal.wire.realtime import Event
from house import House
from journeys.conftest import Reserve


@pytest.fixture
def plan(plan: Plan) -> Plan:
    """Let holds last a second."""
    return msgspec.structs.replace(plan, hold_seconds=1)


async def test_a_late_confirmation_is_told_what_else_is_free(
    patient: Client, served: str, house: House, slot_of: Reserve
) -> None:
    """She is told that her hold ran out; confirming then offers the nearest slots, her own first."""
    async with asyncio.timeout(20):
        me = await patient.me()
        news = follow(served, house.tokens[Role.PATIENT], [f"user:{me.sub}"])
        assert isinstance(await anext(news), Live)
        held = await patient.reserve(slot_of(10))
        told = await anext(news)
        await news.aclose()
    assert isinstance(told, Event)
    assert told.type == "reservation.expired"

    with pytest.raises(Refused) as refused:
        await patient.confirm(ConfirmRequest(reservation_token=held.reservation_token), key="late")
    problem = refused.value.problem
    assert problem.error == "RESERVATION_EXPIRED"
    assert problem.alternatives
    assert problem.alternatives[0].id == held.timeslot_id
    assert (await patient.appointments(house.clinic.id)).items == []
