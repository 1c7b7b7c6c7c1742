"""Three people wait for a time; one does not answer, one does not want it, one takes it."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from deskcal.client.errors import Refused
from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Live, Told
from deskcal.core.access import Role
from deskcal.flows.hold import sweep
from deskcal.store.database import Database
from deskcal.wire.booking import BookRequest, Canceled, CancelRequest
from deskcal.wire.realtime import Event
from deskcal.wire.waitlist import Acceptance, Answer, NewEntry
from house import House


async def offered(news: AsyncGenerator[Told, None]) -> dict[str, Any]:
    """Wait until something is offered."""
    async for told in news:
        if isinstance(told, Event) and told.type == "waitlist.updated" and told.payload["state"] == "offered":
            return told.payload
    raise AssertionError("the feed ended")


async def test_the_chain(
    desk: Client, patient: Client, served: str, house: House, database: Database
) -> None:
    """A canceled hour goes down the line by itself: held for one after the other, until somebody has it."""
    *line, gone = house.patients
    made = await desk.book(
        house.clinic.id,
        BookRequest(
            patient_id=gone.id,
            service_id=house.consult.id,
            provider_id=house.perez.id,
            start=house.at(10).isoformat(),
        ),
        key="first",
    )
    mine = await patient.join_waitlist(NewEntry(service_id=house.consult.id))
    second, third = [
        await desk.join_waitlist(NewEntry(service_id=house.consult.id, patient_id=one.id, notes="any day"))
        for one in line[1:]
    ]
    async with asyncio.timeout(60):
        news = follow(served, house.tokens[Role.FRONT_DESK], [f"clinic:{house.clinic.id}"])
        personal = follow(served, house.tokens[Role.PATIENT], [f"user:{line[0].id}"])
        assert isinstance(await anext(news), Live)
        assert isinstance(await anext(personal), Live)
        await desk.call("POST", f"/v1/appointments/{made.id}/cancel", Canceled, body=CancelRequest())

        assert (await offered(news))["entryId"] == str(mine.id)
        told = await offered(personal)
        assert told["start"] == made.start_utc.isoformat()
        [shown] = (await patient.waitlist()).items
        assert (shown.state, shown.notes) == ("offered", None)
        await sweep(database, shown.offers[0].expires_at)

        assert (await offered(news))["entryId"] == str(second.id)
        with pytest.raises(Refused) as late:
            await patient.accept_offer(mine.id, Acceptance())
        assert late.value.problem.error == "RESERVATION_EXPIRED"
        assert late.value.problem.alternatives
        await desk.decline_offer(second.id, Answer())

        last = await offered(news)
        assert last["entryId"] == str(third.id)
        await news.aclose()
        await personal.aclose()
    booked = await desk.accept_offer(third.id, Acceptance(), key="yes")
    again = await desk.accept_offer(third.id, Acceptance(), key="yes")
    assert (booked.id, booked.start, booked.patient_id) == (again.id, made.start, third.patient_id)
    page = await desk.waitlist()
    assert [(one.state, [offer.state for offer in one.offers]) for one in page.items] == [
        ("waiting", ["lapsed"]),
        ("waiting", ["declined"]),
        ("booked", ["accepted"]),
    ]
    assert (page.items[2].appointment_id, page.items[2].notes) == (booked.id, "any day")
    gone_again = await patient.leave_waitlist(mine.id)
    assert gone_again.state == "withdrawn"
    assert [one.id for one in (await desk.waitlist(state="waiting,offered")).items] == [second.id]
