"""Founds the demo clinic: everything but its patients and their appointments."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.clinic import Clinic, Preference, Provider
from deskcal.core.rota import parse_words
from deskcal.flows import clinics, closures, demo_clinic, providers, resources, rules, services, windows
from deskcal.flows.asking import Asking
from deskcal.flows.demo_calendar import DAYS_AHEAD
from deskcal.flows.demo_staff import STAFF, Staff, absences
from deskcal.store.database import Database

PRIORITY = 100


async def found(database: Database, founded: datetime, today: date) -> Clinic:
    """Make the clinic as of `founded`, with absences and public holidays as they lie around `today`."""
    ops: Asking[Any] = Asking(actor=SYSTEM, now=founded)
    clinic = await clinics.create(
        database, ops, name=demo_clinic.NAME, timezone=demo_clinic.TIMEZONE, wanted_slug="riverside"
    )
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=clinic.id), now=founded)
    rooms = [await resources.add_room(database, admin, room) for room in demo_clinic.ROOMS]
    for pool in demo_clinic.POOLS:
        await resources.add_equipment(database, admin, pool.equipment, quantity=pool.units)
    offered = [await services.add(database, admin, service) for service in demo_clinic.SERVICES]
    ids = {room.name: room.id for room in rooms} | {service.title: service.id for service in offered}
    for term in demo_clinic.TERMS:
        await rules.add(
            database, admin, ids[term.service], type_=term.type, payload=term.payload, priority=PRIORITY
        )
    for one in STAFF:
        ids[one.name] = await _provider(database, admin, one, ids)
    for absence in absences(today, ZoneInfo(clinic.timezone)):
        await windows.add(database, admin, absence.kind, ids[absence.name], absence.window)
    await _keep_holidays(database, admin, today)
    return clinic


async def _provider(database: Database, admin: Asking[Any], staff: Staff, ids: Mapping[str, UUID]) -> UUID:
    likes = Preference(room_ids=tuple(ids[name] for name in staff.likes_rooms), times=staff.likes_hours)
    provider = Provider(
        id=INSTALLATION,
        name=staff.name,
        timezone="",
        specialty=staff.specialty,
        rating=staff.rating,
        daily_maximum=staff.daily_maximum,
        preferences=(likes,) if likes.room_ids or likes.times else (),
        prices=MappingProxyType(dict.fromkeys(ids[title] for title in staff.offers)),
    )
    added = await providers.add(database, admin, provider)
    hours = parse_words(staff.hours.split())
    await providers.set_hours(database, admin, added.id, hours, first=None, last=None)
    return added.id


async def _keep_holidays(database: Database, admin: Asking[Any], today: date) -> None:
    """Close on public holidays, but not today: a demo shows a clinic at work."""
    for year in sorted({today.year, (today + timedelta(days=DAYS_AHEAD)).year}):
        closed = await closures.close_holidays(
            database,
            admin,
            country=demo_clinic.COUNTRY,
            subdivision=None,
            year=year,
            location_id=None,
            dry_run=False,
        )
        for closure in closed.closures:
            if closure.first == today:
                await closures.reopen(database, admin, closure.id)
