"""How late a provider runs: noted by staff, told to staff, and seen in the day at once."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House
from server.test_feed import receive, watch
from server.test_managing_routes import booked


@pytest.fixture
def day(house: House) -> str:
    return house.day.isoformat()


async def lane_of(http: httpx.AsyncClient, house: House, day: str, **headers: str) -> dict[str, Any]:
    """Read the day's lane of Dr. Perez."""
    answer = await http.get(
        "/v1/calendar/day", params={"date": day, "providerId": str(house.perez.id)}, headers=headers
    )
    [lane] = answer.json()["providers"]
    return {**lane, "etag": answer.headers["etag"]}


async def test_noted_and_taken_back(served: str, house: House, day: str) -> None:
    """The day that staff have seen reads anew with minutes, desk and time, and without when taken back."""
    path = f"/v1/providers/{house.perez.id}/delay"
    began = datetime.now(UTC)
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        before = await lane_of(http, house, day)
        for minutes in (25, 15):
            noted = await http.put(path, json={"minutes": minutes, "date": day, "clientId": "Desk 1"})
            assert noted.status_code == 200, noted.text
        late = await lane_of(http, house, day)
        patients = await lane_of(http, house, day, **house.headers(Role.PATIENT))
        await http.put(path, json={"minutes": 0, "date": day})
        after = await lane_of(http, house, day)
    assert before["runningLate"] is patients["runningLate"] is after["runningLate"] is None
    assert late["runningLate"] == noted.json()
    assert (late["runningLate"]["minutes"], late["runningLate"]["client"]) == (15, "Desk 1")
    assert began < datetime.fromisoformat(late["runningLate"]["notedAt"]) < datetime.now(UTC)
    assert late["etag"] != before["etag"]
    assert late["timeslots"] == before["timeslots"]


async def test_who_may_not(served: str, house: House) -> None:
    """Patients may not note it, nobody may for a provider who is not there or a day that is over."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        path = f"/v1/providers/{house.perez.id}/delay"
        answers = [
            await http.put(path, json={"minutes": 5}, headers=house.headers(Role.PATIENT)),
            await http.put(f"/v1/providers/{house.clinic.id}/delay", json={"minutes": 5}),
            await http.put(path, json={"minutes": 5, "date": "2020-01-01"}),
            await http.put(path, json={"minutes": 601}),
        ]
    assert [answer.status_code for answer in answers] == [403, 404, 400, 400]


async def test_told_to_staff(served: str, house: House, day: str) -> None:
    """The clinic's channel hears who, which day and how long, and is not told to ask for slots anew."""
    socket = await watch(served, house.tokens[Role.FRONT_DESK], f"clinic:{house.clinic.id}")
    await receive(socket, "subscribed")
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        body = {"minutes": 20, "date": day, "clientId": "Desk 1"}
        noted = (await http.put(f"/v1/providers/{house.perez.id}/delay", json=body)).json()
        await booked(http, house)
    told = await receive(socket, "provider.delayed")
    following = await receive(socket, "timeslot.updated")
    await socket.close()
    assert told["payload"] | {"notedAt": noted["notedAt"]} == noted
    assert following["seq"] == told["seq"] + 1
