"""What may still be taken back of an import, and what somebody has touched or needs by now."""

from collections.abc import Mapping, Sequence
from typing import LiteralString
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.store.appointments import SELECT, appointment_of
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.imports import Made, MadeKind

CHANGED, NEEDED = "changed since", "needed by others now"

VERSIONS: Mapping[MadeKind, LiteralString] = {
    "patient": "select id, version from patients where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
    "provider": "select id, version from providers where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
    "service": "select id, version from services where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
    "location": "select id, version from locations where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
}

NEEDS: Mapping[MadeKind, LiteralString] = {
    "patient": "select null::uuid where false",
    "provider": """
select provider_id from appointments where clinic_id = %(clinic_id)s and provider_id = any(%(ids)s)
  and status <> 'canceled'
union select provider_id from holds where clinic_id = %(clinic_id)s and provider_id = any(%(ids)s)
  and state = 'held'
""",
    "service": """
select service_id from appointments where clinic_id = %(clinic_id)s and service_id = any(%(ids)s)
  and status <> 'canceled'
union select s.service_id from provider_services s join providers p
  on p.clinic_id = s.clinic_id and p.id = s.provider_id
  where s.clinic_id = %(clinic_id)s and s.service_id = any(%(ids)s) and p.retired_at is null
""",
    "location": """
select location_id from providers where clinic_id = %(clinic_id)s and location_id = any(%(ids)s)
  and retired_at is null
union select location_id from rooms where clinic_id = %(clinic_id)s and location_id = any(%(ids)s)
  and retired_at is null
union select location_id from equipment where clinic_id = %(clinic_id)s and location_id = any(%(ids)s)
  and retired_at is null
""",
}


async def touched(tx: ReadTx, kind: MadeKind, made: Sequence[Made]) -> dict[UUID, str | None]:
    """Say why each has to stay; None where it can go."""
    ids = [one.id for one in made]
    versions = dict(await tx.rows(VERSIONS[kind], ids=ids))
    needed = {row[0] for row in await tx.rows(NEEDS[kind], ids=ids)}
    return {
        one.id: CHANGED
        if versions.get(one.id, one.version) != one.version
        else NEEDED
        if one.id in needed
        else None
        for one in made
    }


async def lock_appointments(tx: WriteTx, ids: Sequence[UUID]) -> list[Appointment]:
    """Lock appointments against every change; those that are not there are left out."""
    rows = await tx.rows(SELECT + " and a.id = any(%(ids)s) order by a.id for update of a", ids=list(ids))
    return [appointment_of(row) for row in rows]
