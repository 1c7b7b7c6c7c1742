"""Pools of equipment and their units, and the end of whatever bookings take."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from deskcal.core.clinic import Equipment, Unit
from deskcal.store.database import ReadTx, WriteTx

Retirable = Literal["location", "room", "equipment", "service", "provider"]

# A pool is gone with its location.
EQUIPMENT: LiteralString = """
select e.id, e.name, e.type, e.location_id, coalesce(l.timezone, c.timezone), e.version,
  (select jsonb_agg(jsonb_build_array(u.id, u.number) order by u.number) from equipment_units u
   where u.clinic_id = e.clinic_id and u.equipment_id = e.id and u.retired_at is null)
from equipment e join clinics c on c.clinic_id = e.clinic_id
left join locations l on l.clinic_id = e.clinic_id and l.id = e.location_id
where e.clinic_id = %(clinic_id)s and e.retired_at is null and l.retired_at is null
"""

RETIRE: Mapping[Retirable, LiteralString] = {
    "location": "update locations set",
    "room": "update rooms set",
    "equipment": "update equipment set",
    "service": "update services set",
    "provider": "update providers set",
}


def _equipment(row: tuple[Any, ...]) -> Equipment:
    return Equipment(
        id=row[0],
        name=row[1],
        type=row[2],
        location_id=row[3],
        timezone=row[4],
        version=row[5],
        units=tuple(Unit(id=UUID(id_), number=number) for id_, number in row[6] or ()),
    )


async def equipment(tx: ReadTx) -> list[Equipment]:
    """List the pools by name, without windows and closures."""
    return [_equipment(row) for row in await tx.rows(EQUIPMENT + " order by e.name, e.id")]


async def pool(tx: ReadTx, equipment_id: UUID) -> Equipment | None:
    """Look a pool up, without windows and closures."""
    row = await tx.row(EQUIPMENT + " and e.id = %(id)s", id=equipment_id)
    return _equipment(row) if row else None


async def add_equipment(tx: WriteTx, made: Equipment) -> None:
    """Write a pool and its units."""
    await tx.run(
        "insert into equipment (clinic_id, id, name, type, location_id)"
        " values (%(clinic_id)s, %(id)s, %(name)s, %(type)s, %(location_id)s)",
        id=made.id,
        name=made.name,
        type=made.type,
        location_id=made.location_id,
    )
    await add_units(tx, made.id, made.units)


async def change_equipment(tx: WriteTx, changed: Equipment, *, version: int) -> bool:
    """Write a pool as it is now, but for its units; False when another change came first."""
    count = await tx.run(
        "update equipment set name = %(name)s, type = %(type)s, location_id = %(location_id)s,"
        " version = version + 1 where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        id=changed.id,
        name=changed.name,
        type=changed.type,
        location_id=changed.location_id,
        version=version,
    )
    return count == 1


async def add_units(tx: WriteTx, equipment_id: UUID, units: Sequence[Unit]) -> None:
    """Add units; one whose number was there before comes back as what it was."""
    await tx.run(
        "insert into equipment_units (clinic_id, equipment_id, id, number)"
        " select %(clinic_id)s, %(equipment_id)s, u.id, u.number"
        " from unnest(%(ids)s::uuid[], %(numbers)s::smallint[]) u(id, number)"
        " on conflict (clinic_id, equipment_id, number) do update set retired_at = null",
        equipment_id=equipment_id,
        ids=[unit.id for unit in units],
        numbers=[unit.number for unit in units],
    )


async def retire_units(tx: WriteTx, units: Sequence[Unit], *, at: datetime) -> None:
    await tx.run(
        "update equipment_units set retired_at = %(at)s"
        " where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
        ids=[unit.id for unit in units],
        at=at,
    )


async def retire(tx: WriteTx, kind: Retirable, id_: UUID, *, at: datetime) -> bool:
    """Let no new booking use it; False when there is no such thing, or not any more."""
    retired = await tx.run(
        RETIRE[kind] + " retired_at = %(at)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and retired_at is null",
        id=id_,
        at=at,
    )
    return retired == 1
