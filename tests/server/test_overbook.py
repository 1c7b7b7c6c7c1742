"""Overbooking over HTTP: a reason, a scope, and what is told of it."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deskcal.core.access import SCOPES, Role, Scope
from deskcal.flows import tokens
from deskcal.flows.asking import Asking
from deskcal.store.database import Database
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


def order(house: House, number: int, **facts: object) -> dict[str, object]:
    """Ask for ten o'clock with Dr. Perez for a patient of the house."""
    return {
        "patientId": str(house.patients[number].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(10).isoformat(),
        **facts,
    }


def path(house: House) -> str:
    return f"/v1/clinics/{house.clinic.id}/appointments"


async def test_on_top_with_a_reason(http: httpx.AsyncClient, house: House) -> None:
    """Without one the slot is taken; with one the appointment is made, and says so wherever it is read."""
    async with http:
        await http.post(path(house), json=order(house, 0))
        refused = await http.post(path(house), json=order(house, 1))
        made = await http.post(path(house), json=order(house, 1, overbook={"reason": "an emergency"}))
        assert (refused.status_code, refused.json()["error"]) == (409, "SLOT_ALREADY_BOOKED")
        assert made.status_code == 201, made.text
        appointment = made.json()["appointment"]
        read = (await http.get(f"/v1/appointments/{appointment['id']}")).json()
    assert (appointment["overbooked"], appointment["overbookReason"]) == (True, "an emergency")
    assert (read["overbooked"], read["overbookReason"]) == (True, "an emergency")


async def test_a_reason_says_something(http: httpx.AsyncClient, house: House) -> None:
    """An empty reason is none, and a long one is a note."""
    async with http:
        for overbook in ({}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 501}, True):
            refused = await http.post(path(house), json=order(house, 0, overbook=overbook))
            assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_FAILED"), overbook


async def test_it_takes_a_scope(served: str, database: Database, house: House) -> None:
    """A token without it may book directly, but not on top of others."""
    scopes = SCOPES[Role.FRONT_DESK] - {Scope.OVERBOOK}
    admin: Asking[Any] = Asking(actor=house.asking().actor, now=datetime.now(UTC))
    grant = tokens.Grant(
        role=Role.FRONT_DESK, name=None, patient_id=None, provider_id=None, scopes=sorted(scopes), days=1
    )
    _, token = await tokens.create(database, admin, grant)
    async with httpx.AsyncClient(base_url=served, headers={"Authorization": f"Bearer {token}"}) as http:
        first = await http.post(path(house), json=order(house, 0))
        refused = await http.post(path(house), json=order(house, 1, overbook={"reason": "an emergency"}))
    assert first.status_code == 201, first.text
    assert (refused.status_code, refused.json()["error"]) == (403, "FORBIDDEN")
    assert "appointments:overbook" in refused.json()["detail"]


async def test_group_sessions_have_seats_instead(http: httpx.AsyncClient, house: House) -> None:
    """The answer says what to do."""
    over = order(house, 0, serviceId=str(house.group.id), overbook={"reason": "an emergency"})
    async with http:
        refused = await http.post(path(house), json=over)
    assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_FAILED")
    assert [one["field"] for one in refused.json()["errors"]] == ["overbook"]


async def test_others_see_that_it_is_booked(http: httpx.AsyncClient, served: str, house: House) -> None:
    """To a patient an overbooked slot is as taken as any."""
    day = f"/v1/providers/{house.perez.id}/availability?serviceId={house.consult.id}&date={house.day}"
    async with http, httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as patient:
        await http.post(path(house), json=order(house, 1))
        await http.post(path(house), json=order(house, 2, overbook={"reason": "an emergency"}))
        seen = {slot["id"]: slot["status"] for slot in (await patient.get(day)).json()["timeslots"]}
    assert seen[house.slot(10)] == "booked"
