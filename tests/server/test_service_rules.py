from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from deskcal.core.access import Role
from house import House
from server.test_windows_routes import book


@pytest.fixture
def rules(house: House) -> str:
    return f"/v1/services/{house.consult.id}/rules"


async def test_a_rule_holds_until_it_is_removed(served: str, house: House, rules: str) -> None:
    """A service at its daily maximum cannot be booked that day; without the rule it can."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        added = await http.post(rules, json={"type": "max_daily", "payload": {"maxPerDay": 1}})
        await book(http, house, 9)
        body = {
            "patientId": str(house.patients[0].id),
            "serviceId": str(house.consult.id),
            "providerId": str(house.chen.id),
            "start": house.at(10).isoformat(),
        }
        refused = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
        removed = await http.delete(f"{rules}/{added.json()['id']}")
        again = await http.delete(f"{rules}/{added.json()['id']}")
        booked = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert added.status_code == 201
    assert added.json()["payload"] == {"max_per_day": 1}
    assert (refused.status_code, refused.json()["error"], refused.json()["rule"]) == (
        422,
        "RULE_VIOLATED",
        "max_daily",
    )
    assert (removed.status_code, removed.json()) == (200, added.json())
    assert again.status_code == 404
    assert booked.status_code == 201, booked.text


async def test_rules_by_priority(served: str, house: House, rules: str) -> None:
    """The rule that speaks first stands first; rules are of one service."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        for priority, hours in ((100, 1), (300, 3), (200, 2)):
            rule = {"type": "lead_time", "payload": {"min_hours": hours}, "priority": priority}
            assert (await http.post(rules, json=rule)).status_code == 201
        listed = (await http.get(rules)).json()["items"]
        other = (await http.get(f"/v1/services/{house.exam.id}/rules")).json()["items"]
        nowhere = await http.get(f"/v1/services/{house.perez.id}/rules")
        elsewhere = await http.delete(f"/v1/services/{house.exam.id}/rules/{listed[0]['id']}")
    assert [one["priority"] for one in listed] == [300, 200, 100]
    assert other == []
    assert (nowhere.status_code, elsewhere.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type": "max_weekly", "payload": {}}, "type"),
        ({"type": "max_daily", "payload": {"max_per_day": 0}}, "payload.max_per_day"),
        ({"type": "max_daily", "payload": {}}, "payload.max_per_day"),
        (
            {"type": "allowed_provider", "payload": {"provider_ids": [str(UUID(int=7))]}},
            "payload.provider_ids",
        ),
        ({"type": "max_daily", "payload": {"max_per_day": 1}, "priority": 1001}, "priority"),
    ],
)
async def test_a_rule_that_cannot_be(
    body: dict[str, Any], field: str, served: str, house: House, rules: str
) -> None:
    """What cannot be a rule is refused by the name of the field."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        refused = await http.post(rules, json=body)
        listed = await http.get(rules)
    assert refused.status_code == 400
    assert [one["field"] for one in refused.json()["errors"]] == [field]
    assert listed.json()["items"] == []


async def test_an_unreadable_rule_closes_its_service(
    served: str, house: House, rules: str, database_url: str
) -> None:
    """A kept rule that nobody can read keeps its service from being booked until it is removed."""
    path = f"/v1/providers/{house.perez.id}/availability"
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        added = await http.post(rules, json={"type": "max_daily", "payload": {"max_per_day": 9}})
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            await connection.execute("update service_rules set payload = '{\"most\": 9}'")
        listed = (await http.get(rules)).json()["items"]
        params = {"serviceId": str(house.consult.id), "date": house.day.isoformat()}
        shut = await http.get(path, params=params)
        await http.delete(f"{rules}/{added.json()['id']}")
        free = await http.get(path, params=params)
    assert [(one["type"], one["payload"]) for one in listed] == [("max_daily", {"most": 9})]
    assert "max_per_day" in listed[0]["wrong"]
    assert shut.status_code == 200
    assert [slot for slot in shut.json()["timeslots"] if slot["status"] == "available"] == []
    assert [slot for slot in free.json()["timeslots"] if slot["status"] == "available"]


async def test_who_makes_rules(served: str, house: House, rules: str) -> None:
    """Rules are for admins to make."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.FRONT_DESK)) as http:
        refused = await http.post(rules, json={"type": "max_daily", "payload": {"max_per_day": 1}})
        seen = await http.get(rules)
    assert (refused.status_code, seen.status_code) == (403, 200)
