"""What ops ask over HTTP: boards replayed, and events that failed."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from deskcal.core.access import Role
from deskcal.flows.reading import MOST_ATTEMPTS, Effect, Reader, catch_up
from deskcal.store.database import Database, WriteTx
from deskcal.store.log import Entry
from house import House

NOW = datetime.now(UTC)


@pytest.fixture
async def admin(served: str, house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=served, headers=house.headers(Role.ADMIN)) as http:
        yield http


async def booked(http: httpx.AsyncClient, house: House, hour: int = 10) -> dict[str, Any]:
    body = {
        "patientId": str(house.patients[0].id),
        "serviceId": str(house.consult.id),
        "providerId": str(house.perez.id),
        "start": house.at(hour).isoformat(),
    }
    answer = await http.post(f"/v1/clinics/{house.clinic.id}/appointments", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["appointment"])


async def test_replay_names_the_minutes_and_who_says_what(
    admin: httpx.AsyncClient, house: House, database_url: str
) -> None:
    """A row taken away by hand is drift of its provider on its local date; a check does not change that."""
    made = await booked(admin, house)
    day = {"from": str(house.day), "to": str(house.day)}
    same = (await admin.post("/v1/admin/replay", json=day | {"check": True})).json()
    assert (same["same"], same["drift"], same["repaired"]) == (True, [], False)
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as harm:
        await harm.execute("delete from occupancy where resource_id = %s", [house.perez.id])
    for check in (True, False):
        found = (await admin.post("/v1/admin/replay", json=day | {"check": check})).json()
        assert (found["same"], found["repaired"], found["nextFrom"]) == (False, not check, None)
        [drift] = found["drift"]
        assert (drift["date"], drift["kind"], drift["resourceId"]) == (
            str(house.day),
            "provider",
            str(house.perez.id),
        )
        assert (drift["start"], drift["end"]) == (made["start"], made["end"])
        assert "log" in drift["saidBy"]
        assert "occupancy" in drift["notBy"]
    everything = (await admin.post("/v1/admin/replay", json={"check": True})).json()
    assert everything["drift"] == found["drift"]
    assert everything["from"] < str(house.day) < everything["to"] == everything["until"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "2026-13-01"}, "from"),
        ({"from": "1066-10-14"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "to"),
        ({"providerId": "00000000-0000-4000-8000-000000000000"}, "providerId"),
        ({"days": 0}, "days"),
    ],
)
async def test_replay_says_what_cannot_be_used(
    body: dict[str, Any], field: str, admin: httpx.AsyncClient
) -> None:
    """Dates that are none, the wrong way round, and somebody who is not there are told with their field."""
    answer = await admin.post("/v1/admin/replay", json=body)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/admin/replay"),
        ("GET", "/v1/parked"),
        ("GET", "/v1/parked/sessions-1"),
        ("POST", "/v1/parked/sessions-1/retry"),
        ("POST", "/v1/parked/sessions-1/drop"),
    ],
)
async def test_it_is_for_admins_and_ops(method: str, path: str, served: str, house: House) -> None:
    """The front desk may not; ops may."""
    for role, status in ((Role.FRONT_DESK, {403}), (Role.OPS, {200, 404})):
        async with httpx.AsyncClient(base_url=served, headers=house.headers(role)) as http:
            body = {"reason": "over"} if path.endswith("drop") else {}
            json = body if method == "POST" and not path.endswith("retry") else None
            assert (await http.request(method, path, json=json)).status_code in status


class Diary:
    """A reader that fails until it is mended, and writes down in the log what it has handled."""

    def __init__(self) -> None:
        self.broken = True
        self.handled: list[int] = []

    @property
    def reader(self) -> Reader:
        return Reader(
            name="diary",
            event_types=frozenset({"appointment.created"}),
            handle=self.handle,
            give_up=self.give_up,
        )

    async def handle(self, _clinic_id: UUID, entry: Entry, _now: datetime) -> Effect | None:
        if self.broken:
            raise ValueError("Maria Lopez is not a number")

        async def done(_tx: WriteTx) -> None:
            self.handled.append(entry.seq)

        return done

    async def give_up(self, _tx: WriteTx, _entry: Entry, _now: datetime) -> None:
        """Leave it to ops."""


async def park(database: Database, diary: Diary) -> None:
    """Let the reader fail until it gives up."""
    at = NOW
    for _ in range(MOST_ATTEMPTS):
        due = await catch_up(database, diary.reader, at)
        at = due or at
    assert due is None


async def test_a_parked_event_is_tried_once_more(
    admin: httpx.AsyncClient, house: House, database: Database
) -> None:
    """It is listed without names, parked again while it fails, and gone once its reader can do it."""
    made, diary = await booked(admin, house), Diary()
    await park(database, diary)
    [listed] = (await admin.get("/v1/parked")).json()["items"]
    assert (listed["state"], listed["reader"], listed["attempts"]) == ("parked", "diary", MOST_ATTEMPTS)
    assert (listed["aggregateId"], listed["error"]) == (made["id"], "ValueError")
    shown = (await admin.get(f"/v1/parked/{listed['id']}")).json()
    assert shown["event"]["payload"]["providerId"] == str(house.perez.id)
    assert "Lopez" not in str(shown)
    for attempts in (MOST_ATTEMPTS + 1, MOST_ATTEMPTS + 2):
        waiting = (await admin.post(f"/v1/parked/{listed['id']}/retry")).json()
        assert waiting["state"] == "waiting"
        assert await catch_up(database, diary.reader, datetime.now(UTC)) is None
        [again] = (await admin.get("/v1/parked")).json()["items"]
        assert (again["state"], again["attempts"]) == ("parked", attempts)
    diary.broken = False
    await admin.post(f"/v1/parked/{listed['id']}/retry")
    await catch_up(database, diary.reader, datetime.now(UTC))
    assert diary.handled == [listed["seq"]]
    assert (await admin.get("/v1/parked")).json()["items"] == []
    assert (await admin.post(f"/v1/parked/{listed['id']}/retry")).status_code == 404


async def test_a_dropped_event_stays_on_record(
    admin: httpx.AsyncClient, house: House, database: Database
) -> None:
    """Who dropped it, when and why is kept; nobody tries it again, and the log still has it."""
    await booked(admin, house)
    diary = Diary()
    await park(database, diary)
    [listed] = (await admin.get("/v1/parked")).json()["items"]
    path = f"/v1/parked/{listed['id']}"
    assert (await admin.post(f"{path}/drop", json={"reason": " "})).status_code == 400
    dropped = (await admin.post(f"{path}/drop", json={"reason": "the visit is over"})).json()
    assert (dropped["state"], dropped["dropReason"]) == ("dropped", "the visit is over")
    assert dropped["droppedBy"]
    assert datetime.now(UTC) - datetime.fromisoformat(dropped["droppedAt"]) < timedelta(minutes=5)
    for ending, body in (("retry", None), ("drop", {"reason": "again"})):
        answer = await admin.post(f"{path}/{ending}", json=body)
        assert (answer.status_code, answer.json()["error"]) == (409, "INVALID_STATUS_CHANGE")
        assert "the visit is over" in answer.json()["detail"]
    diary.broken = False
    await catch_up(database, diary.reader, datetime.now(UTC) + timedelta(days=1))
    assert diary.handled == []
    since = {"since": listed["seq"] - 1, "limit": 1}
    [entry] = (await admin.get("/v1/log", params=since)).json()["items"]
    assert entry["eventType"] == "appointment.created"
    told = (await admin.get("/v1/log", params={"type": "reader.dropped"})).json()["items"]
    assert [one["payload"] for one in told] == [{"reader": "diary", "parked": listed["seq"]}]
