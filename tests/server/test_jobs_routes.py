"""Jobs over HTTP: made once, watched, judged, undone, and for admins only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from deskcal.flows.board import Board
from deskcal.store.database import Database
from house import House
from many import Many
from processes import ServerProcess
from ringing import until_told


@pytest.fixture
async def admin(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        yield http


@pytest.fixture
def wish(house: House) -> dict[str, Any]:
    """Give a request that cancels the working day of Dr. Perez."""
    day = house.day.isoformat()
    return {"kind": "cancel", "from": day, "to": day, "providerId": str(house.perez.id), "reason": "ill"}


async def finished(database: Database, house: House, times: int = 1) -> None:
    await until_told(database, house.clinic.id, "job.finished", times=times)


async def taken(http: httpx.AsyncClient, house: House) -> int:
    """Count the slots of Dr. Perez on the working day that calendars show as booked."""
    path, asked = f"/v1/providers/{house.perez.id}/availability", {"serviceId": str(house.consult.id)}
    found = await http.get(path, params=asked | {"date": house.day.isoformat()})
    return sum(slot["status"] == "booked" for slot in found.json()["timeslots"])


async def test_a_job_from_beginning_to_undone(
    admin: httpx.AsyncClient, database: Database, house: House, wish: dict[str, Any]
) -> None:
    """Judged, made, made again by the same key, watched item by item, undone: the appointments are back."""
    made = await Many(Board(database), house).books(house.at(9), house.at(10), house.at(11))
    assert await taken(admin, house) == 3
    judged = await admin.post("/v1/jobs", json=wish | {"dryRun": True})
    assert judged.status_code == 200
    assert [one["after"]["status"] for one in judged.json()["items"]] == ["canceled"] * 3
    headers = {"Idempotency-Key": "this day"}
    job = await admin.post("/v1/jobs", json=wish, headers=headers)
    again = await admin.post("/v1/jobs", json=wish, headers=headers)
    assert (job.status_code, again.json()["id"]) == (201, job.json()["id"])
    path = f"/v1/jobs/{job.json()['id']}"
    await finished(database, house)
    shown = (await admin.get(path)).json()
    assert (shown["state"], shown["total"], shown["done"]) == ("done", 3, 3)
    assert shown["request"]["selection"]["providerId"] == str(house.perez.id)
    first = (await admin.get(f"{path}/items", params={"limit": 2, "state": "done"})).json()
    rest = (await admin.get(f"{path}/items", params={"limit": 2, "cursor": first["nextCursor"]})).json()
    assert [one["reference"] for one in first["items"] + rest["items"]] == [one.reference for one in made]
    assert rest["nextCursor"] is None
    assert first["items"][0]["before"]["start"] == house.at(9).isoformat()

    assert await taken(admin, house) == 0
    could = (await admin.post(f"{path}/undo", json={"dryRun": True})).json()
    assert {one["after"]["status"] for one in could["items"]} == {"scheduled"}
    undo = await admin.post(f"{path}/undo", json={})
    assert (undo.status_code, undo.json()["undoOf"]) == (201, shown["id"])
    await finished(database, house, 2)
    listed = (await admin.get("/v1/jobs", params={"limit": 1})).json()
    older = (await admin.get("/v1/jobs", params={"cursor": listed["nextCursor"]})).json()
    assert [one["state"] for one in listed["items"] + older["items"]] == ["done", "undone"]
    assert await taken(admin, house) == 3
    for one in made:
        seen = (await admin.get(f"/v1/appointments/{one.id}", params={"include": "audit"})).json()
        assert seen["status"] == "scheduled"
        assert [entry["metadata"].get("jobId") for entry in seen["audit"][1:]] == [
            shown["id"],
            undo.json()["id"],
        ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"providerId": None}, "providerId"),
        ({"to": "2020-01-01"}, "to"),
        ({"from": "soon"}, "from"),
        ({"days": 1}, "days"),
        ({"kind": "move"}, "days"),
        ({"kind": "move", "days": 1, "toDate": "2027-01-01"}, "days"),
        ({"kind": "reassign"}, "toProviderId"),
        ({"kind": "destroy"}, "kind"),
        ({"locationId": "01a1fee6-f4bd-748f-8f4e-ebe51d7607fa"}, "locationId"),
    ],
)
async def test_what_does_not_go_together_is_told(
    admin: httpx.AsyncClient, wish: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    """Each mistake is a 400 that names the field."""
    refused = await admin.post("/v1/jobs", json=wish | changes)
    assert refused.status_code == 400, refused.text
    assert [one["field"] for one in refused.json()["errors"]] == [field]


async def test_jobs_are_for_admins(served: str, house: House, wish: dict[str, Any]) -> None:
    """The front desk changes appointments one by one; a job that is not there is 404."""
    async with httpx.AsyncClient(base_url=served) as http:
        for role in (Role.FRONT_DESK, Role.PROVIDER, Role.PATIENT):
            headers = house.headers(role)
            assert (await http.post("/v1/jobs", json=wish, headers=headers)).status_code == 403
            assert (await http.get("/v1/jobs", headers=headers)).status_code == 403
        headers = house.headers(Role.OPS)
        assert (await http.post("/v1/jobs", json=wish, headers=headers)).status_code == 201
        path = f"/v1/jobs/{house.perez.id}"
        assert (await http.get(path, headers=headers)).status_code == 404
        assert (await http.get(f"{path}/items", headers=headers)).status_code == 404
        for way in ("stop", "resume", "undo"):
            assert (await http.post(f"{path}/{way}", json={}, headers=headers)).status_code == 404


async def test_a_killed_server_finishes_later(
    start_server: Callable[[], ServerProcess], database: Database, house: House, wish: dict[str, Any]
) -> None:
    """Kill -9 while it works: the next server goes on where it was, and each is canceled once."""
    many = Many(Board(database), house)
    made = await many.books(*(house.at(hour, minute) for hour in range(9, 17) for minute in (0, 30)))
    server = start_server()
    headers = house.headers(Role.ADMIN)
    job = await asyncio.to_thread(httpx.post, f"{server.url}/v1/jobs", json=wish, headers=headers)
    await until_told(database, house.clinic.id, "appointment.canceled", times=2)
    server.kill()
    start_server()
    await finished(database, house)
    told = await until_told(database, house.clinic.id, "appointment.canceled")
    assert sorted(str(entry.aggregate_id) for entry in told) == sorted(str(one.id) for one in made)
    assert {entry.payload["jobId"] for entry in told} == {job.json()["id"]}
