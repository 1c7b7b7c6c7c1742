"""What ids of resources stand for: providers, rooms and units, retired ones too."""

from dataclasses import dataclass
from typing import Literal, LiteralString, TypeAlias
from uuid import UUID

from deskcal.store.database import ReadTx

ThingKind: TypeAlias = Literal["provider", "room", "equipment"]

THINGS: LiteralString = """
with zones as (
  select l.id, coalesce(l.timezone, c.timezone) as timezone
  from clinics c left join locations l on l.clinic_id = c.clinic_id
  where c.clinic_id = %(clinic_id)s
  union all select null, timezone from clinics where clinic_id = %(clinic_id)s
), things as (
  select 'provider' as kind, id, name, location_id from providers where clinic_id = %(clinic_id)s
  union all
  select 'room', id, name, location_id from rooms where clinic_id = %(clinic_id)s
  union all
  select 'equipment', u.id, e.name || ' ' || u.number, e.location_id
  from equipment_units u join equipment e on e.clinic_id = u.clinic_id and e.id = u.equipment_id
  where u.clinic_id = %(clinic_id)s
)
select distinct t.kind, t.id, t.name, z.timezone
from things t join zones z on z.id is not distinct from t.location_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A resource that is no person's own time but a patient's: whose, and the zone that it works in."""

    kind: ThingKind
    id: UUID
    name: str
    timezone: str


async def every(tx: ReadTx) -> dict[UUID, Thing]:
    return {one.id: one for one in await tx.records(Thing, THINGS)}
