"""Reads of appointments: one, many, a user's own, and the audit of one."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor, Role
from deskcal.core.booking import Appointment
from deskcal.core.localtime import find_zone, midnight
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.span import Span
from deskcal.store import appointments, clinics, listing, log, patients
from deskcal.store.database import Database
from deskcal.store.listing import Filter, Place
from deskcal.store.log import Archived, Entry


async def find(database: Database, actor: Actor, appointment_id: UUID) -> Appointment:
    """Look one up. To a patient another's appointment is not there."""
    async with database.read(actor.clinic_id) as tx:
        found = await appointments.find(tx, appointment_id)
    if found is None or (actor.role is Role.PATIENT and found.patient_id != actor.patient_id):
        raise NotFound("There is no such appointment.")
    return found


async def audit(database: Database, actor: Actor, appointment_id: UUID) -> tuple[Appointment, list[Entry]]:
    """List what happened to an appointment and to the holds that gave it its times, oldest first."""
    found = await find(database, actor, appointment_id)
    async with database.read(actor.clinic_id) as tx:
        entries = await log.of_aggregates(tx, [found.id])
        holds = [UUID(entry.payload["holdId"]) for entry in entries if "holdId" in entry.payload]
        return found, await log.of_aggregates(tx, [found.id, *holds])


async def listed(
    database: Database,
    actor: Actor,
    wanted: Filter,
    *,
    limit: int,
    after: Place | None,
    offset: int = 0,
    first: date | None = None,
    last: date | None = None,
) -> list[Appointment]:
    """List appointments by start, between two edges: each an instant, or one of the clinic's local days."""
    async with database.read(actor.clinic_id) as tx:
        clinic = await clinics.own(tx)
        if clinic is None:
            raise NotFound("There is no such clinic.")
        wanted = replace(wanted, span=_between(first, last, find_zone(clinic.timezone)))
        return await listing.appointments(tx, wanted, limit=limit, offset=offset, after=after)


async def whose(database: Database, actor: Actor, user_id: str) -> Filter:
    """Tell which appointments are a user's: a patient's or provider's own, else those that the user booked.

    `me` is the caller. Staff may name a patient; nobody else is there, and then this raises NotFound.
    """
    if user_id in {"me", actor.sub} or (actor.patient_id and user_id == str(actor.patient_id)):
        own = actor.patient_id or actor.provider_id
        return Filter(
            patient_id=actor.patient_id,
            provider_id=None if actor.patient_id else actor.provider_id,
            booked_by=None if own else actor.sub,
        )
    with suppress(ValueError):
        patient_id = UUID(user_id)
        async with database.read(actor.clinic_id) as tx:
            if actor.is_staff and await patients.find(tx, patient_id):
                return Filter(patient_id=patient_id)
    raise NotFound("There is no such user.")


def _between(first: date | None, last: date | None, zone: ZoneInfo) -> Span | None:
    if first is None and last is None:
        return None
    start = datetime.min.replace(tzinfo=UTC) + listing.LONGEST
    end = datetime.max.replace(tzinfo=UTC)
    if first is not None:
        start = first if isinstance(first, datetime) else midnight(first, zone)
    if last is not None:
        end = last if isinstance(last, datetime) else midnight(last + timedelta(days=1), zone)
    if start >= end:
        raise Invalid(("end", "it must be after the start"))
    return Span(start=start, end=end)


async def archived_log(database: Database, actor: Actor) -> list[Archived]:
    """List where the months are that the clinic's log does not have any more."""
    async with database.read(actor.clinic_id) as tx:
        return await log.archived(tx)


async def read_log(
    database: Database,
    actor: Actor,
    *,
    since: int,
    limit: int,
    aggregate_id: UUID | None,
    event_type: str | None,
    actor_id: str | None,
) -> list[Entry]:
    """Read the clinic's log on from a seq."""
    async with database.read(actor.clinic_id) as tx:
        return await log.filtered(
            tx,
            since=since,
            limit=limit,
            aggregate_id=aggregate_id,
            event_type=event_type,
            actor_id=actor_id,
        )
