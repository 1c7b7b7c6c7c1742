"""Fills an empty installation with the demo clinic, through the flows that any clinic is made by."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from types import MappingProxyType
from typing import Any, TypeVar

from deskcal.core.access import INSTALLATION, SCOPES, SYSTEM, Actor, Role
from deskcal.core.clinic import Clinic, Patient, Provider, Service
from deskcal.core.rota import parse_words
from deskcal.flows import book, clinics, people, providers, resources, services, tokens
from deskcal.flows import demo_clinic as made_up
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.demo_calendar import Planner, Visit
from deskcal.flows.demo_people import people as made_up_people
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
    ops: Asking[Any] = Asking(actor=SYSTEM, now=founded)
    clinic = await clinics.create(
        database, ops, name=made_up.NAME, timezone=made_up.TIMEZONE, wanted_slug="riverside"
    )
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=clinic.id), now=founded)
    rooms = [await resources.add_room(database, admin, room) for room in made_up.ROOMS]
    offered = [await services.add(database, admin, service) for service in made_up.SERVICES]
    staff = [await _provider(database, admin, one, offered) for one in made_up.STAFF]
    desk, desk_token = await _token(database, replace(admin, now=now), Role.FRONT_DESK, None)
    patients = await _patients(database, admin, random, progress)
    planner = Planner(
        random=random, now=now, providers=staff, services=offered, rooms=rooms, patients=patients
    )
    visits = planner.visits()
    actor = Actor(
        sub=str(desk.user_id), role=Role.FRONT_DESK, clinic_id=clinic.id, scopes=SCOPES[Role.FRONT_DESK]
    )
    board = Board(database)
    await _all(
        "appointments", visits, lambda visit: book.book(board, _asking(actor, visit), _order(visit)), progress
    )
    patient = min((visit for visit in visits if visit.span.start > now), key=lambda one: one.span).patient
    _, patient_token = await _token(database, replace(admin, now=now), Role.PATIENT, patient)
    return Demo(clinic=clinic, desk_token=desk_token, patient=patient, patient_token=patient_token)


async def _provider(
    database: Database, asking: Asking[Any], staff: made_up.Staff, offered: Iterable[Service]
) -> Provider:
    ids = {service.title: service.id for service in offered}
    provider = Provider(
        id=INSTALLATION,
        name=staff.name,
        timezone="",
        specialty=staff.specialty,
        rating=staff.rating,
        prices=MappingProxyType(dict.fromkeys(ids[title] for title in staff.offers)),
    )
    added = await providers.add(database, asking, provider)
    hours = parse_words(staff.hours.split())
    found, _ = await providers.set_hours(database, asking, added.id, hours, first=None, last=None)
    return found


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


def _asking(actor: Actor, visit: Visit) -> Asking[Any]:
    return Asking(actor=actor, now=visit.asked_at)


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
