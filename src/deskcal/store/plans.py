"""Plans for days on which a provider is away, with a new place for each appointment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.booking import Appointment
from deskcal.core.plan import Plan, PlanItem, PlanState, Where
from deskcal.core.span import Span
from deskcal.store.appointments import SELECT, appointment_of
from deskcal.store.database import ReadTx, WriteTx

PLANS: LiteralString = """
select id, provider_id, day, state, created_by, created_at, expires_at, window_id from plans
where clinic_id = %(clinic_id)s
"""

ITEMS: LiteralString = """
select appointment_id, was_provider_id, was_room_id, was_starts_at, was_ends_at,
  provider_id, room_id, starts_at, ends_at, hold_id, reason, job_id
from plan_items where clinic_id = %(clinic_id)s and plan_id = %(plan_id)s
order by was_starts_at, appointment_id
"""

OF_PLAN: LiteralString = """
  and a.id in (select appointment_id from plan_items
    where clinic_id = %(clinic_id)s and plan_id = %(plan_id)s)
"""

ADD_ITEMS: LiteralString = """
insert into plan_items
select %(clinic_id)s, %(plan_id)s, i.*
from jsonb_to_recordset(%(items)s) i(appointment_id uuid, was_provider_id uuid, was_room_id uuid,
  was_starts_at timestamptz, was_ends_at timestamptz, provider_id uuid, room_id uuid, starts_at timestamptz,
  ends_at timestamptz, hold_id uuid, reason text)
"""


def _item(row: tuple[Any, ...]) -> PlanItem:
    to = None
    if row[5] is not None:
        to = Where(provider_id=row[5], room_id=row[6], span=Span(start=row[7], end=row[8]))
    return PlanItem(
        appointment_id=row[0],
        was=Where(provider_id=row[1], room_id=row[2], span=Span(start=row[3], end=row[4])),
        to=to,
        hold_id=row[9],
        reason=row[10],
        job_id=row[11],
    )


def _facts(item: PlanItem) -> dict[str, object]:
    return {
        "appointment_id": item.appointment_id,
        "was_provider_id": item.was.provider_id,
        "was_room_id": item.was.room_id,
        "was_starts_at": item.was.span.start,
        "was_ends_at": item.was.span.end,
        "provider_id": item.to and item.to.provider_id,
        "room_id": item.to and item.to.room_id,
        "starts_at": item.to and item.to.span.start,
        "ends_at": item.to and item.to.span.end,
        "hold_id": item.hold_id,
        "reason": item.reason,
    }


async def add(tx: WriteTx, plan: Plan) -> bool:
    """Write an open plan; False when there is one of that provider and date."""
    added = await tx.run(
        "insert into plans (clinic_id, id, provider_id, day, created_by, created_at, expires_at)"
        " values (%(clinic_id)s, %(id)s, %(provider_id)s, %(day)s, %(created_by)s, %(created_at)s,"
        " %(expires_at)s) on conflict do nothing",
        id=plan.id,
        provider_id=plan.provider_id,
        day=plan.day,
        created_by=plan.created_by,
        created_at=plan.created_at,
        expires_at=plan.expires_at,
    )
    if added:
        items = Jsonb([_facts(item) for item in plan.items], msgspec.json.encode)
        await tx.run(ADD_ITEMS, plan_id=plan.id, items=items)
    return added == 1


async def find(tx: ReadTx, plan_id: UUID) -> Plan | None:
    return await _plan(tx, await tx.row(PLANS + " and id = %(id)s", id=plan_id))


async def lock(tx: WriteTx, plan_id: UUID) -> Plan | None:
    """Look one up and keep everybody else from changing it until this transaction does."""
    return await _plan(tx, await tx.row(PLANS + " and id = %(id)s for update", id=plan_id))


async def lock_open(tx: WriteTx, provider_id: UUID, day: date) -> Plan | None:
    """Look up the open plan of a provider and date, and lock it."""
    row = await tx.row(
        PLANS + " and provider_id = %(provider_id)s and day = %(day)s and state = 'open' for update",
        provider_id=provider_id,
        day=day,
    )
    return await _plan(tx, row)


async def _plan(tx: ReadTx, row: tuple[Any, ...] | None) -> Plan | None:
    if row is None:
        return None
    return Plan(
        id=row[0],
        provider_id=row[1],
        day=row[2],
        state=PlanState(row[3]),
        created_by=row[4],
        created_at=row[5],
        expires_at=row[6],
        window_id=row[7],
        items=tuple(map(_item, await tx.rows(ITEMS, plan_id=row[0]))),
    )


async def become(tx: WriteTx, plan_id: UUID, state: PlanState, *, window_id: UUID | None = None) -> None:
    """Write down what a plan is now; it keeps its window unless there is another."""
    await tx.run(
        "update plans set state = %(state)s, window_id = coalesce(%(window_id)s, window_id)"
        " where clinic_id = %(clinic_id)s and id = %(id)s",
        id=plan_id,
        state=state,
        window_id=window_id,
    )


async def give_to_job(tx: WriteTx, plan_id: UUID, appointment_ids: Sequence[UUID], job_id: UUID) -> None:
    """Write down which job moves some appointments."""
    await tx.run(
        "update plan_items set job_id = %(job_id)s where clinic_id = %(clinic_id)s"
        " and plan_id = %(plan_id)s and appointment_id = any(%(ids)s)",
        plan_id=plan_id,
        ids=list(appointment_ids),
        job_id=job_id,
    )


async def held(tx: ReadTx, plan_id: UUID, now: datetime) -> set[UUID]:
    """Tell which holds of a plan still keep their places."""
    rows = await tx.rows(
        "select h.id from holds h join plan_items i on i.clinic_id = h.clinic_id and i.hold_id = h.id"
        " where h.clinic_id = %(clinic_id)s and i.plan_id = %(plan_id)s and h.state = 'held'"
        " and h.expires_at > %(now)s",
        plan_id=plan_id,
        now=now,
    )
    return {row[0] for row in rows}


async def appointments(tx: ReadTx, plan_id: UUID) -> dict[UUID, Appointment]:
    """Read the appointments of a plan as they are now."""
    rows = await tx.rows(SELECT + OF_PLAN, plan_id=plan_id)
    return {made.id: made for made in map(appointment_of, rows)}


async def phones(tx: ReadTx, plan_id: UUID) -> dict[UUID, str | None]:
    """Read how to reach the patient of each appointment of a plan."""
    rows = await tx.rows(
        "select a.id, p.phone from appointments a"
        " join patients p on p.clinic_id = a.clinic_id and p.id = a.patient_id"
        " where a.clinic_id = %(clinic_id)s" + OF_PLAN,
        plan_id=plan_id,
    )
    return {row[0]: row[1] for row in rows}


async def undoing(tx: ReadTx, job_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Name the job that undoes each of some jobs, the last of several; those without one are left out."""
    rows = await tx.rows(
        "select undo_of, id from jobs where clinic_id = %(clinic_id)s and undo_of = any(%(ids)s)"
        " order by created_at, id",
        ids=list(job_ids),
    )
    return dict(rows)
