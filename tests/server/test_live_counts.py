"""What the live feed says of months, weeks and times that must be asked for anew."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from deskcal.core.access import Role
from house import House
from server.test_feed import receive, watch


@pytest.fixture
async def http(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as opened:
        yield opened


async def change(http: httpx.AsyncClient, method: str, path: str, **body: Any) -> dict[str, Any]:
    answer = await http.request(method, path, json=body)
    assert answer.is_success, answer.text
    return dict(answer.json())


async def reserve(http: httpx.AsyncClient, house: House, slot: str, **body: Any) -> dict[str, Any]:
    wish = {"providerId": str(house.perez.id), "serviceId": str(house.consult.id), "timeslotId": slot}
    return await change(http, "POST", "/v1/reservations", **(wish | body))


async def month(http: httpx.AsyncClient, house: House, **params: Any) -> list[dict[str, Any]]:
    asked = {"year": house.day.year, "month": house.day.month, **params}
    days: list[dict[str, Any]] = (await http.get("/v1/calendar/month", params=asked)).json()["days"]
    return days


async def events(socket: ClientConnection, *, up_to: int) -> list[dict[str, Any]]:
    """Read what is told up to a seq, in batches or one by one."""
    told: list[dict[str, Any]] = []
    while not told or told[-1]["seq"] < up_to:
        frame = json.loads(await asyncio.wait_for(socket.recv(), 5))
        told += frame.get("events", [frame] if "payload" in frame else [])
    return told


def patched(days: list[dict[str, Any]], told: list[dict[str, Any]], **filters: str) -> list[dict[str, Any]]:
    """Take over what the feed says of a month with these filters, as a month view does."""
    fields = days[0].keys()
    for frame in told:
        said = frame["payload"].get("monthSummary")
        if said and said["filters"] == filters:
            new = {name: said[name] for name in fields}
            days = [new if day["date"] == new["date"] else day for day in days]
    return days


async def test_a_month_patched_by_the_feed_is_the_one_asked_for(
    http: httpx.AsyncClient, served: str, house: House
) -> None:
    """Counts that arrive with slots equal a fresh month, for the clinic and for a provider."""
    provider = f"provider:{house.perez.id}"
    token, chance = house.tokens[Role.ADMIN], random.Random(5)  # noqa: S311  the same each time
    socket = await watch(served, token, f"clinic:{house.clinic.id}", provider, batch=True)
    await receive(socket, "subscribed")
    before = await month(http, house), await month(http, house, providerId=house.perez.id)
    held: list[str] = []
    for hour in range(9, 17):
        for minute in (0, 30):
            made = await reserve(http, house, house.slot(hour, minute))
            held.append(made["reservationToken"])
            if chance.random() < 0.4:
                await http.delete(f"/v1/reservations/{held.pop(chance.randrange(len(held)))}")
            elif chance.random() < 0.5:
                patient = str(chance.choice(house.patients).id)
                body = {"reservationToken": held.pop(), "patientId": patient}
                await http.post("/v1/bookings", json=body, headers={"Idempotency-Key": f"{hour}{minute}"})
    last = (await http.get("/v1/calendar/day", params={"date": house.day.isoformat()})).json()["seq"]
    told = await events(socket, up_to=last)
    await socket.close()
    clinic = [frame for frame in told if frame["channel"] != provider]
    own = [frame for frame in told if frame["channel"] == provider]
    assert patched(before[0], clinic) == await month(http, house) != before[0]
    filters = {"providerId": str(house.perez.id)}
    assert patched(before[1], own, **filters) == await month(http, house, **filters) != before[1]


async def test_a_week_patched_by_the_feed_is_the_one_asked_for(
    http: httpx.AsyncClient, served: str, house: House
) -> None:
    """The spans of a date come with the clinic's channel, and no more often than needed."""
    socket = await watch(served, house.tokens[Role.ADMIN], f"clinic:{house.clinic.id}")
    await receive(socket, "subscribed")
    await reserve(http, house, house.slot(10))
    told = (await receive(socket, "availability.span_updated"))["payload"]
    await socket.close()
    week = (await http.get("/v1/availability/week", params={"start": house.day.isoformat()})).json()
    assert told["date"] == house.day.isoformat()
    assert told["spans"] == [one for one in week["spans"] if one["start"][:10] == told["date"]]
    assert len(told["spans"]) == 3
    assert told["monthSummary"]["availableCount"] == 31


async def test_old_entries_are_told_without_counts(
    http: httpx.AsyncClient, served: str, house: House
) -> None:
    """Who resumes hears what happened, but no counts of then as if they were of now."""
    for hour in (9, 10):
        await reserve(http, house, house.slot(hour))
    socket = await watch(served, house.tokens[Role.ADMIN], f"clinic:{house.clinic.id}", since=0)
    frames = [await receive(socket, "timeslot.updated") for _ in range(2)]
    await socket.close()
    assert [frame["payload"]["status"] for frame in frames] == ["reserved", "reserved"]
    assert not any("monthSummary" in frame["payload"] for frame in frames)


async def test_patients_see_counts_of_a_provider_and_nothing_of_people(
    http: httpx.AsyncClient, served: str, house: House
) -> None:
    """A provider's channel has the provider's own counts, without who holds what."""
    socket = await watch(served, house.tokens[Role.PATIENT], f"provider:{house.perez.id}")
    await receive(socket, "subscribed")
    await reserve(http, house, house.slot(10), clientId="Desk 3", patientId=str(house.patients[1].id))
    payload = (await receive(socket, "timeslot.updated"))["payload"]
    await socket.close()
    assert payload["monthSummary"] == {
        "date": house.day.isoformat(),
        "month": f"{house.day:%Y-%m}",
        "availableCount": 15,
        "bookedCount": 0,
        "limited": False,
        "full": False,
        "closed": False,
        "filters": {"providerId": str(house.perez.id)},
    }
    assert not {"heldBy", "heldUntil", "patientId"} & payload.keys()


async def test_seats_are_counted(http: httpx.AsyncClient, served: str, house: House) -> None:
    """A hold of one of three seats leaves the slot limited, with two."""
    socket = await watch(served, house.tokens[Role.ADMIN], f"clinic:{house.clinic.id}")
    await receive(socket, "subscribed")
    group = str(house.group.id)
    await reserve(http, house, house.slot(10, service=house.group), serviceId=group)
    payload = (await receive(socket, "timeslot.updated"))["payload"]
    await socket.close()
    assert (payload["status"], payload["remaining"]) == ("limited", 2)


async def test_what_must_be_asked_for_anew(http: httpx.AsyncClient, served: str, house: House) -> None:
    """A closure, a window and a rule say whose availability is uncertain, and when, if that is known."""
    socket = await watch(served, house.tokens[Role.PATIENT], f"provider:{house.perez.id}")
    await receive(socket, "subscribed")
    day = house.day.isoformat()
    await change(http, "POST", "/v1/closures", first=day, last=day, reason="Holiday")
    closed = (await receive(socket, "availability.invalidated"))["payload"]
    window = {"kind": "unavailable", "start": house.at(9).isoformat(), "end": house.at(10).isoformat()}
    await change(http, "POST", f"/v1/providers/{house.perez.id}/windows", **window)
    away = (await receive(socket, "availability.invalidated"))["payload"]
    rule = {"type": "max_daily", "payload": {"max_per_day": 9}}
    await change(http, "POST", f"/v1/services/{house.consult.id}/rules", **rule)
    ruled = (await receive(socket, "availability.invalidated"))["payload"]
    await change(http, "POST", f"/v1/providers/{house.chen.id}/windows", **window)
    await change(http, "POST", "/v1/rooms", name="Room 9", type="exam")
    other = (await receive(socket, "availability.invalidated"))["payload"]
    await socket.close()
    assert closed["timeRange"] == away["timeRange"]
    start, end = (datetime.fromisoformat(away["timeRange"][side]) for side in ("start", "end"))
    assert (start, end) == (house.at(0), house.at(0, day=house.day + timedelta(days=1)))
    assert away["providerId"] == str(house.perez.id)
    assert "providerId" not in closed
    assert ruled == other == {}


async def test_a_session_leaves_the_calendar_alone(
    http: httpx.AsyncClient, served: str, house: House
) -> None:
    """Desk and patient hear that an appointment has a way in now; nobody has to ask for slots anew."""
    channels = f"clinic:{house.clinic.id}", f"provider:{house.perez.id}"
    desk = await watch(served, house.tokens[Role.ADMIN], *channels, batch=True)
    user = await watch(served, house.tokens[Role.PATIENT], f"user:{house.patients[0].id}")
    for socket in (desk, user):
        await receive(socket, "subscribed")
    path = f"/v1/clinics/{house.clinic.id}/appointments"
    body = {
        "patientId": str(house.patients[0].id),
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "start": house.at(10).isoformat(),
        "mode": "video",
    }
    made = (await change(http, "POST", path, **body))["appointment"]
    frame = await receive(user, "appointment.updated")
    told = await events(desk, up_to=frame["seq"])
    for socket in (desk, user):
        await socket.close()
    assert frame["payload"] == {"appointmentId": made["id"]}
    assert "appointment.updated" in {one["type"] for one in told}
    assert "availability.invalidated" not in {one["type"] for one in told}
