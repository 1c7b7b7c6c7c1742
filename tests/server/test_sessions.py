"""Remote appointments over HTTP: where they meet, and what only staff and the patient may see of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from psycopg.sql import SQL, Identifier

from deskcal.core.access import Role
from deskcal.flows.reading import catch_up
from deskcal.server.context import Context
from deskcal.server.run import Listening, ServeRefusal, serve
from deskcal.server.worker import Plan, make_app
from deskcal.settings import Settings
from deskcal.store import log
from deskcal.store.database import Database
from house import House
from processes import server_process
from ringing import until_told
from vonage_service import VonageService, vonage_service

ILLNESS = "Asthma; penicillin allergy"


@pytest.fixture
async def http(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers()) as client:
        yield client


@pytest.fixture
async def vonage() -> AsyncIterator[VonageService]:
    async with vonage_service() as running:
        yield running


@asynccontextmanager
async def idle(plan: Plan, house: House) -> AsyncIterator[tuple[httpx.AsyncClient, Context]]:
    """Serve the front desk in this process without duties: nothing is read until the test reads it."""
    app: Any = make_app(plan)
    context: Context = app.state.context
    await context.database.open()
    try:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://here", headers=house.headers()
        ) as client:
            yield client, context
    finally:
        await context.database.close()


async def book(http: httpx.AsyncClient, house: House, hour: int = 10, **facts: object) -> dict[str, Any]:
    """Book Maria Lopez directly."""
    asked = {
        "patientId": str(house.patients[0].id),
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "start": house.at(hour).isoformat(),
        "mode": "video",
    }
    answered = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=asked | facts)
    assert answered.status_code == 201, answered.text
    made: dict[str, Any] = answered.json()["appointment"]
    return made


async def shown(
    http: httpx.AsyncClient, made: dict[str, Any], headers: dict[str, str] | None = None
) -> dict[str, Any]:
    answered = await http.get(f"/v1/appointments/{made['id']}", headers=headers)
    assert answered.status_code == 200, answered.text
    found: dict[str, Any] = answered.json()
    return found


async def test_a_remote_appointment_gets_a_session(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    """Booking does not wait for it; staff and the patient find the link, lists only that there is one."""
    made = await book(http, house)
    assert made["session"]["state"] == "pending"
    [told] = await until_told(database, house.clinic.id, "session.created")
    assert told.payload == {"appointmentId": made["id"]}
    found = await shown(http, made)
    assert found["session"]["state"] == "ready"
    assert found["session"]["url"].startswith("https://meet.example.org/deskcal-")
    patients = await shown(http, made, house.headers(Role.PATIENT))
    assert patients["session"] == found["session"]
    listed = await http.get(f"/v1/clinics/{house.clinic.id}/appointments")
    assert [one["session"]["state"] for one in listed.json()["items"]] == ["ready"]
    assert found["session"]["url"] not in listed.text
    audit = await http.get(f"/v1/appointments/{made['id']}/audit")
    assert [entry["action"] for entry in audit.json()["items"]] == ["created", "session_created"]


async def test_a_ready_session_is_seen_by_who_asks_again(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    """What was answered before is not the answer still, although the appointment has the same version."""
    made = await book(http, house)
    before = await http.get(f"/v1/appointments/{made['id']}")
    await until_told(database, house.clinic.id, "session.created")
    again = await http.get(
        f"/v1/appointments/{made['id']}", headers={"If-None-Match": before.headers["etag"]}
    )
    assert (again.status_code, again.json()["session"]["state"]) == (200, "ready")


async def test_in_person_there_is_no_session(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    """Only the remote one of two appointments gets a session."""
    here, there = await book(http, house, 10, mode="in_person"), await book(http, house, 11)
    await until_told(database, house.clinic.id, "session.created")
    assert (await shown(http, here))["session"] is None
    assert (await shown(http, there))["session"]["state"] == "ready"


@pytest.mark.parametrize("name", ["mode", "consultMode", "consult_mode"])
async def test_every_spelling_of_the_mode(http: httpx.AsyncClient, house: House, name: str) -> None:
    """A patient's booking names the mode in one of three ways; two that differ, or a fourth, are refused."""
    http.headers.update(house.headers(Role.PATIENT))
    slot = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(10),
    }
    token = (await http.post("/v1/reservations", json=slot)).json()["reservationToken"]
    for wrong in (
        {name: "chat", "mode" if name != "mode" else "consult_mode": "voice"},
        {"consult_Mode": "chat"},
    ):
        refused = await http.post("/v1/bookings", json={"reservationToken": token} | wrong)
        assert (refused.status_code, refused.json()["error"]) == (400, "VALIDATION_FAILED")
    booked = await http.post("/v1/bookings", json={"reservationToken": token, name: "chat"})
    assert (booked.status_code, booked.json()["mode"]) == (201, "chat")
    assert booked.json()["session"]["state"] == "pending"


async def test_medical_information_is_for_staff_and_the_patient(
    http: httpx.AsyncClient, house: House, database: Database
) -> None:
    """They read it with the one appointment; no list, no answer to a booking and no row holds it."""
    slot = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(9),
    }
    token = (await http.post("/v1/reservations", json=slot)).json()["reservationToken"]
    patient = {"patientId": str(house.patients[0].id), "medicalInfo": ILLNESS}
    confirm = {"reservationToken": token, "idempotencyKey": "one"} | patient
    booked = await http.post("/v1/bookings", json=confirm)
    made = await book(http, house, 10, idempotencyKey="two", mode="in_person", medicalInfo=ILLNESS)
    for one in (booked.json(), made):
        for role in (Role.FRONT_DESK, Role.PROVIDER, Role.PATIENT):
            assert (await shown(http, one, house.headers(role)))["medicalInfo"] == ILLNESS
    again = await http.post("/v1/bookings", json=confirm)
    lists = [
        await http.get(f"/v1/clinics/{house.clinic.id}/appointments"),
        await http.get("/v1/log"),
        await http.get(f"/v1/appointments/{made['id']}/audit"),
        await http.get(f"/v1/calendar/day?date={house.day}"),
    ]
    assert again.headers["Idempotency-Replayed"] == "true"
    for answered in (booked, again, *lists):
        assert answered.is_success, answered.text
        assert ILLNESS not in answered.text
    assert made["medicalInfo"] is None
    dump = await everything(database, house)
    for text, there in ((made["reference"], True), (ILLNESS, False)):
        assert (text in dump) is (text.encode().hex() in dump) is there


async def everything(database: Database, house: House) -> str:
    """Read all rows of the clinic as text, in which bytes are hexadecimal."""
    async with database.read(house.clinic.id) as tx:
        names = await tx.rows(
            "select distinct table_name from information_schema.table_privileges"
            " where table_schema = 'public' and privilege_type = 'SELECT' and grantee = current_user"
        )
        found = [
            await (
                await tx.connection.execute(SQL("select r::text from {} r").format(Identifier(name)))
            ).fetchall()
            for (name,) in names
        ]
    return str(found)


async def test_another_secret_key_hides_but_breaks_nothing(
    http: httpx.AsyncClient, house: House, database: Database, plan: Plan
) -> None:
    """What was sealed with a lost key is not there any more; the appointment is, alone and in lists."""
    made = await book(http, house, medicalInfo=ILLNESS)
    await until_told(database, house.clinic.id, "session.created")
    other = msgspec.structs.replace(plan, secret_key="another key, which is also long enough")  # noqa: S106
    async with idle(other, house) as (client, _):
        found = await shown(client, made)
        listed = await client.get(f"/v1/clinics/{house.clinic.id}/appointments")
    assert (found["medicalInfo"], found["session"]["url"]) == (None, None)
    assert [one["id"] for one in listed.json()["items"]] == [found["id"]] == [made["id"]]


async def test_vonage_down_blocks_no_booking(
    house: House, plan: Plan, database: Database, vonage: VonageService
) -> None:
    """The booking is made, the session follows when Vonage is back, and each side has a token of its own."""
    vonage.mood = "broken"
    async with idle(msgspec.structs.replace(plan, vonage=vonage.account()), house) as (http, context):
        reader = next(one for one in context.readers if one.name == "sessions")
        made = await book(http, house)
        due = await catch_up(database, reader, context.now())
        assert due is not None
        assert (await shown(http, made))["session"]["state"] == "pending"
        vonage.mood = "ok"
        assert await catch_up(database, reader, due) is None
        ours, theirs = await shown(http, made), await shown(http, made, house.headers(Role.PATIENT))
    assert [ours["session"]["sessionId"], theirs["session"]["sessionId"]] == vonage.sessions * 2
    assert ours["session"]["token"] != theirs["session"]["token"]


async def test_a_session_that_cannot_be_made_is_told(
    house: House, plan: Plan, database: Database, vonage: VonageService
) -> None:
    """After the last attempt staff see that it failed; a session that is made after all replaces that."""
    vonage.mood = "broken"
    async with idle(msgspec.structs.replace(plan, vonage=vonage.account()), house) as (http, context):
        reader = next(one for one in context.readers if one.name == "sessions")
        made = await book(http, house)
        due: datetime | None = context.now()
        while due is not None:
            due = await catch_up(database, reader, due)
        [told] = await until_told(database, house.clinic.id, "session.failed")
        assert told.payload == {"appointmentId": made["id"]}
        assert (await shown(http, made))["session"]["state"] == "failed"
        vonage.mood = "ok"
        async with database.read(house.clinic.id) as tx:
            [booked] = await log.filtered(
                tx, since=0, limit=1, aggregate_id=UUID(made["id"]), event_type="appointment.*"
            )
        effect = await reader.handle(house.clinic.id, booked, context.now())
        assert effect is not None
        await database.write(house.clinic.id, effect)
        assert (await shown(http, made))["session"]["state"] == "ready"
        assert await reader.handle(house.clinic.id, booked, context.now()) is None


async def test_nobody_needs_a_session_that_is_over(house: House, plan: Plan, database: Database) -> None:
    """A reader that comes late makes none for appointments of the past."""
    async with idle(plan, house) as (http, context):
        reader = next(one for one in context.readers if one.name == "sessions")
        made = await book(http, house)
        await catch_up(database, reader, context.now() + timedelta(days=30))
        assert (await shown(http, made))["session"]["state"] == "pending"


async def test_of_several_servers_one_makes_the_sessions(
    house: House, plan: Plan, database: Database, vonage: VonageService
) -> None:
    """Each appointment gets one; those of a server that was killed while it asked are made by the next."""
    plan = msgspec.structs.replace(plan, vonage=vonage.account())
    with server_process(plan) as first, server_process(plan) as second:
        async with httpx.AsyncClient(base_url=second.url, headers=house.headers()) as http:
            for hour in (9, 10, 11):
                await book(http, house, hour)
            await until_told(database, house.clinic.id, "session.created", times=3)
            assert len(vonage.sessions) == 3
            vonage.mood = "silent"
            vonage.asked.clear()
            made = await book(http, house, 12)
            await vonage.asked.wait()
            first.kill()
            vonage.mood = "ok"
            await until_told(database, house.clinic.id, "session.created", times=4)
            assert (await shown(http, made))["session"]["sessionId"] == vonage.sessions[-1]
            assert len(vonage.sessions) == 4


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "needs the application's private key"),
        ({"vonage_private_key": "not a key"}, "is not one in PEM"),
        ({"vonage_private_key_file": Path("/nowhere/private.key")}, "Cannot read /nowhere/private.key"),
    ],
)
def test_half_an_account_is_refused_at_the_start(settings: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Whoever runs deskcal learns of it then, not from the first patient who waits for a session."""
    chosen = Settings(data_dir=tmp_path, vonage_application_id="78d335fa", **settings)
    with pytest.raises(ServeRefusal, match=said):
        serve(chosen, Listening(), ready=print)
