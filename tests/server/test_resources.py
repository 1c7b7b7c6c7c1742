"""Rooms, equipment, services and providers: added, changed by whoever saw them last, retired."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as admin:
        yield admin


async def add(http: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await http.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def change(http: httpx.AsyncClient, path: str, **body: Any) -> httpx.Response:
    """Change a thing as it is now."""
    return await http.patch(path, json=body, headers={"If-Match": (await http.get(path)).headers["etag"]})


async def book(http: httpx.AsyncClient, house: House, service_id: object, hour: int = 10) -> dict[str, Any]:
    booked = await add(
        http,
        f"/v1/clinics/{house.clinic.id}/appointments",
        patientId=str(house.patients[0].id),
        serviceId=str(service_id),
        providerId=str(house.perez.id),
        start=house.at(hour).isoformat(),
    )
    appointment: dict[str, Any] = booked["appointment"]
    return appointment


async def offer(http: httpx.AsyncClient, house: House, **facts: Any) -> str:
    """Add a service that Dr. Perez offers."""
    made = await add(http, "/v1/services", durationMinutes=30, **facts)
    path = f"/v1/providers/{house.perez.id}"
    ids = [one["id"] for one in (await http.get(f"{path}/services")).json()["items"]]
    assert (await change(http, path, serviceIds=[*ids, made["id"]])).status_code == 200
    return str(made["id"])


async def test_a_room_is_changed_by_who_saw_it_last(http: httpx.AsyncClient) -> None:
    """A room shows its version as ETag; a change of an older one is refused, a null takes away."""
    wing = await add(http, "/v1/locations", name="Wing", timezone="Asia/Tokyo")
    room = await add(
        http, "/v1/rooms", name=" Blue ", features=["sink", "lamp"], capacity=3, locationId=wing["id"]
    )
    path = f"/v1/rooms/{room['id']}"
    shown = await http.get(path)
    again = await http.get(path, headers={"If-None-Match": shown.headers["etag"]})
    changed = await change(http, path, features=["sink"], capacity=None, locationId=None, type="xray")
    old = await http.patch(path, json={"name": "Red"}, headers={"If-Match": shown.headers["etag"]})
    assert (room["name"], room["features"], room["capacity"]) == ("Blue", ["lamp", "sink"], 3)
    assert (shown.json(), again.status_code) == (room, 304)
    assert changed.json() == room | {
        "features": ["sink"],
        "capacity": None,
        "locationId": None,
        "type": "xray",
        "version": 2,
    }
    assert changed.headers["etag"] == '"2"'
    assert (old.status_code, old.json()["error"]) == (412, "PRECONDITION_FAILED")
    assert [one["name"] for one in (await http.get("/v1/rooms")).json()["items"]] == [
        "Blue",
        "Room 1",
        "Room 2",
    ]


async def test_a_change_is_made_once(http: httpx.AsyncClient, house: House) -> None:
    """The same key gives the first answer with its ETag, though the version has moved on."""
    path = f"/v1/rooms/{house.rooms[0].id}"
    headers = {"If-Match": '"1"', "Idempotency-Key": "once"}
    first = await http.patch(path, json={"name": "Attic"}, headers=headers)
    replayed = await http.patch(path, json={"name": "Attic"}, headers=headers)
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert (replayed.json(), replayed.headers["etag"]) == (first.json(), '"2"')
    assert replayed.headers["Idempotency-Replayed"] == "true"


async def test_of_changes_at_once_one_is_made(http: httpx.AsyncClient, house: House) -> None:
    """Whoever saw the same version: one change goes in, the others are told to look again."""
    path = f"/v1/rooms/{house.rooms[0].id}"
    answers = await asyncio.gather(
        *(http.patch(path, json={"name": f"Room {n}"}, headers={"If-Match": '"1"'}) for n in range(8))
    )
    assert sorted(one.status_code for one in answers) == [200] + [412] * 7
    [made] = [one.json() for one in answers if one.status_code == 200]
    assert (await http.get(path)).json() == made


async def test_a_unit_comes_back_as_what_it_was(http: httpx.AsyncClient) -> None:
    """Fewer units take the highest numbers away; more bring the same ones back, then new ones."""
    pool = await add(http, "/v1/equipment", name="X-ray", type="xray", quantity=3)
    path = f"/v1/equipment/{pool['id']}"
    fewer = (await change(http, path, quantity=1)).json()
    more = (await change(http, path, quantity=4, name="X-ray lab")).json()
    assert [unit["number"] for unit in pool["units"]] == [1, 2, 3]
    assert fewer["units"] == pool["units"][:1]
    assert more["units"][:3] == pool["units"]
    assert (more["quantity"], more["name"], more["version"]) == (4, "X-ray lab", 3)
    assert (await http.get("/v1/equipment")).json()["items"] == [more]


async def test_a_booked_unit_does_not_go(http: httpx.AsyncClient, house: House) -> None:
    """What is booked keeps its unit; the refusal names the appointment in the way."""
    pool = await add(http, "/v1/equipment", name="X-ray", type="xray", quantity=2)
    service = await offer(http, house, title="X-ray", equipmentType="xray", equipmentUnits=2)
    made = await book(http, house, service)
    path = f"/v1/equipment/{pool['id']}"
    refused = await change(http, path, quantity=1)
    retired = await http.delete(path)
    assert made["equipmentUnitIds"] == [unit["id"] for unit in pool["units"]]
    assert (refused.status_code, refused.json()["error"]) == (409, "EQUIPMENT_UNAVAILABLE")
    assert made["reference"] in refused.json()["detail"]
    assert [one["resource"] for one in refused.json()["conflicts"]] == [pool["units"][1]["id"]]
    assert [one["reference"] for one in retired.json()["appointments"]] == [made["reference"]]
    assert (await http.get(path)).status_code == 404


async def test_a_service_says_what_it_needs(http: httpx.AsyncClient) -> None:
    """Room features and equipment stand in the service, and go with a null."""
    facts = {"roomFeatures": ["sink"], "equipmentType": "laser", "equipmentUnits": 2}
    made = await add(http, "/v1/services", title="Laser", durationMinutes=20, roomType="exam", **facts)
    path = f"/v1/services/{made['id']}"
    policy = {"freeUntilHours": 48, "feeCents": 1000, "noShowFeeCents": 2000}
    changed = await change(
        http, path, equipmentType=None, modality="telehealth", roomType=None, cancellationPolicy=policy
    )
    assert {name: made[name] for name in facts} == facts
    assert (made["requiresRoom"], made["requiresEquipment"], made["slotStepMinutes"]) == (True, True, 20)
    assert changed.json() == made | {
        "equipmentType": None,
        "requiresEquipment": False,
        "modality": "telehealth",
        "roomType": None,
        "requiresRoom": False,
        "cancellationPolicy": policy,
        "version": 2,
    }
    assert (await http.get(path)).json() == changed.json()


async def test_a_provider_has_prices_of_their_own(http: httpx.AsyncClient, house: House) -> None:
    """What stays offered keeps its price; a price alone changes one service, a null takes it back."""
    consult, exam, group = (str(one.id) for one in (house.consult, house.exam, house.group))
    path = f"/v1/providers/{house.perez.id}"

    async def prices() -> dict[str, int]:
        found = (await http.get(f"{path}/services")).json()["items"]
        return {one["id"]: one["priceCents"] for one in found}

    await change(http, path, prices=[{"serviceId": consult, "priceCents": 9500}])
    assert await prices() == {consult: 9500, exam: 0, group: 0}
    await change(
        http, path, serviceIds=[exam, consult], prices=[{"serviceId": exam, "priceCents": 100}], rating=4.5
    )
    assert list((await prices()).items()) == [(exam, 100), (consult, 9500)]
    await change(http, path, prices=[{"serviceId": consult, "priceCents": None}])
    assert await prices() == {exam: 100, consult: 8000}
    refused = await change(http, path, prices=[{"serviceId": group, "priceCents": 1}])
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "prices")


async def test_what_a_provider_likes_is_for_staff(http: httpx.AsyncClient, house: House) -> None:
    """Preferences are kept as said; a patient sees the provider without them."""
    liked = {
        "serviceId": str(house.exam.id),
        "roomIds": [str(house.rooms[1].id)],
        "times": [{"start": "08:30", "end": "12:00"}],
        "weight": 80,
    }
    path = f"/v1/providers/{house.perez.id}"
    changed = await change(http, path, preferences=[liked], dailyMaximum=12, isAvailable=False)
    seen = (await http.get(path, headers=house.headers(Role.PATIENT))).json()
    assert (changed.json()["preferences"], changed.json()["dailyMaximum"]) == ([liked], 12)
    assert (await http.get(path)).json() == changed.json()
    assert "preferences" not in seen
    assert (seen["dailyMaximum"], seen["isAvailable"]) == (12, False)


async def test_what_is_retired_keeps_its_appointments(http: httpx.AsyncClient, house: House) -> None:
    """Retiring answers the coming appointments; they stand, and nothing new is booked with it."""
    made = await book(http, house, house.exam.id)
    for path in (
        f"/v1/rooms/{made['roomId']}",
        f"/v1/services/{house.exam.id}",
        f"/v1/providers/{house.perez.id}",
    ):
        retired = await http.delete(path)
        assert retired.status_code == 200, retired.text
        assert [one["id"] for one in retired.json()["appointments"]] == [made["id"]]
        assert (await http.get(path)).status_code == 404
        assert (await http.delete(path)).status_code == 404
    assert (await http.get(f"/v1/appointments/{made['id']}")).json()["status"] == made["status"]
    refused = await http.post(
        f"/v1/clinics/{house.clinic.id}/appointments",
        json={
            "patientId": str(house.patients[1].id),
            "serviceId": str(house.consult.id),
            "providerId": str(house.perez.id),
            "start": house.at(11).isoformat(),
        },
    )
    assert refused.status_code == 404


async def test_a_location_goes_when_nobody_works_there(http: httpx.AsyncClient, house: House) -> None:
    """Who works there is named in the refusal; rooms and equipment go with the location."""
    wing = await add(http, "/v1/locations", name="Wing")
    await add(http, "/v1/rooms", name="Blue", locationId=wing["id"])
    await add(http, "/v1/equipment", name="Laser", type="laser", locationId=wing["id"])
    path = f"/v1/providers/{house.chen.id}"
    await change(http, path, locationId=wing["id"])
    refused = await http.delete(f"/v1/locations/{wing['id']}")
    await change(http, path, locationId=None)
    retired = await http.delete(f"/v1/locations/{wing['id']}")
    assert (refused.status_code, "Dr. Li Chen" in refused.json()["detail"]) == (400, True)
    assert (retired.status_code, retired.json()) == (200, {"appointments": []})
    assert [one["name"] for one in (await http.get("/v1/rooms")).json()["items"]] == ["Room 1", "Room 2"]
    assert (await http.get("/v1/equipment")).json()["items"] == []


async def test_a_location_moves_to_another_zone(http: httpx.AsyncClient, house: House) -> None:
    """A location's zone is its providers' zone; without one of its own the clinic's holds."""
    wing = await add(http, "/v1/locations", name="Wing", timezone="Asia/Tokyo")
    provider, path = f"/v1/providers/{house.chen.id}", f"/v1/locations/{wing['id']}"
    moved = await change(http, provider, locationId=wing["id"])
    back = await change(http, path, timezone=None, name="East wing")
    assert moved.json()["timezone"] == "Asia/Tokyo"
    assert (back.json()["timezone"], back.json()["name"]) == (house.clinic.timezone, "East wing")
    assert (await http.get(provider)).json()["timezone"] == house.clinic.timezone


NOBODY = "0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90"


@pytest.mark.parametrize(
    ("things", "body", "field"),
    [
        ("rooms", {"locationId": NOBODY}, "locationId"),
        ("rooms", {"capacity": 0}, "capacity"),
        ("rooms", {"features": [" "]}, "features[0]"),
        ("rooms", {"name": None}, "name"),
        ("rooms", {"version": 3}, "version"),
        ("rooms", {}, "body"),
        ("services", {"equipmentUnits": 0}, "equipmentUnits"),
        ("services", {"modality": "by post"}, "modality"),
        ("providers", {"serviceIds": [NOBODY]}, "serviceIds"),
        ("providers", {"dailyMaximum": 0}, "dailyMaximum"),
        ("providers", {"preferences": [{"roomIds": [NOBODY]}]}, "preferences"),
        ("providers", {"preferences": [{"serviceId": NOBODY}]}, "preferences"),
        ("providers", {"preferences": [{"times": [{"start": "9", "end": "12"}]}]}, "preferences.times.start"),
    ],
)
async def test_a_change_that_cannot_be_is_told_why(
    things: str, body: dict[str, Any], field: str, http: httpx.AsyncClient, house: House
) -> None:
    """Every mistake in a change is a 400 that names the field, and changes nothing."""
    ids = {"rooms": house.rooms[0].id, "services": house.exam.id, "providers": house.perez.id}
    path = f"/v1/{things}/{ids[things]}"
    before = (await http.get(path)).json()
    refused = await change(http, path, **body)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert (await http.get(path)).json() == before


@pytest.mark.parametrize("things", ["locations", "rooms", "equipment", "services", "providers"])
async def test_only_admins_change_what_a_clinic_is_made_of(
    things: str, http: httpx.AsyncClient, house: House
) -> None:
    """The front desk reads and may not change; what is not there is not found, whatever the version."""
    desk = house.headers() | {"If-Match": "*"}
    path = f"/v1/{things}/{NOBODY}"
    body = {"title": "X"} if things == "services" else {"name": "X"}
    assert (await http.get(f"/v1/{things}", headers=desk)).status_code == 200
    assert (await http.patch(path, json=body, headers=desk)).status_code == 403
    assert (await http.delete(path, headers=desk)).status_code == 403
    assert (await http.patch(path, json=body, headers={"If-Match": "*"})).status_code == 404
    assert (await http.patch(path, json=body)).status_code == 428
