"""What the OpenAPI document says is what the server does, whatever it is asked."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import CheckFunction, checks
from schemathesis.core.result import Ok

from deskcal.core.access import Role
from deskcal.core.slot import slot_id
from deskcal.flows.board import Board
from deskcal.store.database import Database
from house import House, build_house
from made import parked, things
from processes import ServerProcess
from races.rounds import Desk

CHECKS: list[CheckFunction] = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
CASES = 20

pytestmark = pytest.mark.prove


async def names(database: Database, http: httpx.AsyncClient, house: House) -> dict[str, Any]:
    """Give what paths and bodies may name of a clinic: one of everything that it can have."""
    front = Desk(Board(database), house, round_=0, now=datetime.now(UTC))
    made = await front.book(house.perez, house.consult, 10, patient_id=house.patients[0].id)
    ids = {
        "clinic_id": house.clinic.id,
        "appointment_id": made.id,
        "provider_id": house.perez.id,
        "service_id": house.consult.id,
        "patient_id": house.patients[0].id,
        "room_id": house.rooms[0].id,
        "timeslot_id": slot_id(house.perez.id, house.consult.id, house.at(11)),
        "start": house.at(12).isoformat(),
    }
    found = {name: str(id_) for name, id_ in ids.items()} | await things(http, house)
    found["parked_id"] = await parked(database, house)
    return found | {_camel(name): value for name, value in found.items()}


@pytest.mark.parametrize("role", [*Role, None])
async def test_every_answer_is_documented(
    role: Role | None, start_server: Callable[[], ServerProcess], database: Database, house: House
) -> None:
    """Made-up requests with ids of one's own clinic and of another: no failure, and nothing of the other."""
    other = await build_house(database, name="Hillside")
    server = start_server()
    headers = {"If-Match": "*"} | (house.headers(role) if role else {})
    async with httpx.AsyncClient(base_url=server.url) as http:
        ours, theirs = await names(database, http, house), await names(database, http, other)
        http.headers.update(other.headers())
        before = (await http.get("/v1/log", params={"limit": 200})).json()
        await asyncio.to_thread(explore, server.url, headers, ours, theirs)
        assert (await http.get("/v1/log", params={"limit": 200})).json() == before


def explore(url: str, headers: dict[str, str], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Ask each operation so many times."""
    schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json")
    others = {name for name, value in theirs.items() if value != ours[name]}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=CASES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), known=st.sampled_from([ours, ours, theirs, {}]))
        def ask(case: schemathesis.Case[Any], known: dict[str, Any]) -> None:
            for part in (case.path_parameters, case.query, case.body):
                if isinstance(part, dict):
                    part.update({name: value for name, value in known.items() if name in part})
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=CHECKS)
            if known is theirs and any(name in others for name in case.path_parameters or {}):
                assert answer.status_code >= 400 or answer.status_code == 204, answer.text

        ask()


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))
