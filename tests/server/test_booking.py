"""Hold, confirm and release over HTTP."""

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


def reserve(house: House, hour: int, minute: int = 0) -> dict[str, str]:
    return {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(hour, minute),
        "clientId": "Desk 1",
    }


async def test_a_hold_becomes_an_appointment(http: httpx.AsyncClient, house: House) -> None:
    """A held slot is reserved for all, and booked once confirmed."""
    async with http:
        held = await http.post("/v1/reservations", json=reserve(house, 10))
        assert held.status_code == 201, held.text
        day = f"/v1/providers/{house.perez.id}/availability?serviceId={house.consult.id}&date={house.day}"
        slots = {slot["id"]: slot for slot in (await http.get(day)).json()["timeslots"]}
        assert slots[house.slot(10)]["status"] == "reserved"
        confirm = {
            "reservationToken": held.json()["reservationToken"],
            "patientId": str(house.patients[0].id),
            "idempotencyKey": "one",
        }
        booked = await http.post("/v1/bookings", json=confirm)
        again = await http.post("/v1/bookings", json=confirm)
        other = await http.post("/v1/bookings", json=confirm | {"notes": "another"})
        slots = {slot["id"]: slot for slot in (await http.get(day)).json()["timeslots"]}
        assert slots[house.slot(10)]["status"] == "booked"
    assert booked.status_code == 201, booked.text
    assert again.json() == booked.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["error"]) == (422, "IDEMPOTENCY_KEY_REUSED")


@pytest.mark.parametrize("role", [Role.PATIENT, Role.OPS])
async def test_every_booking_role_may_hold(role: Role, served: str, house: House) -> None:
    """Patients and ops hold slots as the front desk does."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        held = await http.post("/v1/reservations", json=reserve(house, 11))
    assert held.status_code == 201, held.text
