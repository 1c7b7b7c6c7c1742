"""Lists of appointments: a user's own, the clinic's, and pages that stay right while rows change."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


async def booked(http: httpx.AsyncClient, house: House, hour: int, patient: int = 0) -> dict[str, Any]:
    order = {
        "patientId": str(house.patients[patient].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    answer = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=order)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["appointment"]
    return made


def ids(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_upcoming_and_history(http: httpx.AsyncClient, house: House) -> None:
    """What stands is upcoming, the next first; what was canceled is history."""
    async with http:
        first, second, gone = [await booked(http, house, hour) for hour in (9, 10, 11)]
        await booked(http, house, 12, 1)
        await http.post(f"/v1/appointments/{gone['id']}/cancel", json={})
        path = f"/v1/users/{house.patients[0].id}/appointments"
        by_desk = ids(await http.get(path)), ids(await http.get(path, params={"filter": "history"}))
        of_clinic = await http.get(
            f"/v1/clinics/{house.clinic.id}/appointments", params={"filter": "history"}
        )
        http.headers.update(house.headers(Role.PATIENT))
        mine = ids(await http.get("/v1/users/me/appointments")), ids(await http.get(path))
    assert by_desk == ([first["id"], second["id"]], [gone["id"]])
    assert ids(of_clinic) == [gone["id"]]
    assert mine == (by_desk[0], by_desk[0])


@pytest.mark.parametrize("role", [Role.PATIENT, Role.FRONT_DESK])
async def test_nobody_elses_list_is_there(role: Role, http: httpx.AsyncClient, house: House) -> None:
    """A patient asks for themselves only; for the desk there are patients, and itself."""
    other = house.patients[1].id if role is Role.PATIENT else house.perez.id
    async with http:
        http.headers.update(house.headers(role))
        answers = [
            await http.get(path)
            for user in (other, "nobody", "None")
            for path in (f"/v1/users/{user}/appointments", f"/v1/bookings/{user}")
        ]
    assert {answer.status_code for answer in answers} == {404}


async def test_a_provider_sees_their_own_calendar(http: httpx.AsyncClient, house: House) -> None:
    """For a provider `me` is whom they see; for the desk, what it booked."""
    async with http:
        made = await booked(http, house, 9)
        by_desk = ids(await http.get("/v1/users/me/appointments"))
        provider = ids(await http.get("/v1/users/me/appointments", headers=house.headers(Role.PROVIDER)))
        admin = ids(await http.get("/v1/users/me/appointments", headers=house.headers(Role.ADMIN)))
    assert by_desk == provider == [made["id"]]
    assert admin == []


async def test_bookings_over_a_calendar(http: httpx.AsyncClient, house: House) -> None:
    """Between two dates, both included, or two instants; canceled ones do not lie over a calendar."""
    async with http:
        morning, gone, evening = [await booked(http, house, hour) for hour in (9, 11, 16)]
        await http.post(f"/v1/appointments/{gone['id']}/cancel", json={})
        path = f"/v1/bookings/{house.patients[0].id}"
        day = {"start": str(house.day), "end": str(house.day)}
        noon = {"start": house.at(12).isoformat()}
        whole, later = await http.get(path, params=day), await http.get(path, params=noon)
        naive = await http.get(path, params={"start": f"{house.day}T12:00:00"})
        turned = await http.get(path, params={"start": str(house.day), "end": "2020-01-01"})
    assert ids(whole) == [morning["id"], evening["id"]]
    assert ids(later) == [evening["id"]]
    assert whole.json()["items"][0]["status"] == "confirmed"
    assert naive.json()["error"] == "NAIVE_TIME"
    assert (turned.status_code, turned.json()["errors"][0]["field"]) == (400, "end")


@pytest.mark.parametrize("which", ["upcoming", "history"])
async def test_a_cursor_stays_right(which: str, http: httpx.AsyncClient, house: House) -> None:
    """Neither a new appointment before the cursor nor one that goes shifts the next page."""
    path = f"/v1/clinics/{house.clinic.id}/appointments"
    async with http:
        made = [await booked(http, house, hour) for hour in (10, 11, 12, 13)]
        if which == "history":
            for one in reversed(made):
                await http.post(f"/v1/appointments/{one['id']}/cancel", json={})
            made.reverse()
        first = await http.get(path, params={"limit": 2, "filter": which})
        extra = await booked(http, house, 9 if which == "upcoming" else 15, 1)
        if which == "history":
            await http.post(f"/v1/appointments/{extra['id']}/cancel", json={})
        rest = {"limit": 2, "filter": which, "cursor": first.json()["nextCursor"]}
        second = await http.get(path, params=rest)
        wrong = await http.get(path, params={"cursor": "bm9uc2Vuc2U="})
    assert ids(first) + ids(second) == [one["id"] for one in made]
    assert second.json()["nextCursor"] is None
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "cursor")


async def test_what_the_clinics_list_leaves_out(http: httpx.AsyncClient, house: House) -> None:
    """Each filter leaves what it names: reference, service, status, day and patient."""
    path = f"/v1/clinics/{house.clinic.id}/appointments"
    async with http:
        mine, other, gone = [await booked(http, house, hour, n) for n, hour in enumerate((9, 10, 11))]
        await http.post(f"/v1/appointments/{gone['id']}/cancel", json={})

        async def found(**params: object) -> list[str]:
            return ids(await http.get(path, params={key: str(value) for key, value in params.items()}))

        assert await found(query=mine["reference"].lower()) == [mine["id"]]
        assert await found(query=other["reference"].removeprefix("B-")) == [other["id"]]
        assert await found(query="B-1") == []
        assert await found(status="canceled,no_show") == [gone["id"]]
        assert await found(serviceId=house.group.id) == []
        assert await found(serviceId=house.consult.id, page=2, limit=2) == [gone["id"]]
        assert await found(patientId=house.patients[1].id, date=house.day) == [other["id"]]
        assert await found(dateRange="2020-01-01,2020-12-31") == []
        assert await found(walkIn="true") == []
        assert len(await found(walkIn="false")) == 3
        nonsense = await http.get(path, params={"status": "late"})
    assert (nonsense.status_code, nonsense.json()["errors"][0]["field"]) == (400, "status")
