"""The search for free slots over HTTP."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from deskcal.core.localtime import local_day
from house import House


async def find(served: str, house: House, role: Role = Role.PATIENT, **params: object) -> httpx.Response:
    path = f"/v1/clinics/{house.clinic.id}/availability"
    asked = {"serviceId": house.consult.id, "start": house.day, "end": house.day, **params}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        return await http.get(path, params={name: str(value) for name, value in asked.items()})


async def test_a_found_slot_can_be_reserved(served: str, house: House) -> None:
    """A slot has all that a patient needs: times both ways, the provider, a score, and an id to reserve."""
    answer = await find(served, house)
    assert answer.status_code == 200, answer.text
    [first, *_] = answer.json()["slots"]
    start = house.at(9)
    assert first == {
        "start": start.isoformat(),
        "end": (start + timedelta(minutes=30)).isoformat(),
        "startUTC": first["startUTC"],
        "endUTC": first["endUTC"],
        "timeslotId": first["timeslotId"],
        "provider": first["provider"],
        "roomOptions": [],
        "priceCents": house.consult.price_cents,
        "score": 80,
    }
    assert first["startUTC"].endswith("Z")
    assert first["provider"]["name"] == "Dr. José Perez"
    assert answer.json()["metadata"]["timezone"] == "America/New_York"
    assert answer.json()["metadata"]["queryDurationMs"] > 0
    body = {
        "providerId": first["provider"]["id"],
        "serviceId": str(house.consult.id),
        "timeslotId": first["timeslotId"],
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        assert (await http.post("/v1/reservations", json=body)).status_code == 201
    again = await find(served, house)
    assert first["timeslotId"] not in {slot["timeslotId"] for slot in again.json()["slots"]}


async def test_rooms_that_would_do(served: str, house: House) -> None:
    """A slot that needs a room says which ones are free."""
    answer = await find(served, house, serviceId=house.exam.id, limit=1)
    [slot] = answer.json()["slots"]
    assert {room["name"] for room in slot["roomOptions"]} == {"Room 1", "Room 2"}


async def test_next_available(served: str, house: House) -> None:
    """Sorted by time, the first slots of whoever is asked for."""
    answer = await find(served, house, sort="soonest", limit=3, providerIds=house.chen.id)
    found = [(slot["provider"]["name"], slot["start"]) for slot in answer.json()["slots"]]
    assert found == [
        ("Dr. Li Chen", house.at(9).isoformat()),
        ("Dr. Li Chen", house.at(9, 30).isoformat()),
        ("Dr. Li Chen", house.at(10).isoformat()),
    ]


async def test_the_time_of_day_asked_for(served: str, house: House) -> None:
    """Whoever prefers the afternoon sees it first."""
    answer = await find(served, house, preferredTimeOfDay="afternoon", limit=10)
    assert {slot["start"][11:13] >= "12" for slot in answer.json()["slots"]} == {True}


async def test_local_times_and_instants(served: str, house: House) -> None:
    """From and to may be local times or instants; both are half-open."""
    local = await find(served, house, start=f"{house.day}T10:00", end=f"{house.day} 11:00", sort="soonest")
    exact = await find(
        served, house, start=house.at(10).isoformat(), end=house.at(11).isoformat(), sort="soonest"
    )
    assert local.json()["slots"] == exact.json()["slots"]
    assert {slot["start"][11:16] for slot in local.json()["slots"]} == {"10:00", "10:30"}


async def test_from_now_on(served: str, house: House) -> None:
    """Without times it is the next two weeks."""
    path = f"/v1/clinics/{house.clinic.id}/availability"
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        answer = await http.get(path, params={"serviceId": str(house.consult.id), "limit": 200})
    assert len(answer.json()["slots"]) == 200


def clocks_go_forward(house: House) -> date:
    """Find the next local date of 23 hours."""
    days = (house.day + timedelta(days=n) for n in range(400))
    return next(day for day in days if local_day(day, house.perez.zone).minutes < 1440)


async def test_sixty_two_days_over_a_clock_change(served: str, house: House) -> None:
    """A search over 62 local days is one over 62 days, also when one of them has 25 hours; not over more."""
    days = (house.day + timedelta(days=n) for n in range(400))
    longer = next(day for day in days if local_day(day, house.perez.zone).minutes > 1440)
    first = longer - timedelta(days=20)
    good = await find(served, house, start=first, end=first + timedelta(days=61))
    refused = await find(served, house, start=first, end=first + timedelta(days=62))
    assert (good.status_code, refused.status_code) == (200, 400)


async def test_a_time_that_the_clock_skips(served: str, house: House) -> None:
    """A local time that does not exist is refused with the next one that does."""
    day = clocks_go_forward(house)
    refused = await find(served, house, start=f"{day} 02:30", end=day)
    assert refused.status_code == 400
    assert refused.json()["error"] == "NONEXISTENT_LOCAL_TIME"
    assert refused.json()["nextValid"].startswith(f"{day}T03:00")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"start": "soon"}, "start"),
        ({"end": "2026-13-01"}, "end"),
        ({"end": "2020-01-01"}, "end"),
        ({"end": "2190-01-01"}, "end"),
        ({"providerIds": "Dr. Perez"}, "providerIds"),
        ({"preferredTimeOfDay": "teatime"}, "preferredTimeOfDay"),
        ({"sort": "cheapest"}, "sort"),
        ({"limit": 0}, "limit"),
    ],
)
async def test_a_search_that_cannot_be(params: dict[str, Any], field: str, served: str, house: House) -> None:
    """What cannot be searched for is refused by the name of the field."""
    refused = await find(served, house, **params)
    assert refused.status_code == 400, refused.text
    assert [one["field"] for one in refused.json()["errors"]] == [field]


async def test_another_clinic_is_not_there(served: str, house: House) -> None:
    """A token of one clinic cannot search in another."""
    path = f"/v1/clinics/{house.perez.id}/availability"
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.get(path, params={"serviceId": str(house.consult.id)})
    assert refused.status_code == 404
