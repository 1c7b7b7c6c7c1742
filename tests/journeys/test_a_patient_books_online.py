"""A patient finds a doctor, sees the day, holds a slot and books it."""

import pytest

from deskcal.client.errors import Refused
from deskcal.client.http import Client
from deskcal.wire.booking import ConfirmRequest, ReserveRequest
from house import House


async def test_from_search_to_booking(patient: Client, desk: Client, house: House) -> None:
    """What she booked is hers: she and the desk see it, and the slot is taken for all others."""
    [doctor] = (await patient.providers(query="jose perez")).items
    service = next(one for one in await patient.provider_services(doctor.id) if one.title == "Consult")
    day = await patient.provider_day(doctor.id, service_id=service.id, day=house.day)
    slot = next(slot for slot in day.timeslots if slot.status == "available")
    assert slot.start.strftime("%H:%M") == "09:00"

    held = await patient.reserve(
        ReserveRequest(provider_id=str(doctor.id), service_id=service.id, timeslot_id=slot.id)
    )
    seen = await patient.provider_day(doctor.id, service_id=service.id, day=house.day)
    assert next(one for one in seen.timeslots if one.id == slot.id).mine

    booking = await patient.confirm(ConfirmRequest(reservation_token=held.reservation_token), key="mine")
    assert booking.status == "confirmed"
    assert booking.patient_id == house.patients[0].id

    [hers] = (await patient.appointments(house.clinic.id, day=house.day)).items
    assert hers.reference == booking.reference
    [listed] = (await desk.appointments(house.clinic.id, day=house.day)).items
    assert listed.patient_name == "Maria Lopez"
    assert [entry.action for entry in await patient.audit(booking.id)] == ["held", "confirmed"]


async def test_she_sees_nobody_else(patient: Client, desk: Client, house: House) -> None:
    """To her another patient's appointment is a taken slot, and not there under its id."""
    held = await desk.reserve(
        ReserveRequest(
            provider_id=str(house.perez.id), service_id=house.consult.id, timeslot_id=house.slot(9)
        )
    )
    confirm = ConfirmRequest(reservation_token=held.reservation_token, patient_id=house.patients[1].id)
    booking = await desk.confirm(confirm, key="mario")

    day = await patient.provider_day(house.perez.id, service_id=house.consult.id, day=house.day)
    assert day.timeslots[0].status == "booked"
    assert (await patient.appointments(house.clinic.id)).items == []
    for asked in (patient.appointment(booking.id), patient.audit(booking.id)):
        with pytest.raises(Refused) as refused:
            await asked
        assert refused.value.problem.error == "NOT_FOUND"
    with pytest.raises(Refused) as refused:
        await patient.patients("mario")
    assert refused.value.problem.error == "FORBIDDEN"
