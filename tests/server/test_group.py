"""Group sessions and whoever is free, over HTTP."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


async def slot(http: httpx.AsyncClient, house: House) -> dict[str, Any]:
    """Give the group session at ten."""
    day = f"/v1/providers/{house.perez.id}/availability?serviceId={house.group.id}&date={house.day}"
    answer = await http.get(day)
    slots = {one["id"]: one for one in answer.json()["timeslots"]}
    found: dict[str, Any] = slots[house.slot(10, service=house.group)]
    return found


async def test_places_go_one_by_one(http: httpx.AsyncClient, house: House) -> None:
    """Available, limited with fewer places left, reserved while the last is on hold, then booked."""
    body = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.group.id),
        "timeslotId": house.slot(10, service=house.group),
    }
    seen, tokens = [], []
    async with http:
        for _ in range(3):
            now = await slot(http, house)
            seen.append((now["status"], now["capacity"], now["remaining"]))
            tokens.append((await http.post("/v1/reservations", json=body)).json()["reservationToken"])
        seen.append(((await slot(http, house))["status"], 3, 0))
        fourth = await http.post("/v1/reservations", json=body)
        items = [
            {"reservationToken": token, "patientId": str(patient.id)}
            for token, patient in zip(tokens, house.patients, strict=False)
        ]
        made = await http.post("/v1/bookings/batch", json={"items": items})
        last = await slot(http, house)
    assert seen == [("available", 3, 3), ("limited", 3, 2), ("limited", 3, 1), ("reserved", 3, 0)]
    assert (fourth.status_code, fourth.json()["error"]) == (409, "SLOT_HELD")
    assert made.status_code == 201, made.text
    assert (last["status"], last["remaining"]) == ("booked", 0)


def anybody(house: House, **facts: object) -> dict[str, object]:
    return {
        "providerId": "any",
        "serviceId": str(house.consult.id),
        "start": house.at(10).isoformat(),
        **facts,
    }


async def test_whoever_is_free(http: httpx.AsyncClient, house: House) -> None:
    """Each hold is with another provider, until nobody is left; then other times are offered."""
    async with http:
        answers = [await http.post("/v1/reservations", json=anybody(house)) for _ in range(3)]
    first, second, third = answers
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert {answer.json()["providerId"] for answer in (first, second)} == {
        str(house.perez.id),
        str(house.chen.id),
    }
    assert third.json()["error"] == "SLOT_ALREADY_BOOKED"
    assert third.json()["alternatives"]


async def test_a_patient_is_with_one_of_them(served: str, house: House) -> None:
    """Whoever has a hold then gets no second one with somebody else."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        first, second = [await http.post("/v1/reservations", json=anybody(house)) for _ in range(2)]
    assert first.status_code == 201, first.text
    assert (second.status_code, second.json()["error"]) == (409, "PATIENT_ALREADY_BOOKED")


async def test_anybody_needs_a_start(http: httpx.AsyncClient, house: House) -> None:
    """Who does not mind with whom says when, with an offset."""
    wrong: list[tuple[dict[str, object], str]] = [
        ({"start": "2031-03-10T10:00:00"}, "NAIVE_TIME"),
        ({"start": None}, "VALIDATION_FAILED"),
        ({"timeslotId": "abc"}, "VALIDATION_FAILED"),
        ({"providerId": "somebody"}, "VALIDATION_FAILED"),
    ]
    async with http:
        for facts, error in wrong:
            refused = await http.post("/v1/reservations", json=anybody(house, **facts))
            assert (refused.status_code, refused.json()["error"]) == (400, error), facts


async def test_nobody_works_then(http: httpx.AsyncClient, house: House) -> None:
    """At night nobody is free, and the answer says when somebody is."""
    night = house.at(9) - timedelta(hours=5)
    async with http:
        refused = await http.post("/v1/reservations", json=anybody(house, start=night.isoformat()))
    assert (refused.status_code, refused.json()["error"]) == (409, "SLOT_ALREADY_BOOKED")
    assert refused.json()["alternatives"]
