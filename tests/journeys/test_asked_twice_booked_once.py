"""The answer to a booking is lost, and the desk sends it again."""

from deskcal.client.http import Client
from deskcal.wire.booking import BookRequest, ConfirmRequest
from house import House
from journeys.conftest import Reserve


async def test_confirmed_again_with_the_same_key(desk: Client, house: House, slot_of: Reserve) -> None:
    """The second answer is the first, and the day has one appointment."""
    held = await desk.reserve(slot_of(10))
    confirm = ConfirmRequest(reservation_token=held.reservation_token, patient_id=house.patients[0].id)
    first = await desk.confirm(confirm, key="one decision")
    again = await desk.confirm(confirm, key="one decision")
    assert again == first
    assert len((await desk.appointments(house.clinic.id, day=house.day)).items) == 1


async def test_booked_directly_again_with_the_same_key(desk: Client, house: House) -> None:
    """The same holds for a booking without a hold."""
    order = BookRequest(
        patient_id=house.patients[0].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(10).isoformat(),
    )
    first = await desk.book(house.clinic.id, order, key="one decision")
    again = await desk.book(house.clinic.id, order, key="one decision")
    assert again == first
    assert len((await desk.appointments(house.clinic.id, day=house.day)).items) == 1
