"""Several patients in one booking over HTTP: all of them, or none."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


async def hold(http: httpx.AsyncClient, house: House, hour: int) -> str:
    body = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(hour),
    }
    held = await http.post("/v1/reservations", json=body)
    assert held.status_code == 201, held.text
    return str(held.json()["reservationToken"])


def items(house: House, tokens: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"reservationToken": token, "patientId": str(patient.id)}
        for token, patient in zip(tokens, house.patients, strict=False)
    ]


async def booked(http: httpx.AsyncClient, house: House) -> list[str]:
    """List the patients who have an appointment."""
    found = await http.get(f"/v1/clinics/{house.clinic.id}/appointments")
    return [one["patientId"] for one in found.json()["items"]]


async def test_all_of_them(http: httpx.AsyncClient, house: House) -> None:
    """The answer has the bookings in the order of the items, and the same key gives it again."""
    async with http:
        tokens = [await hold(http, house, hour) for hour in (12, 10, 11)]
        batch = {"items": items(house, tokens), "idempotencyKey": "family"}
        made = await http.post("/v1/bookings/batch", json=batch)
        again = await http.post("/v1/bookings/batch", json=batch)
    assert made.status_code == 201, made.text
    bookings = made.json()["bookings"]
    assert [one["patientId"] for one in bookings] == [str(patient.id) for patient in house.patients[:3]]
    assert [one["timeslotId"] for one in bookings] == [house.slot(hour) for hour in (12, 10, 11)]
    assert {one["status"] for one in bookings} == {"confirmed"}
    assert again.text == made.text
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_or_none_of_them(http: httpx.AsyncClient, house: House) -> None:
    """Where one hold was given back, nobody is booked, and the others still hold their slots."""
    async with http:
        tokens = [await hold(http, house, hour) for hour in (10, 11, 12)]
        await http.delete(f"/v1/reservations/{tokens[1]}")
        refused = await http.post("/v1/bookings/batch", json={"items": items(house, tokens)})
        assert (refused.status_code, refused.json()["error"]) == (409, "RESERVATION_EXPIRED")
        assert refused.json()["alternatives"]
        assert await booked(http, house) == []
        assert (await http.get(f"/v1/reservations/{tokens[0]}")).status_code == 200
        rest = await http.post("/v1/bookings/batch", json={"items": items(house, tokens[::2])})
        assert rest.status_code == 201, rest.text


async def test_one_patient_in_two_places(http: httpx.AsyncClient, house: House) -> None:
    """Somebody who is elsewhere then keeps all of the batch from being booked."""
    async with http:
        other = {
            "patientId": str(house.patients[1].id),
            "serviceId": str(house.consult.id),
            "providerId": str(house.chen.id),
            "start": house.at(11).isoformat(),
        }
        direct = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=other)
        assert direct.status_code == 201, direct.text
        tokens = [await hold(http, house, hour) for hour in (10, 11)]
        refused = await http.post("/v1/bookings/batch", json={"items": items(house, tokens)})
        assert (refused.status_code, refused.json()["error"]) == (409, "PATIENT_ALREADY_BOOKED")
        assert [one["kind"] for one in refused.json()["conflicts"]] == ["patient"]
        assert await booked(http, house) == [str(house.patients[1].id)]


async def test_the_same_hold_twice(http: httpx.AsyncClient, house: House) -> None:
    """A hold is for one patient; nobody is booked by it twice."""
    async with http:
        token = await hold(http, house, 10)
        refused = await http.post("/v1/bookings/batch", json={"items": items(house, [token, token])})
        assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_FAILED")
        assert await booked(http, house) == []


async def test_how_many(http: httpx.AsyncClient, house: House) -> None:
    """A batch has one item at least and fifty at most."""
    one = {"reservationToken": "no such hold", "patientId": str(house.patients[0].id)}
    async with http:
        for count in (0, 51):
            refused = await http.post("/v1/bookings/batch", json={"items": [one] * count})
            assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_FAILED")


async def test_a_patient_books_nobody_else(served: str, house: House) -> None:
    """Nor can a batch be made of somebody else's holds."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as desk:
        token = await hold(desk, house, 10)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as patient:
        theirs = await patient.post("/v1/bookings/batch", json={"items": items(house, [token])})
        own = await hold(patient, house, 11)
        other = {"reservationToken": own, "patientId": str(house.patients[1].id)}
        elses = await patient.post("/v1/bookings/batch", json={"items": [other]})
    assert (theirs.status_code, theirs.json()["error"]) == (404, "NOT_FOUND")
    assert (elses.status_code, elses.json()["error"]) == (403, "FORBIDDEN")
