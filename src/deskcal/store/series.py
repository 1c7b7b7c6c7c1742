"""Series: which appointments were booked together, and by which rule."""

from typing import LiteralString
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.series import Series
from deskcal.store.appointments import SELECT, appointment_of
from deskcal.store.database import ReadTx, WriteTx

FIND: LiteralString = """
select id, patient_id, provider_id, service_id, room_id, rule, starts_at as start, timezone, created_at
from series where clinic_id = %(clinic_id)s and id = %(id)s
"""


async def add(tx: WriteTx, made: Series) -> None:
    """Write a series; its appointments name it."""
    await tx.run(
        "insert into series (clinic_id, id, patient_id, provider_id, service_id, room_id, rule, starts_at,"
        " timezone, created_at) values (%(clinic_id)s, %(id)s, %(patient_id)s, %(provider_id)s,"
        " %(service_id)s, %(room_id)s, %(rule)s, %(start)s, %(timezone)s, %(now)s)",
        id=made.id,
        patient_id=made.patient_id,
        provider_id=made.provider_id,
        service_id=made.service_id,
        room_id=made.room_id,
        rule=made.rule,
        start=made.start,
        timezone=made.timezone,
        now=made.created_at,
    )


async def find(tx: ReadTx, series_id: UUID) -> Series | None:
    found = await tx.records(Series, FIND, id=series_id)
    return found[0] if found else None


async def appointments_of(tx: ReadTx, series_id: UUID) -> list[Appointment]:
    """List the appointments of a series by start."""
    rows = await tx.rows(SELECT + " and a.series_id = %(id)s order by a.starts_at, a.id", id=series_id)
    return [appointment_of(row) for row in rows]
