from typing import Any
from uuid import UUID

import httpx
import pytest
import uuid_utils.compat as uuid

from deskcal.core.access import Role
from house import House


async def book(http: httpx.AsyncClient, house: House, hour: int, **more: Any) -> str:
    """Book Dr. Perez at an hour of the working day; gives the reference."""
    body = {
        "patientId": str(house.patients[hour % 4].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    made = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body | more)
    assert made.status_code == 201, made.text
    return str(made.json()["appointment"]["reference"])


def references(changed: httpx.Response) -> list[str]:
    assert changed.status_code in {200, 201}, changed.text
    return [one["reference"] for one in changed.json()["appointments"]]


@pytest.fixture
def windows(house: House) -> str:
    return f"/v1/providers/{house.perez.id}/windows"


async def test_time_off_names_whom_to_call(served: str, house: House, windows: str) -> None:
    """Time off for an hour clashes with what is booked in it, with nothing else, and nothing is cancelled."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        await book(http, house, 9)
        inside = await book(http, house, 10)
        start, end = house.at(10, 15).isoformat(), house.at(11).isoformat()
        off = {"kind": "unavailable", "start": start, "end": end, "reason": "Dentist"}
        added = await http.post(windows, json=off)
        [listed] = (await http.get(windows)).json()["items"]
        removed = await http.delete(f"{windows}/{listed['id']}")
        again = await http.delete(f"{windows}/{listed['id']}")
        booked = await http.get(f"/v1/clinics/{house.clinic.id}/appointments")
    assert references(added) == [inside]
    assert added.json()["window"] == listed
    assert (listed["start"], listed["end"], listed["reason"]) == (start, end, "Dentist")
    assert references(removed) == []
    assert again.status_code == 404
    assert {one["status"] for one in booked.json()["items"]} == {"scheduled"}


async def test_time_off_leaves_no_slots(served: str, house: House, windows: str) -> None:
    """A day off is a day without a free slot, and whoever books on it is refused."""
    day = house.day.isoformat()
    off = {"kind": "unavailable", "start": day, "end": day, "allDay": True}
    params = {"serviceId": str(house.consult.id), "date": day}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        await http.post(windows, json=off)
        found = await http.get(f"/v1/providers/{house.perez.id}/availability", params=params)
        body = {
            "patientId": str(house.patients[0].id),
            "serviceId": str(house.consult.id),
            "providerId": str(house.perez.id),
            "start": house.at(10).isoformat(),
        }
        refused = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert not [slot for slot in found.json()["timeslots"] if slot["status"] == "available"]
    assert refused.status_code == 422, refused.text


async def test_a_series_clashes_on_every_occurrence(served: str, house: House, windows: str) -> None:
    """A weekly hour off clashes with what is booked in any of its weeks."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        here = await book(http, house, 10)
        week_before = house.at(10).replace(day=house.day.day) - (house.at(10) - house.at(9)) * 24 * 7
        off = {
            "kind": "unavailable",
            "start": week_before.isoformat(),
            "end": (week_before + (house.at(11) - house.at(10))).isoformat(),
            "recurrenceRule": "FREQ=WEEKLY",
        }
        added = await http.post(windows, json=off)
    assert references(added) == [here]
    assert added.json()["window"]["recurrenceRule"] == "RRULE:FREQ=WEEKLY"


async def test_other_hours_for_a_day(served: str, house: House, windows: str) -> None:
    """An override stands in for the hours of its date; extra time that goes leaves out what is in it."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        morning = await book(http, house, 10)
        afternoon = {
            "kind": "override",
            "start": house.at(13).isoformat(),
            "end": house.at(19).isoformat(),
        }
        added = await http.post(windows, json=afternoon)
        evening = await book(http, house, 18)
        removed = await http.delete(f"{windows}/{added.json()['window']['id']}")
        extra = {"kind": "available", "start": house.at(17).isoformat(), "end": house.at(20).isoformat()}
        more = await http.post(windows, json=extra)
        less = await http.delete(f"{windows}/{more.json()['window']['id']}")
    assert references(added) == [morning]
    assert references(removed) == [evening]
    assert references(more) == []
    assert references(less) == [evening]


async def test_rooms_and_equipment_have_downtime(served: str, house: House) -> None:
    """A room under repair clashes with what is booked in it, a pool with what uses any of its units."""
    times = {"start": house.at(8).isoformat(), "end": house.at(12).isoformat()}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        room = house.rooms[0].id
        inside = await book(http, house, 9, serviceId=str(house.exam.id), roomId=str(room))
        other = await http.post(
            f"/v1/rooms/{house.rooms[1].id}/windows", json={"kind": "unavailable", **times}
        )
        repair = await http.post(f"/v1/rooms/{room}/windows", json={"kind": "unavailable", **times})
        pool = (
            await http.post("/v1/equipment", json={"name": "X-ray", "type": "xray", "quantity": 2})
        ).json()
        scan = {"title": "Scan", "durationMinutes": 30, "equipmentType": "xray"}
        service = (await http.post("/v1/services", json=scan)).json()["id"]
        provider = (
            await http.post("/v1/providers", json={"name": "Dr. Ray", "serviceIds": [service]})
        ).json()["id"]
        day = {"enabled": True, "start": "09:00", "end": "17:00"}
        await http.put(
            f"/v1/providers/{provider}/schedule",
            json={f"{house.day:%A}".lower(): day},
        )
        scanned = await book(http, house, 11, serviceId=service, providerId=provider)
        [made] = (
            await http.get(f"/v1/clinics/{house.clinic.id}/appointments", params={"providerId": provider})
        ).json()["items"]
        units = [unit["id"] for unit in pool["units"]]
        [taken] = made["equipmentUnitIds"]
        [spare] = set(units) - {taken}
        down = {
            id_: await http.post(f"/v1/equipment/{id_}/windows", json={"kind": "unavailable", **times})
            for id_ in (pool["id"], taken, spare)
        }
    assert references(other) == []
    assert references(repair) == [inside]
    assert {id_: references(answer) for id_, answer in down.items()} == {
        pool["id"]: [scanned],
        taken: [scanned],
        spare: [],
    }


async def test_whose_windows(served: str, house: House, windows: str) -> None:
    """Each path finds things of its own kind only; patients see windows without reasons, and make none."""
    day = house.day.isoformat()
    off = {"kind": "unavailable", "start": day, "end": day, "allDay": True, "reason": "Rehab"}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        added = await http.post(windows, json=off)
        elsewhere = [
            await http.get(f"/v1/{things}/{house.perez.id}/windows") for things in ("rooms", "equipment")
        ]
        moved = await http.delete(f"/v1/providers/{house.chen.id}/windows/{added.json()['window']['id']}")
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        [seen] = (await http.get(windows)).json()["items"]
        refused = await http.post(windows, json=off)
    assert [one.status_code for one in elsewhere] == [404, 404]
    assert moved.status_code == 404
    assert (seen["start"], seen["end"], seen["reason"]) == (day, day, None)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"start": "2027-03-01T10:00:00"}, "NAIVE_TIME", "offset"),
        ({"start": "2027-03-14T02:30:00-05:00"}, "NONEXISTENT_LOCAL_TIME", "03:00"),
        ({"end": "2027-03-01T09:00:00-05:00"}, "VALIDATION_FAILED", "after the start"),
        ({"end": "2027-03-01T12:00:30-05:00"}, "VALIDATION_FAILED", "whole minute"),
        ({"allDay": True}, "VALIDATION_FAILED", "YYYY-MM-DD"),
        (
            {"allDay": True, "start": "2027-03-02", "end": "2027-03-01"},
            "VALIDATION_FAILED",
            "before the first",
        ),
        ({"recurrenceRule": "FREQ=HOURLY"}, "VALIDATION_FAILED", "recurrenceRule"),
        ({"kind": "away"}, "VALIDATION_FAILED", "kind"),
    ],
)
async def test_a_window_that_cannot_be(
    change: dict[str, Any], error: str, said: str, served: str, house: House, windows: str
) -> None:
    """What cannot be is refused, saying what to write."""
    body = {
        "kind": "unavailable",
        "start": "2027-03-01T10:00:00-05:00",
        "end": "2027-03-01T12:00:00-05:00",
    } | change
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        refused = await http.post(windows, json=body)
    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert said in refused.json()["detail"]


async def test_a_window_is_added_once(served: str, house: House, windows: str) -> None:
    """The same key twice is one window, and the same answer."""
    day = house.day.isoformat()
    off = {"kind": "unavailable", "start": day, "end": day, "allDay": True, "idempotencyKey": "one"}
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        first, second = [await http.post(windows, json=off) for _ in range(2)]
        listed = (await http.get(windows)).json()["items"]
        unknown = await http.get(f"/v1/rooms/{UUID(int=uuid.uuid7().int)}/windows")
    assert first.json() == second.json()
    assert len(listed) == 1
    assert unknown.status_code == 404
