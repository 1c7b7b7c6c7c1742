"""What appointments become: other times, other statuses, nothing that others cannot have."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from deskcal.core.booking import Appointment, Want
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.occupancy import ALL_TAKEN, TAKE, overbookings, taking

WRITE: LiteralString = """
update appointments set provider_id = %(provider_id)s, room_id = %(room_id)s,
  equipment_unit_ids = %(unit_ids)s, starts_at = %(start)s, ends_at = %(end)s, timezone = %(timezone)s,
  status = %(status)s, checked_in_at = %(checked_in_at)s, started_at = %(started_at)s,
  overbooked = %(overbooked)s, overbook_reason = %(overbook_reason)s, charged_cents = %(charged_cents)s,
  refunded_cents = %(refunded_cents)s, canceled_at = %(canceled_at)s, change_reason = %(change_reason)s,
  missed_by = %(missed_by)s, freed_at = case when %(freed)s then coalesce(freed_at, %(now)s) end,
  calendar_sequence = %(calendar_sequence)s, version = %(version)s, updated_at = %(now)s
where clinic_id = %(clinic_id)s and id = %(id)s
"""

TAKE_ANEW = TAKE + ", written as (" + WRITE + " and " + ALL_TAKEN + " returning id) select id from written"

FROM_HOLD = """
with moved as (
  update occupancy set appointment_id = %(id)s, hold_id = null, seat = coalesce(%(seat)s, seat),
    capacity = coalesce(%(seat)s, capacity)
  where clinic_id = %(clinic_id)s and hold_id = %(hold_id)s
)
update holds set state = 'confirmed', ended_at = %(now)s, patient_id = %(patient_id)s
where clinic_id = %(clinic_id)s and id = %(hold_id)s
"""


def _facts(made: Appointment) -> dict[str, object]:
    return {
        "id": made.id,
        "provider_id": made.provider_id,
        "room_id": made.room_id,
        "unit_ids": list(made.unit_ids),
        "start": made.span.start,
        "end": made.span.end,
        "timezone": made.timezone,
        "status": made.status,
        "checked_in_at": made.checked_in_at,
        "started_at": made.started_at,
        "overbooked": made.overbooked,
        "overbook_reason": made.overbook_reason,
        "charged_cents": made.charged_cents,
        "refunded_cents": made.refunded_cents,
        "canceled_at": made.canceled_at,
        "change_reason": made.change_reason,
        "missed_by": made.missed_by,
        "freed": made.freed,
        "calendar_sequence": made.calendar_sequence,
        "version": made.version,
        "now": made.updated_at,
    }


async def write(tx: WriteTx, made: Appointment) -> None:
    """Write a locked appointment as it is now."""
    await tx.run(WRITE, **_facts(made))


async def take_anew(
    tx: WriteTx, made: Appointment, *, wants: Sequence[Want], session_key: int | None
) -> bool:
    """Give back what a locked appointment has, take what is wanted instead, and write it.

    False when somebody was first; after that restart the transaction.
    """
    await free(tx, made.id)
    params = _facts(made) | taking(wants, session_key=session_key, appointment_id=made.id)
    return bool(await tx.change(TAKE_ANEW, **params))


async def from_hold(tx: WriteTx, made: Appointment, *, hold_id: UUID, seat: int | None) -> None:
    """Give a locked appointment what a hold has instead of what it had, and end the hold.

    `seat` numbers the rows anew; None keeps the seat of a group session.
    """
    await free(tx, made.id)
    await tx.run(
        FROM_HOLD,
        id=made.id,
        hold_id=hold_id,
        seat=seat,
        patient_id=made.patient_id,
        now=made.updated_at,
    )
    await write(tx, made)


async def add(tx: WriteTx, made: Appointment, wants: Sequence[Want]) -> bool:
    """Take more for an appointment; False when somebody was first, and then restart."""
    query = TAKE + " select resource_id from taken"
    taken = await tx.change(query, **taking(wants, session_key=None, appointment_id=made.id))
    return len(taken) == len(wants)


async def free(tx: WriteTx, appointment_id: UUID) -> None:
    """Give back all that an appointment has."""
    await tx.run(
        "delete from occupancy where clinic_id = %(clinic_id)s and appointment_id = %(id)s", id=appointment_id
    )


async def beside(tx: ReadTx, appointment_id: UUID, provider_id: UUID) -> tuple[int, int] | None:
    """Give the session that an appointment has its provider, room and units in, and a seat that nobody has.

    Whatever takes that may lie over the appointment.
    """
    row = await tx.row(
        "select max(session_key), max(seat) + 1 from occupancy where clinic_id = %(clinic_id)s"
        " and session_key = (select session_key from occupancy where clinic_id = %(clinic_id)s"
        "   and appointment_id = %(id)s and resource_id = %(provider_id)s limit 1)",
        id=appointment_id,
        provider_id=provider_id,
    )
    return (row[0], row[1]) if row and row[0] is not None else None


async def on_top_of(tx: ReadTx, provider_id: UUID, span: Span) -> list[Busy]:
    """List the overbookings of a provider that touch a stretch of time, all their pieces."""
    return await overbookings(tx, provider_id, span)


async def guard(tx: WriteTx, appointment_id: UUID, provider_id: UUID, wants: Sequence[Want]) -> bool:
    """Write a provider's rows of an overbooking anew; False when that is not possible just now."""
    gone = await tx.change(
        "delete from occupancy where clinic_id = %(clinic_id)s and appointment_id = %(id)s"
        " and resource_id = %(provider_id)s returning session_key",
        id=appointment_id,
        provider_id=provider_id,
    )
    query = TAKE + " select resource_id from taken"
    taken = await tx.change(query, **taking(wants, session_key=gone[0][0], appointment_id=appointment_id))
    return len(taken) == len(wants)
