"""Furnishes a clinic by chance, through the flows, as an admin would."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import Any
from uuid import UUID

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.clinic import Equipment, Patient, Provider, Room, Service
from deskcal.core.rota import parse_words
from deskcal.core.window import Window, WindowKind
from deskcal.flows import clinics, people, providers, resources, rules, services, windows
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.store.database import Database
from deskcal.store.schedule_windows import ResourceKind
from flows.furnished import DAY, NOW, Furnished

PLACES = (
    ("America/New_York", ["daily", "17:00-21:00"]),
    ("Asia/Tokyo", ["daily", "07:30-11:00"]),
    ("Europe/Madrid", ["daily", "09:00-10:30,11:00-12:30"]),
    ("Pacific/Kiritimati", ["daily", "00:00-02:00,22:30-24:00"]),
)
"""Zones with hours, most of which run over midnight, there or in UTC."""


async def furnish(database: Database, chance: Random) -> Furnished:
    """Give two providers three services, with what these need and the rules that they are booked by."""
    asking: Asking[Any] = Asking(actor=SYSTEM, now=NOW)
    zone, hours = chance.choice(PLACES)
    clinic = await clinics.create(database, asking, name="Riverside", timezone=zone, wanted_slug=None)
    asking = replace(asking, actor=replace(SYSTEM, clinic_id=clinic.id))
    rooms = [
        await resources.add_room(database, asking, _room(chance, number))
        for number in range(chance.choice([1, 2]))
    ]
    pool = Equipment(id=INSTALLATION, name="Probes", type="probe", location_id=None, units=())
    pools = [await resources.add_equipment(database, asking, pool, quantity=chance.choice([1, 2, 3]))]
    offered = [await services.add(database, asking, made(chance)) for made in (_talk, _exam, _group)]
    team = []
    for name in ("Dr. Perez", "Dr. Chen"):
        added = await providers.add(
            database,
            asking,
            Provider(
                id=INSTALLATION,
                name=name,
                timezone="",
                daily_maximum=chance.choice([None, None, 3]),
                prices=MappingProxyType({service.id: None for service in offered}),
            ),
        )
        openings = parse_words(hours)
        found, _ = await providers.set_hours(database, asking, added.id, openings, first=None, last=None)
        team.append(found)
    for service in offered:
        for type_, payload in chance.sample(_rules(team[0].id), chance.choice([0, 0, 1, 2])):
            await rules.add(database, asking, service.id, type_=type_, payload=payload, priority=100)
    patients = [
        await people.add(database, asking, Patient(id=INSTALLATION, name=name, date_of_birth=None))
        for name in ("Maria Lopez", "Aiko Tanaka", "Mario Lopez")
    ]
    return Furnished(
        chance=chance,
        board=Board(database),
        elsewhere=Board(database),
        clinic_id=clinic.id,
        providers=team,
        services=offered,
        rooms=rooms,
        pools=pools,
        patients=patients,
    )


async def take_time_off(clinic: Furnished) -> None:
    """Close somebody or something for a while on the working day."""
    things: list[tuple[ResourceKind, UUID]] = [("provider", provider.id) for provider in clinic.providers]
    things += [("room", room.id) for room in clinic.rooms]
    things += [("equipment", id_) for pool in clinic.pools for id_ in (pool.id, pool.units[0].id)]
    kind, resource_id = clinic.chance.choice(things)
    start = clinic.a_start().astimezone(clinic.providers[0].zone).replace(tzinfo=None)
    end = start + timedelta(minutes=clinic.chance.choice([30, 120]))
    window = Window(id=INSTALLATION, kind=WindowKind.UNAVAILABLE, start=start, end=end)
    await windows.add(clinic.board.database, clinic.admin, kind, resource_id, window)


def _room(chance: Random, number: int) -> Room:
    return Room(
        id=INSTALLATION,
        name=f"Room {number}",
        type="exam",
        location_id=None,
        features=frozenset(chance.choice([(), ("sink",)])),
        capacity=chance.choice([None, None, 1]),
    )


def _talk(chance: Random) -> Service:
    return Service(
        id=INSTALLATION,
        title="Talk",
        duration_minutes=30,
        slot_step_minutes=30,
        buffer_before_minutes=chance.choice([0, 10]),
        buffer_after_minutes=chance.choice([0, 10]),
    )


def _exam(chance: Random) -> Service:
    return Service(
        id=INSTALLATION,
        title="Exam",
        duration_minutes=45,
        slot_step_minutes=15,
        buffer_after_minutes=chance.choice([0, 10]),
        room_type="exam",
        room_features=frozenset(chance.choice([(), (), ("sink",)])),
        equipment_type=chance.choice([None, None, "probe"]),
        equipment_units=chance.choice([1, 2]),
    )


def _group(chance: Random) -> Service:
    return Service(
        id=INSTALLATION,
        title="Group",
        duration_minutes=60,
        slot_step_minutes=30,
        buffer_before_minutes=chance.choice([0, 10]),
        capacity=chance.choice([2, 3]),
        room_type=chance.choice([None, None, "exam"]),
        equipment_type=chance.choice([None, None, "probe"]),
    )


def _rules(provider_id: UUID) -> list[tuple[str, Mapping[str, object]]]:
    return [
        ("max_daily", {"max_per_day": 2}),
        ("min_gap", {"min_gap_minutes": 45}),
        ("lead_time", {"min_hours": 7 * 24}),
        ("blackout_dates", {"dates": [str(DAY)]}),
        ("allowed_provider", {"provider_ids": [str(provider_id)]}),
        ("required_equipment_type", {"equipment_type": "probe", "min_units": 2}),
        ("room_type", {"room_types": ["exam"]}),
    ]
