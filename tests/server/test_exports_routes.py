"""Patients taken elsewhere, and looked up by their ids."""

import httpx
import pytest
import uuid_utils.compat as uuid

from deskcal.core.access import Role
from house import House


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.PATIENT, 403), (Role.PROVIDER, 403), (Role.FRONT_DESK, 403), (Role.ADMIN, 200), (Role.OPS, 200)],
)
async def test_all_patients_are_for_admins(role: Role, status: int, served: str, house: House) -> None:
    """Whoever may find a patient may not take all of them away."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        answer = await http.get("/v1/exports/patients")
    assert answer.status_code == status


async def test_page_after_page(served: str, house: House) -> None:
    """Everybody comes once, by name."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        first = (await http.get("/v1/exports/patients", params={"limit": 3})).json()
        rest = {"limit": 3, "cursor": first["nextCursor"]}
        second = (await http.get("/v1/exports/patients", params=rest)).json()
    names = [one["name"] for one in (*first["items"], *second["items"])]
    assert sorted(names) == sorted(one.name for one in house.patients)
    assert second["nextCursor"] is None


async def test_some_by_their_ids(served: str, house: House) -> None:
    """Those of the ids who are there; what is no id, and too many, are refused."""
    wanted = [str(one.id) for one in house.patients[:2]]
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        found = await http.get("/v1/patients", params={"ids": ",".join([*wanted, str(uuid.uuid7())])})
        wrong = [
            await http.get("/v1/patients", params={"ids": ids})
            for ids in ("nobody", ",".join(str(uuid.uuid7()) for _ in range(201)))
        ]
        http.headers.update(house.headers(Role.PATIENT))
        refused = await http.get("/v1/patients", params={"ids": wanted[1]})
    assert {one["id"] for one in found.json()["items"]} == set(wanted)
    assert [(one.status_code, one.json()["errors"][0]["field"]) for one in wrong] == [(400, "ids")] * 2
    assert refused.status_code == 403
