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


async def names(database: Database, house: House) -> dict[str, Any]:
    """Give what paths and bodies may name of a clinic, an appointment too."""
    front = Desk(Board(database), house, round_=0, now=datetime.now(UTC))
    made = await front.book(house.perez, house.consult, 10, patient_id=house.patients[0].id)
    ids = {
        "clinicId": house.clinic.id,
        "appointmentId": made.id,
        "providerId": house.perez.id,
        "serviceId": house.consult.id,
        "patientId": house.patients[0].id,
        "roomId": house.rooms[0].id,
        "timeslotId": slot_id(house.perez.id, house.consult.id, house.at(11)),
        "start": house.at(12).isoformat(),
    }
    found = {name: str(id_) for name, id_ in ids.items()}
    return found | {_snake(name): value for name, value in found.items()}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT_DESK, Role.PATIENT, None])
async def test_every_answer_is_documented(
    role: Role | None, start_server: Callable[[], ServerProcess], database: Database, house: House
) -> None:
    """Made-up requests with ids of one's own clinic and of another: no failure, and nothing of the other."""
    other = await build_house(database, name="Hillside")
    ours, theirs = await names(database, house), await names(database, other)
    server = start_server()
    headers = {"If-Match": "*"} | (house.headers(role) if role else {})
    async with httpx.AsyncClient(base_url=server.url, headers=other.headers()) as http:
        before = (await http.get("/v1/log", params={"limit": 200})).json()
        await asyncio.to_thread(explore, server.url, headers, ours, theirs)
        assert (await http.get("/v1/log", params={"limit": 200})).json() == before


def explore(url: str, headers: dict[str, str], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Ask each operation so many times."""
    schema = schemathesis.openapi.from_url(f"{url}/v1/openapi.json")
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
            if known is theirs and any(name in theirs for name in case.path_parameters or {}):
                assert answer.status_code >= 400 or answer.status_code == 204, answer.text

        ask()


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
