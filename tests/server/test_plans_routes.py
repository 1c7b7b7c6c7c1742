"""Sick days over HTTP: who may, and what is answered."""

import httpx

from deskcal.core.access import Role
from house import House
from server.test_windows_routes import book


async def test_a_plan_over_http(served: str, house: House) -> None:
    """An admin plans and gives up, the desk reads whom to call, and others have nothing to do with it."""
    path = f"/v1/providers/{house.perez.id}/sick-days"
    sick = {"date": house.day.isoformat()}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        reference = await book(http, house, 10)
        made = await http.post(path, json=sick)
        plan = f"/v1/plans/{made.json()['id']}"
        again = await http.post(path, json=sick)
        refused = [
            (await http.post(path, json=wrong)).status_code
            for wrong in ({}, {"date": "tomorrow"}, sick | {"days": 0})
        ]
        seen = {
            role: (await http.get(plan, headers=house.headers(role))).status_code
            for role in (Role.FRONT_DESK, Role.PROVIDER, Role.PATIENT)
        }
        desk = house.headers(Role.FRONT_DESK)
        denied = [
            (await http.request(method, url, json=body, headers=desk)).status_code
            for method, url, body in (
                ("POST", path, sick),
                ("POST", f"{plan}/apply", {}),
                ("POST", f"{plan}/undo", None),
                ("DELETE", plan, None),
            )
        ]
        gone = [(await http.delete(plan)).status_code for _ in range(2)]
        applied = await http.post(f"{plan}/apply", json={})
        after = await http.get(plan)
    [item] = made.json()["items"]
    assert (item["reference"], item["state"], item["changed"]) == (reference, "held", ["provider"])
    assert (item["before"]["providerName"], item["after"]["providerName"]) == (
        house.perez.name,
        house.chen.name,
    )
    assert again.json() == made.json()
    assert refused == [400, 400, 400]
    assert seen == {Role.FRONT_DESK: 200, Role.PROVIDER: 403, Role.PATIENT: 403}
    assert denied == [403] * 4
    assert gone == [204, 204]
    assert (applied.status_code, applied.json()["error"]) == (409, "INVALID_STATUS_CHANGE")
    assert (after.json()["state"], after.json()["items"][0]["state"]) == ("given_up", "lapsed")
