from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House
from server.test_windows_routes import book, references

NEXT_YEAR = datetime.now(UTC).year + 1


async def test_a_closed_day(served: str, house: House) -> None:
    """A closed day has no free slot, says whom to call, and is open again when the closure goes."""
    day = house.day.isoformat()
    path = f"/v1/providers/{house.perez.id}/availability"
    params = {"serviceId": str(house.consult.id), "date": day}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        booked = await book(http, house, 10)
        dry = await http.post("/v1/closures", json={"first": day, "reason": "Painting", "dryRun": True})
        none = await http.get("/v1/closures")
        closed = await http.post("/v1/closures", json={"first": day, "reason": "Painting"})
        again = await http.post("/v1/closures", json={"first": day, "reason": "Painting"})
        shut = await http.get(path, params=params)
        [closure] = closed.json()["closures"]
        opened = await http.delete(f"/v1/closures/{closure['id']}")
        twice = await http.delete(f"/v1/closures/{closure['id']}")
        free = await http.get(path, params=params)
    assert references(dry) == references(closed) == [booked]
    assert (dry.json()["added"], closed.json()["added"], again.json()["added"]) == (1, 1, 0)
    assert none.json()["items"] == []
    assert again.json()["closures"] == [closure]
    assert (closure["first"], closure["last"], closure["source"]) == (day, day, "manual")
    assert [slot for slot in shut.json()["timeslots"] if slot["status"] == "available"] == []
    assert (opened.status_code, opened.json()) == (200, closure)
    assert twice.status_code == 404
    assert [slot for slot in free.json()["timeslots"] if slot["status"] == "available"]


async def test_a_closed_location(served: str, house: House) -> None:
    """A location that is closed clashes with what is booked there, not with what is elsewhere."""
    day = house.day.isoformat()
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        await book(http, house, 9)
        place = (await http.post("/v1/locations", json={"name": "West wing"})).json()["id"]
        made = await http.post("/v1/rooms", json={"name": "West 1", "type": "exam", "locationId": place})
        there = await book(http, house, 10, serviceId=str(house.exam.id), roomId=made.json()["id"])
        closed = await http.post("/v1/closures", json={"first": day, "locationId": place})
        unknown = await http.post("/v1/closures", json={"first": day, "locationId": str(house.perez.id)})
    assert references(closed) == [there]
    assert (unknown.status_code, "no such location" in unknown.json()["detail"]) == (400, True)


async def test_public_holidays_once(served: str, house: House) -> None:
    """Each public holiday is closed once, however often it is asked; a part of a country has its own."""
    wanted = {"country": "US", "subdivision": "NY", "year": NEXT_YEAR}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        dry = await http.post("/v1/closures/holidays", json=wanted | {"dryRun": True})
        first = await http.post("/v1/closures/holidays", json=wanted)
        second = await http.post("/v1/closures/holidays", json=wanted)
        listed = (await http.get("/v1/closures")).json()["items"]
    days = {one["first"]: one for one in listed}
    assert dry.json()["added"] == first.json()["added"] == len(listed)
    assert second.json()["added"] == 0
    assert second.json()["closures"] == first.json()["closures"] == listed
    assert days[f"{NEXT_YEAR}-12-25"]["reason"] == "Christmas Day"
    assert f"{NEXT_YEAR}-02-12" in days
    assert {one["source"] for one in listed} == {"holiday"}


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("", {"first": "2001-01-01"}, "over"),
        ("", {"first": "2101-01-02", "last": "2101-01-01"}, "before the first"),
        ("", {"first": "2101-02-30"}, "first"),
        ("/holidays", {"country": "Norwey", "year": NEXT_YEAR}, "NO (Norway)"),
        ("/holidays", {"country": "DE", "subdivision": "NY", "year": NEXT_YEAR}, "BY, HB"),
        ("/holidays", {"country": "US", "year": 2001}, "over"),
    ],
)
async def test_a_closure_that_cannot_be(
    path: str, body: dict[str, Any], said: str, served: str, house: House
) -> None:
    """What cannot be closed is refused, saying what would do."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        refused = await http.post(f"/v1/closures{path}", json=body)
    assert refused.status_code == 400
    assert said in refused.json()["detail"]


async def test_who_closes(served: str, house: House) -> None:
    """Everybody sees closures; the desk does not make them."""
    soon = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.FRONT_DESK)) as http:
        refused = await http.post("/v1/closures", json={"first": soon})
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        seen = await http.get("/v1/closures")
    assert (refused.status_code, seen.status_code) == (403, 200)
