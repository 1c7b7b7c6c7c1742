"""Who may do what, and what bad input is told."""

from typing import Any

import httpx
import pytest

from deskcal.core.access import Role
from house import House


async def test_without_a_token_nothing_is_answered(served: str) -> None:
    """No token is 401 with a problem, not a login page."""
    async with httpx.AsyncClient(base_url=served) as http:
        found = await http.get("/v1/providers")
    assert (found.status_code, found.json()["error"]) == (401, "UNAUTHENTICATED")
    assert found.headers["content-type"] == "application/problem+json"
    assert found.headers["x-request-id"]


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        (Role.PATIENT, "GET", "/v1/patients"),
        (Role.PATIENT, "GET", "/v1/log"),
        (Role.PROVIDER, "POST", "/v1/reservations"),
        (Role.FRONT_DESK, "POST", "/v1/providers"),
        (Role.FRONT_DESK, "POST", "/v1/api-keys"),
        (Role.ADMIN, "POST", "/v1/clinics"),
    ],
)
async def test_a_role_ends_where_its_scopes_end(
    role: Role, method: str, path: str, served: str, house: House
) -> None:
    """What a role does not cover is 403, whatever the body."""
    bodies: dict[str, Any] = {
        "/v1/reservations": {
            "providerId": str(house.perez.id),
            "serviceId": str(house.consult.id),
            "timeslotId": house.slot(10),
        },
        "/v1/providers": {"name": "Dr. No"},
        "/v1/api-keys": {"role": "front_desk"},
        "/v1/clinics": {"name": "Other", "timezone": "UTC"},
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
        found = await http.request(method, path, json=bodies.get(path))
    assert (found.status_code, found.json()["error"]) == (403, "FORBIDDEN")


async def test_an_admin_gives_away_no_more_than_they_have(served: str, house: House) -> None:
    """An admin makes keys for the clinic, and none for the installation."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        made = await http.post("/v1/api-keys", json={"role": "front_desk", "expiresInDays": 1})
        refused = await http.post("/v1/api-keys", json={"role": "ops"})
        key = made.json()["token"]
        works = await http.get("/v1/patients", headers={"Authorization": f"Bearer {key}"})
        await http.delete(f"/v1/api-keys/{made.json()['id']}")
        gone = await http.get("/v1/patients", headers={"Authorization": f"Bearer {key}"})
    assert (made.status_code, works.status_code) == (201, 200)
    assert refused.status_code == 403
    assert (gone.status_code, gone.json()["error"]) == (401, "UNAUTHENTICATED")


async def test_a_key_buys_short_tokens_that_refresh_once(served: str, house: House) -> None:
    """A refresh token is spent by its use; used again, all that came of it is void."""
    async with httpx.AsyncClient(base_url=served) as http:
        key = house.tokens[Role.FRONT_DESK]
        first = (await http.post("/v1/auth/token", json={"apiKey": key})).json()
        me = await http.get("/v1/auth/me", headers={"Authorization": f"Bearer {first['accessToken']}"})
        second = await http.post("/v1/auth/refresh", json={"refreshToken": first["refreshToken"]})
        stolen = await http.post("/v1/auth/refresh", json={"refreshToken": first["refreshToken"]})
        void = await http.post("/v1/auth/refresh", json={"refreshToken": second.json()["refreshToken"]})
    assert me.json()["role"] == "front_desk"
    assert me.json()["clinicId"] == str(house.clinic.id)
    assert second.status_code == 200
    assert (stolen.status_code, void.status_code) == (401, 401)


async def test_a_patient_books_for_nobody_else(served: str, house: House) -> None:
    """A patient's hold is for themselves; another's name is refused, another's appointment is not there."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as desk:
        body = {
            "patientId": str(house.patients[1].id),
            "serviceId": str(house.consult.id),
            "providerId": str(house.perez.id),
            "start": house.at(9).isoformat(),
        }
        other = await desk.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.PATIENT)) as http:
        held = await http.post(
            "/v1/reservations",
            json={
                "providerId": str(house.perez.id),
                "serviceId": str(house.consult.id),
                "timeslotId": house.slot(10),
                "patientId": str(house.patients[1].id),
            },
        )
        hidden = await http.get(f"/v1/appointments/{other.json()['appointment']['id']}")
        day = await http.get("/v1/calendar/day", params={"date": house.day.isoformat()})
    assert held.status_code == 403
    assert hidden.status_code == 404
    assert all(lane["appointments"] == [] for lane in day.json()["providers"])


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"start": "2026-11-23T10:00:00"}, "NAIVE_TIME", None),
        ({"start": "2027-03-14T02:30:00-05:00"}, "NONEXISTENT_LOCAL_TIME", None),
        ({"start": "soon"}, "VALIDATION_FAILED", "start"),
        ({"colour": "red"}, "VALIDATION_FAILED", "colour"),
        ({"patientId": 7}, "VALIDATION_FAILED", "patientId"),
        ({"patientId": None}, "VALIDATION_FAILED", "patientId"),
    ],
)
async def test_bad_input_is_told_what_is_wrong(
    change: dict[str, Any], error: str, field: str | None, served: str, house: House
) -> None:
    """Every mistake is a 400 that names the field or the next valid time."""
    body = {
        "patientId": str(house.patients[1].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(9).isoformat(),
    } | change
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        found = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    problem = found.json()
    assert (found.status_code, problem["error"]) == (400, error)
    if field:
        assert [one["field"] for one in problem["errors"]] == [field]
    if error == "NONEXISTENT_LOCAL_TIME":
        assert problem["nextValid"] == "2027-03-14T03:00:00-04:00"


@pytest.mark.parametrize(
    ("hour", "status", "error"),
    [(8, 422, "OUTSIDE_HOURS"), (17, 422, "OUTSIDE_HOURS"), (10, 201, None)],
)
async def test_hours_are_judged_when_booking(
    hour: int, status: int, error: str | None, served: str, house: House
) -> None:
    """Booking outside hours is refused with alternatives, whatever a client saw."""
    body = {
        "patientId": str(house.patients[1].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        found = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert found.status_code == status, found.text
    if error:
        assert found.json()["error"] == error
        assert found.json()["alternatives"]


async def test_an_unchanged_answer_is_304(served: str, house: House) -> None:
    """A day that has not changed is not sent again."""
    path = f"/v1/providers/{house.perez.id}/availability"
    params = {"serviceId": str(house.consult.id), "date": house.day.isoformat()}
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        first = await http.get(path, params=params)
        again = await http.get(path, params=params, headers={"If-None-Match": first.headers["etag"]})
    assert first.headers["cache-control"] == "private, max-age=15"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "detail"),
    [
        ("GET", "/v1/calendar/day", None, 400, "date: is missing"),
        ("GET", "/v1/calendar/day?date=2026-13-45", None, 400, '"13" is not a month'),
        ("GET", "/v1/providers?limit=0", None, 400, "limit"),
        ("GET", "/v1/providers?cursor=x", None, 400, "cursor"),
        ("GET", "/v1/nothing", None, 404, "/v1/nothing"),
        ("DELETE", "/v1/patients", None, 405, "DELETE"),
        ("POST", "/v1/patients", {"name": "a\0b"}, 400, "cannot be stored"),
        ("POST", "/v1/patients", {"name": " "}, 400, "blank"),
        ("POST", "/v1/patients", {"name": "A", "dateOfBirth": "2999-01-01"}, 400, "birth date"),
        ("POST", "/v1/availability/check", {}, 400, "providerId: is missing"),
    ],
)
async def test_every_mistake_is_a_problem(
    method: str, path: str, body: Any, status: int, detail: str, served: str, house: House
) -> None:
    """Whatever is wrong with a request, the answer is a problem that says it."""
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        found = await http.request(method, path, json=body)
    assert found.status_code == status
    assert found.headers["content-type"] == "application/problem+json"
    assert detail in found.json()["detail"]


@pytest.mark.parametrize(
    ("seen", "status", "error"),
    [
        ('"7"', 412, "PRECONDITION_FAILED"),
        ('W/"1"', 412, "PRECONDITION_FAILED"),
        ("nonsense", 412, "PRECONDITION_FAILED"),
        (None, 428, "PRECONDITION_REQUIRED"),
    ],
)
async def test_a_change_of_what_was_not_seen_is_refused(
    seen: str | None, status: int, error: str, served: str, house: House
) -> None:
    """Without an If-Match, or with one that is not the patient's ETag, nothing is changed."""
    path = f"/v1/patients/{house.patients[0].id}"
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as http:
        refused = await http.patch(path, json={"phone": "1"}, headers={"If-Match": seen} if seen else {})
        found = await http.get(path)
        changed = await http.patch(path, json={"phone": None}, headers={"If-Match": found.headers["etag"]})
        again = await http.patch(path, json={"phone": "2"}, headers={"If-Match": changed.headers["etag"]})
        anyhow = await http.patch(path, json={"phone": "3"}, headers={"If-Match": "*"})
    assert (refused.status_code, refused.json()["error"]) == (status, error)
    assert (found.json()["version"], found.json()["phone"] is None) == (1, False)
    assert changed.json()["phone"] is None
    assert (again.json()["phone"], anyhow.json()["phone"]) == ("2", "3")
