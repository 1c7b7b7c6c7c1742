"""The month view over HTTP."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


def of_month(house: House, **params: object) -> dict[str, Any]:
    return {"year": house.day.year, "month": house.day.month, **params}


def on(answer: httpx.Response, house: House) -> dict[str, Any]:
    """Find the working day in a month."""
    assert answer.status_code == 200, answer.text
    [found] = [day for day in answer.json()["days"] if day["date"] == house.day.isoformat()]
    return dict(found)


async def book(http: httpx.AsyncClient, house: House, hour: int, patient: int = 0) -> None:
    body = {
        "patientId": str(house.patients[patient].id),
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "start": house.at(hour).isoformat(),
    }
    made = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert made.status_code == 201, made.text


async def test_a_month_counts_what_is_free_and_what_is_booked(served: str, house: House) -> None:
    """Two providers with sixteen slots each: a booking takes one, a hold takes one and is not booked yet."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        before = await http.get("/v1/calendar/month", params=of_month(house))
        await book(http, house, 10)
        held = {
            "providerId": str(house.perez.id),
            "serviceId": str(house.consult.id),
            "timeslotId": house.slot(11),
        }
        assert (await http.post("/v1/reservations", json=held)).status_code == 201
        after = await http.get("/v1/calendar/month", params=of_month(house))
        one = await http.get("/v1/calendar/month", params=of_month(house, providerId=house.perez.id))
        exams = await http.get("/v1/calendar/month", params=of_month(house, serviceId=house.exam.id))
    assert on(before, house) == {
        "date": house.day.isoformat(),
        "availableCount": 32,
        "bookedCount": 0,
        "limited": False,
        "full": False,
        "closed": False,
    }
    assert on(after, house) == on(before, house) | {"availableCount": 30, "bookedCount": 1}
    assert on(one, house)["availableCount"] == 14
    assert on(exams, house)["bookedCount"] == 0
    said = after.json()
    assert (said["timezone"], said["seq"] > before.json()["seq"]) == ("America/New_York", True)
    assert [day["date"][8:] for day in said["days"]][:3] == ["01", "02", "03"]


@pytest.mark.parametrize(
    ("role", "count"), [(Role.PATIENT, 1), (Role.PROVIDER, 2), (Role.FRONT_DESK, 2), (Role.ADMIN, 0)]
)
async def test_my_bookings_only(role: Role, count: int, served: str, house: House) -> None:
    """A patient's own, a provider's calendar, and else what the caller has booked."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        await book(http, house, 10)
        await book(http, house, 12, patient=1)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        all_ = on(await http.get("/v1/calendar/month", params=of_month(house)), house)
        mine = on(await http.get("/v1/calendar/month", params=of_month(house, myBookingsOnly="true")), house)
    assert mine == all_ | {"bookedCount": count}
    assert all_["bookedCount"] == 2


async def test_a_closed_day_and_a_full_one(served: str, house: House) -> None:
    """A closure leaves a day without slots, and what is booked up is full."""
    closure = {"first": house.day.isoformat(), "last": house.day.isoformat(), "reason": "Holiday"}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        for hour in range(9, 17):
            await book(http, house, hour)
        rule = {"type": "max_daily", "payload": {"max_per_day": 8}}
        await http.post(f"/v1/services/{house.consult.id}/rules", json=rule)
        full = on(await http.get("/v1/calendar/month", params=of_month(house)), house)
        made = await http.post("/v1/closures", json=closure)
        assert made.status_code == 201, made.text
        closed = on(await http.get("/v1/calendar/month", params=of_month(house)), house)
    assert (full["full"], full["limited"], full["closed"], full["availableCount"]) == (True, False, False, 0)
    assert (closed["full"], closed["limited"], closed["closed"], closed["bookedCount"]) == (
        False,
        False,
        True,
        8,
    )


async def test_an_unchanged_month_is_not_sent_again(served: str, house: House) -> None:
    """Who has the answer already gets 304 until something changes."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        first = await http.get("/v1/calendar/month", params=of_month(house))
        tag = {"If-None-Match": first.headers["ETag"]}
        same = await http.get("/v1/calendar/month", params=of_month(house), headers=tag)
        await book(http, house, 10)
        other = await http.get("/v1/calendar/month", params=of_month(house), headers=tag)
    assert (same.status_code, other.status_code) == (304, 200)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"month": 13}, "month"),
        ({"year": 12}, "year"),
        ({"month": None}, "month"),
        ({"providerId": "nobody"}, "providerId"),
    ],
)
async def test_a_month_that_cannot_be(params: dict[str, Any], field: str, served: str, house: House) -> None:
    """What cannot be read is refused by the name of the field."""
    asked = {name: value for name, value in of_month(house, **params).items() if value is not None}
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.get("/v1/calendar/month", params=asked)
    assert refused.status_code == 400, refused.text
    assert [one["field"] for one in refused.json()["errors"]] == [field]


async def test_nobody_is_not_found(served: str, house: House) -> None:
    """A provider or service that is not there has no month."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        for name in ("providerId", "serviceId"):
            refused = await http.get("/v1/calendar/month", params=of_month(house, **{name: house.clinic.id}))
            assert refused.status_code == 404


async def test_a_patient_sees_counts_and_no_names(served: str, house: House) -> None:
    """The month is the same for everybody, and says nothing of anybody."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        await book(http, house, 10, patient=2)
        desk = await http.get("/v1/calendar/month", params=of_month(house))
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        patient = await http.get("/v1/calendar/month", params=of_month(house))
    assert patient.json()["days"] == desk.json()["days"]
    assert "Tanaka" not in patient.text
