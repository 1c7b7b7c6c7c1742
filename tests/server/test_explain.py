"""Why availability is as it is, over HTTP."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


async def explained(http: httpx.AsyncClient, house: House, **params: object) -> dict[str, Any]:
    asked = {
        "providerId": house.perez.id,
        "serviceId": house.consult.id,
        "start": house.day,
        "end": house.day,
        **params,
    }
    answer = await http.get(
        "/v1/admin/explain-availability", params={name: str(value) for name, value in asked.items()}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_each_step_takes_its_slots_away(served: str, house: House) -> None:
    """Bookings, a hold and a rule take their slots, rooms are named, and the plan of the SQL is there."""
    patients = [str(one.id) for one in house.patients]
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        first = await explained(http, house)
        path = f"/v1/clinics/{house.clinic.id}/appointments"
        consult = {"providerId": str(house.perez.id), "serviceId": str(house.consult.id)}
        for hour, patient in ((10, 0), (11, 1)):
            body = consult | {"start": house.at(hour).isoformat(), "patientId": patients[patient]}
            assert (await http.post(path, json=body)).status_code == 201
        held = consult | {"timeslotId": house.slot(14)}
        assert (await http.post("/v1/reservations", json=held)).status_code == 201
        rule = {"type": "lead_time", "payload": {"max_days": 3}}
        assert (await http.post(f"/v1/services/{house.consult.id}/rules", json=rule)).status_code == 201
        await explained(http, house)
        again = await explained(http, house)
        rooms = await explained(http, house, providerId=house.chen.id, serviceId=house.exam.id)
    assert [(step["name"], step["removed"], step["left"]) for step in first["steps"]] == [
        ("board", 0, 16),
        ("hours", 0, 16),
        ("now", 0, 16),
        ("bookings", 0, 16),
        ("holds", 0, 16),
        ("rooms", 0, 16),
        ("equipment", 0, 16),
    ]
    assert first["steps"][0]["source"] == "database"
    steps = {step["name"]: step for step in again["steps"]}
    assert (steps["board"]["source"], steps["bookings"]["removed"], steps["holds"]["removed"]) == (
        "memory",
        2,
        1,
    )
    assert steps["bookings"]["read"] == "60 booked minutes"
    assert (steps["rule lead_time"]["removed"], steps["rule lead_time"]["left"]) == (13, 0)
    assert "Room 1 free for" in rooms["steps"][5]["read"]
    for statement, table in zip(first["sql"], ("occupancy", "log"), strict=True):
        assert any(table in line for line in statement["plan"])
        assert any("Execution Time" in line for line in statement["plan"])
    assert all(step["micros"] >= 0 for step in first["steps"])
    assert "Lopez" not in str(again)


async def test_a_provider_who_takes_no_appointments(served: str, house: House) -> None:
    """The step of the hours says why there are no slots at all."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        shown = await http.get(f"/v1/providers/{house.perez.id}")
        match = {"If-Match": f'"{shown.json()["version"]}"'}
        path = f"/v1/providers/{house.perez.id}"
        changed = await http.patch(path, json={"isAvailable": False}, headers=match)
        assert changed.status_code == 200, changed.text
        steps = (await explained(http, house))["steps"]
    assert steps[1]["read"] == "Dr. José Perez takes no appointments now"
    assert steps[-1]["left"] == 0


@pytest.mark.parametrize(("role", "status"), [(Role.FRONT_DESK, 403), (Role.PATIENT, 403), (Role.OPS, 200)])
async def test_who_may_ask(role: Role, status: int, served: str, house: House) -> None:
    """It is for admins and ops."""
    params = {"providerId": str(house.perez.id), "serviceId": str(house.consult.id)}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        answer = await http.get("/v1/admin/explain-availability", params=params)
    assert answer.status_code == status
