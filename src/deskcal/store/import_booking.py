"""Many appointments written at once: the constraints of occupancy decide about each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.booking import Appointment, Want
from deskcal.store.database import ReadTx, WriteTx

# As for one booking, but of many: what is missing of one is lost, and the rest of it is given back.
TAKE_ALL: LiteralString = """
with keys as materialized (
  select k.id, coalesce(k.session_key, nextval('session_keys')) as session_key
  from jsonb_to_recordset(%(keys)s) k(id uuid, session_key bigint)
)
insert into occupancy
  (clinic_id, resource_id, during, session_key, seat, capacity, appointment_id)
select %(clinic_id)s, w.resource_id, tstzrange(w.starts, w.ends), k.session_key, w.seat, w.capacity, k.id
from jsonb_to_recordset(%(wants)s) w(id uuid, resource_id uuid, starts timestamptz, ends timestamptz,
  seat smallint, capacity smallint) join keys k on k.id = w.id
order by w.resource_id, w.starts
on conflict do nothing
returning appointment_id
"""

WRITE_ALL: LiteralString = """
insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, room_id,
  starts_at, ends_at, timezone, status, mode, price_cents, currency, free_until_hours, fee_cents,
  no_show_fee_cents, booked_by, equipment_unit_ids, batch_id, missed_by, created_at, updated_at)
select %(clinic_id)s, a.id, 'B-' || nextval('booking_references'), a.patient_id, a.provider_id,
  a.service_id, a.room_id, a.starts, a.ends, a.timezone, a.status, a.mode, a.price_cents, a.currency,
  a.free_until_hours, a.fee_cents, a.no_show_fee_cents, a.booked_by, a.unit_ids, a.batch_id, a.missed_by,
  a.at, a.at
from jsonb_to_recordset(%(made)s) a(id uuid, patient_id uuid, provider_id uuid, service_id uuid, room_id uuid,
  starts timestamptz, ends timestamptz, timezone text, status text, mode text, price_cents int,
  currency text, free_until_hours int, fee_cents int, no_show_fee_cents int, booked_by text, unit_ids uuid[],
  batch_id uuid, missed_by text, at timestamptz)
returning id, reference
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """An appointment that is drawn up, and what it takes."""

    made: Appointment
    wants: Sequence[Want]
    session_key: int | None


async def book_all(tx: WriteTx, drawn: Sequence[Drawn]) -> dict[UUID, str]:
    """Make each appointment that can have all that it wants; gives their references by id."""
    wants = [
        {
            "id": one.made.id,
            "resource_id": want.resource_id,
            "starts": want.span.start,
            "ends": want.span.end,
            "seat": want.seat,
            "capacity": want.capacity,
        }
        for one in drawn
        for want in one.wants
    ]
    keys = [{"id": one.made.id, "session_key": one.session_key} for one in drawn]
    taken: dict[UUID, int] = {}
    for (id_,) in await tx.change(TAKE_ALL, keys=_json(keys), wants=_json(wants)):
        taken[id_] = taken.get(id_, 0) + 1
    whole = [one for one in drawn if taken.get(one.made.id) == len(one.wants)]
    if len(whole) < len(drawn):
        lost = {one.made.id for one in drawn} - {one.made.id for one in whole}
        await free_all(tx, list(lost))
    written = await tx.change(WRITE_ALL, made=_json([_facts(one.made) for one in whole]))
    return {row[0]: row[1] for row in written}


async def free_all(tx: WriteTx, appointment_ids: Sequence[UUID]) -> None:
    """Give back all that appointments have."""
    await tx.run(
        "delete from occupancy where clinic_id = %(clinic_id)s and appointment_id = any(%(ids)s)",
        ids=list(appointment_ids),
    )


async def references(tx: ReadTx, appointment_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Give the references of appointments."""
    rows = await tx.rows(
        "select id, reference from appointments where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
        ids=list(appointment_ids),
    )
    return {row[0]: row[1] for row in rows}


def _facts(made: Appointment) -> dict[str, Any]:
    return {
        "id": made.id,
        "patient_id": made.patient_id,
        "provider_id": made.provider_id,
        "service_id": made.service_id,
        "room_id": made.room_id,
        "starts": made.span.start,
        "ends": made.span.end,
        "timezone": made.timezone,
        "status": made.status,
        "mode": made.mode,
        "price_cents": made.price_cents,
        "currency": made.currency,
        "free_until_hours": made.free_until_hours,
        "fee_cents": made.fee_cents,
        "no_show_fee_cents": made.no_show_fee_cents,
        "booked_by": made.booked_by,
        "unit_ids": made.unit_ids,
        "batch_id": made.batch_id,
        "missed_by": made.missed_by,
        "at": made.created_at,
    }


def _json(value: object) -> Jsonb:
    return Jsonb(value, msgspec.json.encode)
