"""An appointment gets another time: the patient takes it through a hold, the desk directly."""

from datetime import datetime

import httpx
import msgspec
import pytest

from deskcal.client.errors import Refused
from deskcal.client.http import Client
from deskcal.wire.booking import (
    Appointment,
    AppointmentChange,
    ConfirmRequest,
    RescheduleRequest,
    ReserveRequest,
)
from house import House


class Previous(msgspec.Struct):
    """Where it was."""

    start: datetime


class Told(msgspec.Struct):
    """What the audit says of a move."""

    start: datetime
    previous: Previous


@pytest.fixture
async def exam(patient: Client, house: House) -> Appointment:
    """Give Maria an exam from 10:00 to 10:45."""
    held = await patient.reserve(wish(house, 0))
    made = await patient.confirm(ConfirmRequest(reservation_token=held.reservation_token), key="exam")
    return await patient.appointment(made.id)


def wish(house: House, minute: int, moving: Appointment | None = None) -> ReserveRequest:
    return ReserveRequest(
        provider_id=str(house.perez.id),
        service_id=house.exam.id,
        timeslot_id=house.slot(10, minute, service=house.exam),
        appointment_id=moving.id if moving else None,
    )


async def test_she_comes_a_quarter_of_an_hour_later(patient: Client, exam: Appointment, house: House) -> None:
    """The new time may overlap the old one, if she says what is to be moved; the audit has both."""
    with pytest.raises(Refused) as refused:
        await patient.reserve(wish(house, 15))
    assert refused.value.problem.error == "SLOT_ALREADY_BOOKED"

    held = await patient.reserve(wish(house, 15, moving=exam))
    seen = await patient.appointment(exam.id)
    assert (seen.start, seen.version) == (exam.start, 1)

    request = RescheduleRequest(reservation_token=held.reservation_token, reason="the bus")
    moved = await patient.reschedule(exam.id, request, key="later", version=seen.version)
    assert (moved.id, moved.reference, moved.version) == (exam.id, exam.reference, 2)
    assert moved.start == house.at(10, 15)
    assert await patient.reschedule(exam.id, request, key="later", version=seen.version) == moved

    [told] = [entry for entry in await patient.audit(exam.id) if entry.action == "rescheduled"]
    assert msgspec.convert(told.metadata, Told) == Told(
        start=moved.start_utc, previous=Previous(start=exam.start_utc)
    )


async def test_a_hold_that_moves_books_nothing_else(
    patient: Client, desk: Client, exam: Appointment, house: House
) -> None:
    """What is held over an appointment cannot become a second one, nor move another."""
    held = await desk.reserve(wish(house, 15, moving=exam))
    token, aiko = held.reservation_token, house.patients[2].id
    with pytest.raises(Refused) as refused:
        await desk.confirm(ConfirmRequest(reservation_token=token, patient_id=aiko), key="second")
    assert refused.value.problem.error == "VALIDATION_FAILED"
    with pytest.raises(Refused) as refused:
        await patient.reschedule(exam.id, RescheduleRequest(reservation_token=token), key="hers")
    assert refused.value.problem.error == "NOT_FOUND"


async def test_the_desk_moves_what_it_has_seen(desk: Client, exam: Appointment, house: House) -> None:
    """Whoever saw it before somebody else moved it looks again first."""
    clinic = house.clinic.id
    later = AppointmentChange(start=house.at(14).isoformat(), reason="she called")
    moved = await desk.change(clinic, exam.id, later, version=exam.version)
    assert (moved.start, moved.status, moved.room_id) == (house.at(14), "confirmed", exam.room_id)
    earlier = AppointmentChange(start=house.at(9).isoformat())
    with pytest.raises(Refused) as refused:
        await desk.change(clinic, exam.id, earlier, version=exam.version)
    assert (refused.value.problem.status, refused.value.problem.error) == (412, "PRECONDITION_FAILED")
    again = await desk.change(clinic, exam.id, earlier, version=moved.version)
    assert again.start == house.at(9)


async def test_the_desk_has_to_say_what_it_has_seen(served: str, exam: Appointment, house: House) -> None:
    """Without If-Match nothing is changed."""
    path = f"/v1/clinics/{house.clinic.id}/appointments/{exam.id}"
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.patch(path, json={"start": house.at(14).isoformat()})
        seen = await http.get(f"/v1/appointments/{exam.id}")
    assert (refused.status_code, refused.json()["error"]) == (428, "PRECONDITION_REQUIRED")
    assert seen.json()["version"] == exam.version
