"""Appointments in calendars outside, over HTTP."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from deskcal.core.access import Role
from deskcal.store.database import Database
from house import House, build_house


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


async def booked(http: httpx.AsyncClient, house: House, hour: int = 10) -> dict[str, Any]:
    order = {
        "patientId": str(house.patients[0].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    answer = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=order)
    made: dict[str, Any] = answer.json()["appointment"]
    return made


async def test_a_file_follows_its_appointment(http: httpx.AsyncClient, house: House) -> None:
    """Booked, moved, canceled: one UID, a growing SEQUENCE, the method that says what happened."""
    read = []
    async with http:
        made = await booked(http, house)
        path = f"/v1/bookings/{made['id']}/calendar"
        for change in (None, {"start": house.at(12).isoformat()}, {"status": "canceled"}):
            if change:
                staffs = f"/v1/clinics/{house.clinic.id}/appointments/{made['id']}"
                changed = await http.patch(staffs, json=change, headers={"If-Match": "*"})
                assert changed.status_code == 200, changed.text
            answer = await http.post(path, json={"target": "ics"})
            assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
            assert made["reference"] in answer.headers["content-disposition"]
            read.append(Calendar.from_ical(answer.content))
    events = [calendar.events[0] for calendar in read]
    assert {str(event["UID"]) for event in events} == {f"{made['id']}@deskcal"}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(calendar["METHOD"]) for calendar in read] == ["PUBLISH", "REQUEST", "CANCEL"]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[1].start == house.at(12)
    assert [len(event.alarms.times) for event in events] == [2, 2, 0]


async def test_no_file_names_the_patient(http: httpx.AsyncClient, house: House) -> None:
    """A patient's file says with whom, a provider's which reference; the patient's name is in none."""
    async with http:
        made = await booked(http, house)
        path = f"/v1/bookings/{made['id']}/calendar"
        texts = [
            (await http.post(path, json={"target": "ics"}, headers=house.headers(role))).text
            for role in (Role.PATIENT, Role.PROVIDER, Role.FRONT_DESK)
        ]
    assert not [text for text in texts if "Lopez" in text]
    patient, provider, desk = [str(Calendar.from_ical(text).events[0]["SUMMARY"]) for text in texts]
    assert patient == desk == "Consult with Dr. José Perez"
    assert provider == f"Consult {made['reference']}"


async def test_nothing_is_pushed_without_being_set_up(http: httpx.AsyncClient, house: House) -> None:
    """Asked to put it into a calendar itself, the server says that this is not set up."""
    async with http:
        made = await booked(http, house)
        answer = await http.post(f"/v1/bookings/{made['id']}/calendar", json={"target": "caldav"})
    assert (answer.status_code, answer.json()["error"]) == (422, "NOT_CONFIGURED")


async def test_a_subscription_until_it_is_revoked(http: httpx.AsyncClient, house: House) -> None:
    """Whoever has the address reads along, without signing in, until it is revoked; then it is not there."""
    async with http:
        shared = await http.post("/v1/calendars", json={}, headers=house.headers(Role.PATIENT))
        assert shared.status_code == 201, shared.text
        made, gone = await booked(http, house), await booked(http, house, 14)
        await http.post(f"/v1/appointments/{gone['id']}/cancel", json={})
        async with httpx.AsyncClient(base_url=http.base_url) as anybody:
            url = shared.json()["url"]
            first = await anybody.get(url)
            same = await anybody.get(url, headers={"If-None-Match": first.headers["ETag"]})
            await http.post(f"/v1/appointments/{made['id']}/cancel", json={})
            other = await anybody.get(url, headers={"If-None-Match": first.headers["ETag"]})
            listed = (await http.get("/v1/calendars")).json()["items"]
            path = f"/v1/calendars/{shared.json()['id']}"
            revoked = await http.delete(path, headers=house.headers(Role.PATIENT))
            after = [await anybody.get(url), await anybody.get(url.removesuffix(".ics") + "x.ics")]
            unsigned = [await anybody.get(url.removesuffix(".ics")), await anybody.delete(path)]
            again = await http.delete(path)
    events = {str(event["UID"]): event for event in Calendar.from_ical(first.content).events}
    assert str(events[f"{made['id']}@deskcal"]["STATUS"]) == "CONFIRMED"
    assert str(events[f"{gone['id']}@deskcal"]["STATUS"]) == "CANCELLED"
    seen = datetime.strptime(first.headers["Last-Modified"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - seen).total_seconds()) < 60
    assert (same.status_code, same.content, other.status_code) == (304, b"", 200)
    assert [(one["id"], one["url"]) for one in listed] == [(shared.json()["id"], None)]
    assert revoked.status_code == 204
    assert [answer.status_code for answer in after] == [404, 404]
    assert [answer.status_code for answer in unsigned] == [401, 401]
    assert again.status_code == 404


async def test_whose_calendar_may_be_shared(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    """Patients and providers share their own, the desk anybody's of its clinic, and says whose."""
    neighbour = await build_house(database, name="Hillside")
    asked: list[tuple[Role, dict[str, str], int]] = [
        (Role.PATIENT, {"patientId": str(house.patients[1].id)}, 403),
        (Role.PATIENT, {"providerId": str(house.perez.id)}, 403),
        (Role.PROVIDER, {}, 201),
        (Role.PROVIDER, {"patientId": str(house.patients[0].id)}, 403),
        (Role.FRONT_DESK, {"patientId": str(house.patients[1].id)}, 201),
        (Role.FRONT_DESK, {}, 400),
        (Role.FRONT_DESK, {"providerId": str(neighbour.perez.id)}, 400),
    ]
    async with http:
        for role, body, status in asked:
            answer = await http.post("/v1/calendars", json=body, headers=house.headers(role))
            assert answer.status_code == status, (role, body, answer.text)
        mine = await http.get("/v1/calendars", headers=house.headers(Role.PROVIDER))
        foreign = await http.delete(
            f"/v1/calendars/{mine.json()['items'][0]['id']}", headers=house.headers(Role.PATIENT)
        )
    assert [one["providerId"] for one in mine.json()["items"]] == [str(house.perez.id)]
    assert foreign.status_code == 404
