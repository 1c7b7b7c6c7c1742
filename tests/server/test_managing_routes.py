"""What becomes of appointments over HTTP: versions, replays, what is refused, and whose they are."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


@pytest.fixture
async def http(served: str, house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=served, headers=house.headers())


async def booked(http: httpx.AsyncClient, house: House, hour: int = 10, patient: int = 0) -> dict[str, Any]:
    """Book directly, as the desk."""
    order = {
        "patientId": str(house.patients[patient].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    answer = await http.post(
        f"/v1/clinics/{house.clinic.id}/appointments", json=order, headers=house.headers()
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["appointment"]
    return made


async def held(http: httpx.AsyncClient, house: House, hour: int) -> str:
    wish = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(hour),
    }
    return str((await http.post("/v1/reservations", json=wish)).json()["reservationToken"])


async def test_a_change_says_which_version_it_is_of(http: httpx.AsyncClient, house: House) -> None:
    """Without If-Match a change is refused with 428, with an old one with 412; the ETag goes on with each."""
    async with http:
        made = await booked(http, house)
        path = f"/v1/clinics/{house.clinic.id}/appointments/{made['id']}"
        move = {"start": house.at(11).isoformat(), "reason": "patient asked"}
        blind = await http.patch(path, json=move)
        moved = await http.patch(path, json=move, headers={"If-Match": '"1"'})
        late = await http.patch(path, json={"status": "confirmed"}, headers={"If-Match": '"1"'})
        here = await http.patch(path, json={"status": "checked_in"}, headers={"If-Match": '"2"'})
    assert (blind.status_code, blind.json()["error"]) == (428, "PRECONDITION_REQUIRED")
    assert (moved.status_code, moved.headers["ETag"], moved.json()["id"]) == (200, '"2"', made["id"])
    assert (late.status_code, late.json()["error"]) == (412, "PRECONDITION_FAILED")
    assert (here.json()["status"], here.headers["ETag"]) == ("checked_in", '"3"')


async def test_a_reschedule_keeps_the_id_and_replays(http: httpx.AsyncClient, house: House) -> None:
    """Rescheduled through a hold: one id, the previous time in the audit, and one answer to one key."""
    async with http:
        made = await booked(http, house)
        body = {
            "reservationToken": await held(http, house, 14),
            "idempotencyKey": "once",
            "reason": "ill",
        }
        path = f"/v1/appointments/{made['id']}"
        moved = await http.post(f"{path}/reschedule", json=body)
        again = await http.post(f"{path}/reschedule", json=body)
        seen = (await http.get(path, params={"include": "audit"})).json()
    assert (moved.status_code, moved.json()["id"]) == (200, made["id"])
    assert (again.json(), again.headers["Idempotency-Replayed"]) == (moved.json(), "true")
    created, placed, rescheduled = seen["audit"]
    assert [one["action"] for one in (created, placed, rescheduled)] == ["created", "held", "rescheduled"]
    assert rescheduled["metadata"]["previous"]["start"][:16] == made["startUtc"][:16]
    assert rescheduled["actor"]["role"] == "front_desk"


async def test_what_cannot_be_is_refused(http: httpx.AsyncClient, house: House) -> None:
    """A status that does not follow, a time that is taken, and a bit of both: each has its code."""
    async with http:
        made, other = await booked(http, house), await booked(http, house, 11, 1)
        path = f"/v1/clinics/{house.clinic.id}/appointments/{made['id']}"
        any_ = {"If-Match": "*"}
        done = await http.patch(path, json={"status": "completed"}, headers=any_)
        early = await http.patch(path, json={"status": "no_show"}, headers=any_)
        taken = await http.patch(path, json={"start": other["start"]}, headers=any_)
        night = await http.patch(path, json={"start": house.at(3).isoformat()}, headers=any_)
        both = await http.patch(path, json={"start": other["start"], "status": "confirmed"}, headers=any_)
        gone = await http.post(f"/v1/appointments/{made['id']}/cancel", json={})
        twice = await http.post(f"/v1/appointments/{made['id']}/cancel", json={})
        audit = (await http.get(f"/v1/appointments/{made['id']}/audit")).json()["items"]
    assert [(one.status_code, one.json()["error"]) for one in (done, early, taken, night, both)] == [
        (409, "INVALID_STATUS_CHANGE"),
        (409, "INVALID_STATUS_CHANGE"),
        (409, "SLOT_ALREADY_BOOKED"),
        (422, "OUTSIDE_HOURS"),
        (400, "VALIDATION_FAILED"),
    ]
    assert taken.json()["alternatives"]
    assert (gone.status_code, gone.json()["refundCents"]) == (200, 8000)
    assert (twice.status_code, twice.json()["error"]) == (409, "INVALID_STATUS_CHANGE")
    refused = [one["metadata"] for one in audit if one["action"] == "refused"]
    assert [one["action"] for one in refused] == [
        "completed",
        "no_show",
        "reschedule",
        "reschedule",
        "cancel",
    ]
    assert refused[2]["error"] == "SlotTaken"


async def test_a_patient_changes_their_own_only(http: httpx.AsyncClient, house: House) -> None:
    """Another's appointment is not there for a patient; their own they cancel once, however often asked."""
    async with http:
        mine, other = await booked(http, house), await booked(http, house, 11, 1)
        http.headers.update(house.headers(Role.PATIENT))
        reads = ("", "/audit", "/cancellation")
        foreign = [await http.get(f"/v1/appointments/{other['id']}{end}") for end in reads]
        token = await held(http, house, 15)
        foreign += [
            await http.post(f"/v1/appointments/{other['id']}/cancel", json={}),
            await http.post(f"/v1/appointments/{other['id']}/reschedule", json={"reservationToken": token}),
            await http.post(f"/v1/bookings/{other['id']}/calendar", json={"target": "ics"}),
        ]
        staffs = f"/v1/clinics/{house.clinic.id}/appointments/{mine['id']}"
        staff = await http.patch(staffs, json={"status": "checked_in"}, headers={"If-Match": "*"})
        cost = await http.get(f"/v1/appointments/{mine['id']}/cancellation")
        key = {"idempotencyKey": "once"}
        gone = await http.post(f"/v1/appointments/{mine['id']}/cancel", json=key)
        again = await http.post(f"/v1/appointments/{mine['id']}/cancel", json=key)
    assert {one.status_code for one in foreign} == {404}
    assert staff.status_code == 403
    assert cost.json()["refundCents"] == gone.json()["refundCents"] == 8000
    assert again.headers["Idempotency-Replayed"] == "true"


async def test_patients_are_not_told_who_or_why(http: httpx.AsyncClient, house: House) -> None:
    """In the audit a patient reads what sort of person acted, their own id, and no reason of the desk."""
    async with http:
        made = await booked(http, house)
        path = f"/v1/appointments/{made['id']}"
        move = {"start": house.at(12).isoformat(), "reason": "argued with the next patient"}
        await http.patch(
            f"/v1/clinics/{house.clinic.id}/appointments/{made['id']}", json=move, headers={"If-Match": "*"}
        )
        staff = (await http.get(path, params={"include": "audit"})).json()
        http.headers.update(house.headers(Role.PATIENT))
        await http.post(f"{path}/cancel", json={})
        own = (await http.get(path, params={"include": "audit"})).json()
        me = (await http.get("/v1/auth/me")).json()["sub"]
    assert staff["changeReason"] == "argued with the next patient"
    assert staff["audit"][0]["actor"]["id"]
    assert own["changeReason"] is own["overbookReason"] is None
    assert [one["actor"]["id"] for one in own["audit"]] == [None, None, me]
    assert not any({"takes", "client", "owner"} & set(one["metadata"]) for one in own["audit"])


async def test_the_desk_of_a_hold_is_in_the_audit(http: httpx.AsyncClient, house: House) -> None:
    """At which desk something was done is known where it was done through a hold."""
    wish = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(13),
        "patientId": str(house.patients[1].id),
        "clientId": "Desk 3",
    }
    async with http:
        token = (await http.post("/v1/reservations", json=wish)).json()["reservationToken"]
        made = (await http.post("/v1/bookings", json={"reservationToken": token})).json()
        audit = (await http.get(f"/v1/appointments/{made['id']}/audit")).json()["items"]
    assert [(one["action"], one["actor"]["client"]) for one in audit] == [
        ("held", "Desk 3"),
        ("confirmed", "Desk 3"),
    ]
