"""Clinics and their locations and rooms."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from deskcal.core.clinic import Clinic, Location, Room
from deskcal.store.database import ReadTx, WriteTx

CLINICS: LiteralString = "select clinic_id as id, slug, name, timezone from clinics"


async def add(tx: WriteTx, clinic: Clinic) -> bool:
    """Write a clinic and its empty feed; False when the slug is taken by another."""
    await tx.enter(clinic.id)
    made = await tx.run(
        "insert into clinics (clinic_id, slug, name, timezone)"
        " values (%(clinic_id)s, %(slug)s, %(name)s, %(timezone)s) on conflict (slug) do nothing",
        slug=clinic.slug,
        name=clinic.name,
        timezone=clinic.timezone,
    )
    if made:
        await tx.run("insert into clinic_feed (clinic_id) values (%(clinic_id)s)")
    return bool(made)


async def every(tx: ReadTx) -> list[Clinic]:
    """List the clinics that the transaction may see: its own, or all over the installation."""
    return await tx.records(Clinic, CLINICS + " order by name, clinic_id")


async def own(tx: ReadTx) -> Clinic | None:
    found = await tx.records(Clinic, CLINICS + " where clinic_id = %(clinic_id)s")
    return found[0] if found else None


async def add_location(tx: WriteTx, location: Location) -> None:
    await tx.run(
        "insert into locations (clinic_id, id, name, timezone)"
        " values (%(clinic_id)s, %(id)s, %(name)s, %(timezone)s)",
        id=location.id,
        name=location.name,
        timezone=location.timezone,
    )


async def locations(tx: ReadTx) -> list[Location]:
    return await tx.records(
        Location,
        "select id, name, timezone, version from locations"
        " where clinic_id = %(clinic_id)s and retired_at is null order by name, id",
    )


async def add_room(tx: WriteTx, room: Room) -> None:
    await tx.run(
        "insert into rooms (clinic_id, id, name, type, location_id)"
        " values (%(clinic_id)s, %(id)s, %(name)s, %(type)s, %(location_id)s)",
        id=room.id,
        name=room.name,
        type=room.type,
        location_id=room.location_id,
    )


async def rooms(tx: ReadTx, *, types: Sequence[str] | None = None) -> list[Room]:
    """List rooms by name; the order in which they are offered."""
    return await tx.records(
        Room,
        "select id, name, type, location_id, version from rooms"
        " where clinic_id = %(clinic_id)s and retired_at is null"
        " and (%(types)s::text[] is null or type = any(%(types)s)) order by name, id",
        types=None if types is None else list(types),
    )


async def has_location(tx: ReadTx, location_id: UUID) -> bool:
    query: LiteralString = "select 1 from locations where clinic_id = %(clinic_id)s and id = %(id)s"
    return await tx.row(query, id=location_id) is not None
