"""Fills an empty installation with the demo clinic, through the flows that any clinic is made by."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from deskcal.core.access import SCOPES, SYSTEM, Actor, Role
from deskcal.core.clinic import Clinic, Patient
from deskcal.flows import book, people, tokens
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.demo_calendar import Planner, Visit
from deskcal.flows.demo_clinic import TIMEZONE
from deskcal.flows.demo_founding import found
from deskcal.flows.demo_people import people as made_up_people
from deskcal.store import catalog
from deskcal.store.database import Database
from deskcal.store.tokens import Token

PATIENTS = 400
AT_ONCE = 8
FOUNDED = timedelta(days=60)
TOKEN_DAYS = 30

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Is told what is being made, how many are done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The clinic, and tokens for its front desk and for one patient with a visit ahead."""

    clinic: Clinic
    desk_token: str
    patient: Patient
    patient_token: str


async def seed(database: Database, now: datetime, progress: Progress) -> Demo:
    """Make the demo clinic. The same date makes the same people and visits; ids and tokens are always new."""
    random = Random(now.date().toordinal())  # noqa: S311  it makes up people, not secrets
    founded = datetime.combine(now.date() - FOUNDED, time(14), UTC)
    clinic = await found(database, founded, now.astimezone(ZoneInfo(TIMEZONE)).date())
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=clinic.id), now=founded)
    desk, desk_token = await _token(database, replace(admin, now=now), Role.FRONT_DESK, None)
    patients = await _patients(database, admin, random, progress)
    async with database.read(clinic.id) as tx:
        known = await catalog.catalog(tx)
    visits = Planner(random=random, now=now, known=known, patients=patients).visits()
    actor = Actor(
        sub=str(desk.user_id), role=Role.FRONT_DESK, clinic_id=clinic.id, scopes=SCOPES[Role.FRONT_DESK]
    )
    board = Board(database)

    def make(visit: Visit) -> Awaitable[Any]:
        return book.book(board, Asking(actor=actor, now=visit.asked_at), _order(visit))

    await _all("appointments", [one for one in visits if one.overbook_reason is None], make, progress)
    await _all("overbookings", [one for one in visits if one.overbook_reason], make, progress)
    patient = min((visit for visit in visits if visit.span.start > now), key=lambda one: one.span).patient
    _, patient_token = await _token(database, replace(admin, now=now), Role.PATIENT, patient)
    return Demo(clinic=clinic, desk_token=desk_token, patient=patient, patient_token=patient_token)


async def _patients(
    database: Database, asking: Asking[Any], random: Random, progress: Progress
) -> list[Patient]:
    added = await _all(
        "patients",
        made_up_people(random, asking.now.date(), PATIENTS),
        lambda patient: people.add(database, asking, patient),
        progress,
    )
    return sorted(added, key=lambda patient: (patient.name, patient.phone))


async def _token(
    database: Database, asking: Asking[Any], role: Role, patient: Patient | None
) -> tuple[Token, str]:
    grant = tokens.Grant(
        role=role,
        name="demo",
        patient_id=patient.id if patient else None,
        provider_id=None,
        scopes=None,
        days=TOKEN_DAYS,
    )
    return await tokens.create(database, asking, grant)


def _order(visit: Visit) -> book.Order:
    return book.Order(
        patient_id=visit.patient.id,
        provider_id=visit.provider.id,
        service_id=visit.service.id,
        start=visit.span.start,
        end=None,
        room_id=visit.room.id if visit.room else None,
        mode=None,
        notes=None,
        seen_at=None,
        overbook_reason=visit.overbook_reason,
    )


async def _all(
    what: str, items: Iterable[Any], make: Callable[[Any], Awaitable[T]], progress: Progress
) -> list[T]:
    """Make all of them, some at a time; what is made stands in the order of `items`."""
    waiting = list(enumerate(items))[::-1]
    total, made = len(waiting), dict[int, T]()

    async def work() -> None:
        while waiting:
            number, item = waiting.pop()
            made[number] = await make(item)
            progress(what, len(made), total)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return [made[number] for number in range(total)]
