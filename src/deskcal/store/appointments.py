"""Appointments: made from a hold or directly, read one by one or by what they take."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from deskcal.core.booking import Appointment, Mode, Party, SessionState, Status, Want
from deskcal.core.slot import Visit
from deskcal.core.span import Span
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.occupancy import ALL_TAKEN, TAKE, taking

INSERT: LiteralString = """
  insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, room_id, hold_id,
    starts_at, ends_at, timezone, status, mode, price_cents, currency, free_until_hours, fee_cents,
    no_show_fee_cents, notes, booked_by, equipment_unit_ids, overbooked, overbook_reason, batch_id,
    walk_in, checked_in_at, series_id, created_at, updated_at)
  select %(clinic_id)s, %(id)s, 'B-' || nextval('booking_references'), %(patient_id)s, %(provider_id)s,
    %(service_id)s, %(room_id)s, %(confirmed)s, %(start)s, %(end)s, %(timezone)s, %(status)s, %(mode)s,
    %(price_cents)s, %(currency)s, s.free_until_hours, s.fee_cents, s.no_show_fee_cents, %(notes)s,
    %(booked_by)s, %(unit_ids)s, %(overbooked)s, %(overbook_reason)s, %(batch_id)s,
    %(walk_in)s, %(checked_in_at)s, %(series_id)s, %(now)s, %(now)s
  from services s where s.clinic_id = %(clinic_id)s and s.id = %(service_id)s and
"""

RETURNING = " returning reference, free_until_hours, fee_cents "

BOOK = TAKE + ", booked as (" + INSERT + ALL_TAKEN + RETURNING + ") select * from booked"

CONFIRM = (
    TAKE
    + """
, moved as (
  update occupancy set appointment_id = %(id)s, hold_id = null
  where clinic_id = %(clinic_id)s and hold_id = %(confirmed)s
), ended as (
  update holds set state = 'confirmed', ended_at = %(now)s, patient_id = %(patient_id)s
  where clinic_id = %(clinic_id)s and id = %(confirmed)s
), booked as (
"""
    + INSERT
    + ALL_TAKEN
    + RETURNING
    + ") select * from booked"
)

SELECT: LiteralString = """
select a.id, a.reference, a.patient_id, p.name, a.provider_id, d.name, a.service_id, s.title, a.room_id,
  a.hold_id, a.starts_at, a.ends_at, a.timezone, a.status, a.mode, a.price_cents, a.currency,
  a.free_until_hours, a.fee_cents, a.overbooked, a.notes, a.booked_by, a.version, a.created_at, a.updated_at,
  a.equipment_unit_ids, a.overbook_reason, a.no_show_fee_cents, a.charged_cents, a.refunded_cents,
  a.canceled_at, a.change_reason, a.missed_by, a.freed_at is not null, a.calendar_sequence, a.walk_in,
  a.series_id, a.batch_id, a.checked_in_at, a.started_at,
  case when a.mode <> 'in_person' then coalesce(r.state, 'pending') end
from appointments a
left join remote_sessions r on r.clinic_id = a.clinic_id and r.appointment_id = a.id
join patients p on p.clinic_id = a.clinic_id and p.id = a.patient_id
join providers d on d.clinic_id = a.clinic_id and d.id = a.provider_id
join services s on s.clinic_id = a.clinic_id and s.id = a.service_id
where a.clinic_id = %(clinic_id)s
"""


def appointment_of(row: tuple[Any, ...]) -> Appointment:
    return Appointment(
        id=row[0],
        reference=row[1],
        patient_id=row[2],
        patient_name=row[3],
        provider_id=row[4],
        provider_name=row[5],
        service_id=row[6],
        service_title=row[7],
        room_id=row[8],
        hold_id=row[9],
        span=Span(start=row[10], end=row[11]),
        timezone=row[12],
        status=Status(row[13]),
        mode=Mode(row[14]),
        price_cents=row[15],
        currency=row[16],
        free_until_hours=row[17],
        fee_cents=row[18],
        overbooked=row[19],
        notes=row[20],
        booked_by=row[21],
        version=row[22],
        created_at=row[23],
        updated_at=row[24],
        unit_ids=tuple(row[25]),
        overbook_reason=row[26],
        no_show_fee_cents=row[27],
        charged_cents=row[28],
        refunded_cents=row[29],
        canceled_at=row[30],
        change_reason=row[31],
        missed_by=Party(row[32]) if row[32] else None,
        freed=row[33],
        calendar_sequence=row[34],
        walk_in=row[35],
        series_id=row[36],
        batch_id=row[37],
        checked_in_at=row[38],
        started_at=row[39],
        session=SessionState(row[40]) if row[40] else None,
    )


def _facts(made: Appointment) -> dict[str, Any]:
    return {
        "id": made.id,
        "patient_id": made.patient_id,
        "provider_id": made.provider_id,
        "service_id": made.service_id,
        "room_id": made.room_id,
        "start": made.span.start,
        "end": made.span.end,
        "timezone": made.timezone,
        "status": made.status,
        "mode": made.mode,
        "price_cents": made.price_cents,
        "currency": made.currency,
        "notes": made.notes,
        "booked_by": made.booked_by,
        "unit_ids": list(made.unit_ids),
        "overbooked": made.overbooked,
        "overbook_reason": made.overbook_reason,
        "batch_id": made.batch_id,
        "walk_in": made.walk_in,
        "checked_in_at": made.checked_in_at,
        "series_id": made.series_id,
        "now": made.created_at,
    }


async def book(
    tx: WriteTx, made: Appointment, *, wants: Sequence[Want], session_key: int | None
) -> str | None:
    """Take what is wanted and write the appointment; gives its reference, or None when somebody was first.

    After None the transaction has taken a part: restart it.
    """
    params = _facts(made) | taking(wants, session_key=session_key, appointment_id=made.id)
    booked = await tx.change(BOOK, **(params | {"confirmed": None}))
    return _reference(booked)


async def confirm(tx: WriteTx, made: Appointment, *, hold_id: UUID, wants: Sequence[Want]) -> str | None:
    """Turn a locked hold into an appointment: its rows move, so that nothing is free in between.

    `wants` is what the hold did not take yet: the patient, when only now known. Gives the reference, or None
    when the patient is elsewhere then; after None restart the transaction.
    """
    params = _facts(made) | taking(wants, session_key=None, appointment_id=made.id)
    booked = await tx.change(CONFIRM, **(params | {"confirmed": hold_id}))
    return _reference(booked)


def _reference(rows: Sequence[tuple[Any, ...]]) -> str | None:
    return str(rows[0][0]) if rows else None


async def find(tx: ReadTx, appointment_id: UUID) -> Appointment | None:
    row = await tx.row(SELECT + " and a.id = %(id)s", id=appointment_id)
    return appointment_of(row) if row else None


async def lock(tx: WriteTx, appointment_id: UUID) -> Appointment | None:
    """Look one up and keep everybody else from changing it until this transaction does."""
    row = await tx.row(SELECT + " and a.id = %(id)s for update of a", id=appointment_id)
    return appointment_of(row) if row else None


async def visits(
    tx: ReadTx, span: Span, *, patient_id: UUID | None, provider_id: UUID | None, booked_by: str | None
) -> list[Visit]:
    """List what starts in a stretch of time and is not canceled: of a patient, with a provider, by a user."""
    rows = await tx.rows(
        "select provider_id, service_id, starts_at, ends_at from appointments"
        " where clinic_id = %(clinic_id)s and starts_at >= %(start)s and starts_at < %(end)s"
        " and status <> 'canceled'"
        " and (%(patient_id)s::uuid is null or patient_id = %(patient_id)s)"
        " and (%(provider_id)s::uuid is null or provider_id = %(provider_id)s)"
        " and (%(booked_by)s::text is null or booked_by = %(booked_by)s)",
        start=span.start,
        end=span.end,
        patient_id=patient_id,
        provider_id=provider_id,
        booked_by=booked_by,
    )
    return [Visit(provider_id=row[0], service_id=row[1], span=Span(start=row[2], end=row[3])) for row in rows]


async def taking_any(tx: ReadTx, span: Span, *, resource_ids: Sequence[UUID] | None) -> list[Appointment]:
    """List the appointments that stand within a stretch of time and take any of some resources, by start.

    Without resources, whatever they take.
    """
    rows = await tx.rows(
        SELECT
        + " and a.ends_at > %(start)s and a.starts_at < %(end)s and a.id in (select o.appointment_id"
        + "   from occupancy o where o.clinic_id = %(clinic_id)s"
        + "   and o.during && tstzrange(%(start)s, %(end)s)"
        + "   and (%(resources)s::uuid[] is null or o.resource_id = any(%(resources)s)))"
        + " order by a.starts_at, a.id",
        start=span.start,
        end=span.end,
        resources=None if resource_ids is None else list(resource_ids),
    )
    return [appointment_of(row) for row in rows]


async def show_in_zone(tx: WriteTx, *, location_id: UUID | None, now: datetime) -> None:
    """Show what is still to come in the zone that its providers work in now.

    Those of a location are meant, or those of wherever no location has a zone of its own.
    """
    await tx.run(
        "update appointments a set timezone = coalesce(l.timezone, c.timezone), version = a.version + 1,"
        " updated_at = %(now)s"
        " from clinics c, providers d"
        " left join locations l on l.clinic_id = d.clinic_id and l.id = d.location_id"
        " where a.clinic_id = %(clinic_id)s and c.clinic_id = a.clinic_id and d.clinic_id = a.clinic_id"
        " and d.id = a.provider_id and a.ends_at > %(now)s and a.timezone <> coalesce(l.timezone, c.timezone)"
        " and case when %(location_id)s::uuid is null then l.timezone is null"
        "   else d.location_id = %(location_id)s end",
        location_id=location_id,
        now=now,
    )
