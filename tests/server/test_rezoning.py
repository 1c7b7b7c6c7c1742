"""Another time zone of a clinic or a location: foreseen, and then set."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House

LOS_ANGELES = "America/Los_Angeles"


@pytest.fixture
async def admin(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        yield http


async def book(http: httpx.AsyncClient, house: House, hour: int, patient: int = 0) -> dict[str, Any]:
    body = {
        "patientId": str(house.patients[patient].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    answer = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    return dict(answer.json()["appointment"])


async def logged(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await http.get("/v1/log", params={"limit": 200})).json()["items"])


async def test_a_preview_changes_nothing(admin: httpx.AsyncClient, house: House) -> None:
    """Appointments keep their instant; those that fall outside the hours then are marked."""
    early, late = await book(admin, house, 10), await book(admin, house, 14, 1)
    before = await logged(admin)
    path = f"/v1/clinics/{house.clinic.id}"
    found = (await admin.get(f"{path}/timezone-preview?timezone={LOS_ANGELES}")).json()
    assert (found["before"], found["after"], found["shiftMinutes"]) == (
        house.clinic.timezone,
        LOS_ANGELES,
        180,
    )
    assert [
        (one["reference"], one["start"][11:16], one["then"][11:16], one["outside"])
        for one in found["appointments"]
    ] == [(early["reference"], "10:00", "07:00", True), (late["reference"], "14:00", "11:00", False)]
    assert {one["name"] for one in found["hours"]} == {house.perez.name, house.chen.name}
    assert await logged(admin) == before
    wrong = await admin.get(f"{path}/timezone-preview?timezone=LA")
    assert wrong.status_code == 400


async def test_a_clinic_moves_to_another_zone(admin: httpx.AsyncClient, house: House) -> None:
    """Hours are read on the wall clock there, and appointments shown on it, at the instant they had."""
    made = await book(admin, house, 14)
    path = f"/v1/clinics/{house.clinic.id}"
    changed = await admin.patch(path, json={"timezone": LOS_ANGELES}, headers={"If-Match": "*"})
    assert (changed.status_code, changed.json()["timezone"]) == (200, LOS_ANGELES)
    shown = (await admin.get(f"/v1/appointments/{made['id']}")).json()
    assert (shown["startUtc"], shown["timezone"]) == (made["startUtc"], LOS_ANGELES)
    assert datetime.fromisoformat(shown["start"]).hour == 11
    assert shown["version"] > made["version"]
    day = {"serviceId": str(house.consult.id), "date": str(house.day)}
    slots = (await admin.get(f"/v1/providers/{house.perez.id}/availability", params=day)).json()
    assert slots["timezone"] == LOS_ANGELES
    assert slots["timeslots"][0]["start"][11:16] == "09:00"
    assert [one["status"] for one in slots["timeslots"] if one["start"][11:16] == "11:00"] == ["booked"]
    told = [one for one in await logged(admin) if one["eventType"] == "clinic.changed"]
    assert [one["payload"] for one in told] == [{"fields": ["timezone"]}]
    wrong = await admin.patch(path, json={"timezone": "LA"}, headers={"If-Match": "*"})
    assert wrong.status_code == 400


async def test_a_location_with_a_zone_of_its_own(admin: httpx.AsyncClient, house: House) -> None:
    """Who works there moves with the location, and stays when the clinic moves."""
    place = (await admin.post("/v1/locations", json={"name": "Coast"})).json()
    perez = f"/v1/providers/{house.perez.id}"
    moved = await admin.patch(perez, json={"locationId": place["id"]}, headers={"If-Match": "*"})
    assert moved.status_code == 200
    made = await book(admin, house, 14)
    path = f"/v1/locations/{place['id']}"
    found = (await admin.get(f"{path}/timezone-preview?timezone={LOS_ANGELES}")).json()
    assert [one["name"] for one in found["hours"]] == [house.perez.name]
    assert [one["reference"] for one in found["appointments"]] == [made["reference"]]
    assert (
        await admin.patch(path, json={"timezone": LOS_ANGELES}, headers={"If-Match": "*"})
    ).status_code == 200
    back = (await admin.get(f"{path}/timezone-preview")).json()
    assert (back["before"], back["after"]) == (LOS_ANGELES, house.clinic.timezone)
    clinic = f"/v1/clinics/{house.clinic.id}"
    found = (await admin.get(f"{clinic}/timezone-preview?timezone=Asia/Tokyo")).json()
    assert [one["name"] for one in found["hours"]] == [house.chen.name]
    assert found["appointments"] == []
    await admin.patch(clinic, json={"timezone": "Asia/Tokyo"}, headers={"If-Match": "*"})
    shown = (await admin.get(f"/v1/appointments/{made['id']}")).json()
    assert (shown["startUtc"], shown["timezone"]) == (made["startUtc"], LOS_ANGELES)
