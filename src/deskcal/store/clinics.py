"""Clinics and their locations and rooms."""

from typing import Any, LiteralString
from uuid import UUID

from deskcal.core.clinic import Clinic, Location, Room
from deskcal.store.database import ReadTx, WriteTx

CLINICS: LiteralString = """
select clinic_id as id, slug, name, timezone, limited_percent, version from clinics
"""

LOCATIONS: LiteralString = """
select id, name, timezone, version from locations where clinic_id = %(clinic_id)s and retired_at is null
"""

# A room is gone with its location.
ROOMS: LiteralString = """
select r.id, r.name, r.type, r.location_id, r.features, r.capacity, coalesce(l.timezone, c.timezone),
  r.version
from rooms r join clinics c on c.clinic_id = r.clinic_id
left join locations l on l.clinic_id = r.clinic_id and l.id = r.location_id
where r.clinic_id = %(clinic_id)s and r.retired_at is null and l.retired_at is null
"""


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


async def change(tx: WriteTx, clinic: Clinic, *, version: int) -> bool:
    """Write the transaction's clinic as it is now; False when another change came first."""
    changed = await tx.run(
        "update clinics set name = %(name)s, timezone = %(timezone)s, limited_percent = %(limited_percent)s,"
        " version = version + 1"
        " where clinic_id = %(clinic_id)s and version = %(version)s",
        name=clinic.name,
        timezone=clinic.timezone,
        limited_percent=clinic.limited_percent,
        version=version,
    )
    return changed == 1


async def add_location(tx: WriteTx, location: Location) -> None:
    await tx.run(
        "insert into locations (clinic_id, id, name, timezone)"
        " values (%(clinic_id)s, %(id)s, %(name)s, %(timezone)s)",
        id=location.id,
        name=location.name,
        timezone=location.timezone,
    )


async def locations(tx: ReadTx) -> list[Location]:
    return await tx.records(Location, LOCATIONS + " order by name, id")


async def has_location(tx: ReadTx, location_id: UUID) -> bool:
    return await location(tx, location_id) is not None


async def location(tx: ReadTx, location_id: UUID) -> Location | None:
    found = await tx.records(Location, LOCATIONS + " and id = %(id)s", id=location_id)
    return found[0] if found else None


async def change_location(tx: WriteTx, location: Location, *, version: int) -> bool:
    """Write a location as it is now; False when another change came first."""
    changed = await tx.run(
        "update locations set name = %(name)s, timezone = %(timezone)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        id=location.id,
        name=location.name,
        timezone=location.timezone,
        version=version,
    )
    return changed == 1


def _room(row: tuple[Any, ...]) -> Room:
    return Room(
        id=row[0],
        name=row[1],
        type=row[2],
        location_id=row[3],
        features=frozenset(row[4]),
        capacity=row[5],
        timezone=row[6],
        version=row[7],
    )


def _params(room: Room) -> dict[str, Any]:
    return {
        "id": room.id,
        "name": room.name,
        "type": room.type,
        "location_id": room.location_id,
        "features": sorted(room.features),
        "capacity": room.capacity,
    }


async def add_room(tx: WriteTx, room: Room) -> None:
    await tx.run(
        "insert into rooms (clinic_id, id, name, type, location_id, features, capacity)"
        " values (%(clinic_id)s, %(id)s, %(name)s, %(type)s, %(location_id)s, %(features)s, %(capacity)s)",
        **_params(room),
    )


async def rooms(tx: ReadTx) -> list[Room]:
    """List rooms by name, without windows and closures."""
    return [_room(row) for row in await tx.rows(ROOMS + " order by r.name, r.id")]


async def room(tx: ReadTx, room_id: UUID) -> Room | None:
    """Look a room up, without windows and closures."""
    row = await tx.row(ROOMS + " and r.id = %(id)s", id=room_id)
    return _room(row) if row else None


async def change_room(tx: WriteTx, room: Room, *, version: int) -> bool:
    """Write a room as it is now; False when another change came first."""
    changed = await tx.run(
        "update rooms set name = %(name)s, type = %(type)s, location_id = %(location_id)s,"
        " features = %(features)s, capacity = %(capacity)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        **_params(room),
        version=version,
    )
    return changed == 1
