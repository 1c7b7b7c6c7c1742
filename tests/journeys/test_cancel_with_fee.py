"""Appointments are canceled, by the policy that they were booked under."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from deskcal.client.feed import follow
from deskcal.client.http import Client
from deskcal.client.told import Live
from deskcal.core.access import Role
from deskcal.wire.booking import BookRequest, CancelRequest
from deskcal.wire.catalog import CancellationPolicy, ServiceChange
from deskcal.wire.realtime import Event
from house import House
from journeys.conftest import Reserve

FREE_TODAY = CancellationPolicy(free_until_hours=24, fee_cents=2500)
FREE_NEVER = CancellationPolicy(free_until_hours=24 * 30, fee_cents=2500)


@pytest.fixture
async def admin(served: str, house: House) -> AsyncIterator[Client]:
    async with Client(served, house.tokens[Role.ADMIN]) as client:
        yield client


async def agree(admin: Client, house: House, policy: CancellationPolicy) -> None:
    """Let a policy hold for what is booked from now on."""
    service = await admin.service(house.consult.id)
    await admin.change_service(service.id, ServiceChange(cancellation_policy=policy), version=service.version)


async def booked(desk: Client, house: House, hour: int) -> UUID:
    order = BookRequest(
        patient_id=house.patients[0].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(hour).isoformat(),
    )
    return (await desk.book(house.clinic.id, order, key=f"at {hour}")).id


async def test_the_policy_of_the_day_it_was_booked(
    patient: Client, desk: Client, admin: Client, house: House
) -> None:
    """What she was told before is what she pays; a policy that came later is for later appointments."""
    await agree(admin, house, FREE_TODAY)
    free = await booked(desk, house, 10)
    await agree(admin, house, FREE_NEVER)
    dear = await booked(desk, house, 11)
    for appointment_id, fee, refund in ((free, 0, 8000), (dear, 2500, 5500)):
        asked = await patient.cancellation(appointment_id)
        assert (asked.fee_cents, asked.refund_cents) == (fee, refund)
        done = await patient.cancel(appointment_id, CancelRequest(waive_fee=True), key=f"{appointment_id}")
        assert (done.fee_cents, done.refund_cents) == (fee, refund)
        kept = await patient.appointment(appointment_id)
        assert (kept.status, kept.charged_cents, kept.refunded_cents) == ("canceled", fee, refund)


async def test_the_clinic_cancels(
    patient: Client, desk: Client, admin: Client, served: str, house: House, slot_of: Reserve
) -> None:
    """She pays nothing and is told at once, and the time is there for others."""
    await agree(admin, house, FREE_NEVER)
    appointment_id = await booked(desk, house, 10)
    async with asyncio.timeout(20):
        news = follow(served, house.tokens[Role.PATIENT], [f"user:{house.patients[0].id}"])
        assert isinstance(await anext(news), Live)
        request = CancelRequest(reason="Dr. Perez is ill", waive_fee=True)
        done = await desk.cancel(appointment_id, request, key="ill")
        told = await anext(news)
        await news.aclose()
    assert (done.fee_cents, done.refund_cents) == (0, 8000)
    assert isinstance(told, Event)
    assert (told.type, told.payload["appointmentId"]) == ("booking.cancelled", str(appointment_id))

    day = await patient.provider_day(house.perez.id, service_id=house.consult.id, day=house.day)
    assert next(slot for slot in day.timeslots if slot.start == house.at(10)).status == "available"
    assert (await desk.reserve(slot_of(10))).start == house.at(10)
