"""Reads of appointments: one, many, and the audit of one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from deskcal.core.access import Actor, Role
from deskcal.core.booking import Appointment, Status
from deskcal.core.localtime import find_zone, local_day
from deskcal.core.refusals import NotFound
from deskcal.core.span import Span
from deskcal.store import appointments, clinics, log
from deskcal.store.database import Database
from deskcal.store.log import Entry


async def find(database: Database, actor: Actor, appointment_id: UUID) -> Appointment:
    """Look one up. To a patient another's appointment is not there."""
    async with database.read(actor.clinic_id) as tx:
        found = await appointments.find(tx, appointment_id)
    if found is None or (actor.role is Role.PATIENT and found.patient_id != actor.patient_id):
        raise NotFound("There is no such appointment.")
    return found


async def audit(database: Database, actor: Actor, appointment_id: UUID) -> tuple[Appointment, list[Entry]]:
    """List what happened to an appointment and to the hold that it came from, oldest first."""
    found = await find(database, actor, appointment_id)
    ids = [found.id] if found.hold_id is None else [found.id, found.hold_id]
    async with database.read(actor.clinic_id) as tx:
        return found, await log.of_aggregates(tx, ids)


async def within(
    database: Database,
    actor: Actor,
    *,
    first: date | None,
    last: date | None,
    provider_id: UUID | None,
    patient_id: UUID | None,
    location_id: UUID | None,
    statuses: Sequence[Status] | None,
    offset: int,
    limit: int,
) -> list[Appointment]:
    """List appointments by start, on the clinic's local days from `first` to `last`, both inclusive."""
    async with database.read(actor.clinic_id) as tx:
        clinic = await clinics.own(tx)
        if clinic is None:
            raise NotFound("There is no such clinic.")
        zone = find_zone(clinic.timezone)
        span = None
        if first is not None or last is not None:
            span = Span(
                start=local_day(first, zone).start if first else datetime.combine(date.min, time(), UTC),
                end=local_day(last, zone).end if last else datetime(9999, 1, 1, tzinfo=UTC),
            )
        return await appointments.within(
            tx,
            span,
            provider_id=provider_id,
            patient_id=patient_id,
            location_id=location_id,
            statuses=statuses,
            offset=offset,
            limit=limit,
        )


async def read_log(
    database: Database,
    actor: Actor,
    *,
    since: int,
    limit: int,
    aggregate_id: UUID | None,
    event_type: str | None,
) -> list[Entry]:
    """Read the clinic's log on from a seq."""
    async with database.read(actor.clinic_id) as tx:
        return await log.filtered(
            tx, since=since, limit=limit, aggregate_id=aggregate_id, event_type=event_type
        )
