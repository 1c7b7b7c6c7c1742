"""Appointments shared with calendars outside: one to take along, or all of a patient or provider."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, Actor, Role
from deskcal.core.clinic import Clinic
from deskcal.core.outside import Side
from deskcal.core.refusals import Invalid, NotAllowed, NotFound
from deskcal.core.sharing import Places, Shared, shared
from deskcal.core.span import Span
from deskcal.flows import sessions
from deskcal.flows.asking import Asking
from deskcal.flows.sessions import Sessions
from deskcal.store import calendars, catalog, clinics, listing, patients
from deskcal.store.calendars import SharedCalendar
from deskcal.store.database import Database, ReadTx, WriteTx

BACK = timedelta(days=90)
AHEAD = timedelta(days=3650)
MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What a calendar shows now: the last 90 days and all that is ahead, canceled appointments too."""

    clinic: Clinic
    name: str
    shown: Sequence[Shared]


async def take_along(
    database: Database, sessions_: Sessions, actor: Actor, appointment_id: UUID, now: datetime
) -> tuple[Clinic, Shared]:
    """Word one appointment for a calendar: for its provider, else for its patient, to whom the desk gives it.

    Its link is in it, as only those get it who may see the appointment.
    """
    found = await sessions.show(database, sessions_, actor, appointment_id, now)
    side = Side.PROVIDER if actor.role is Role.PROVIDER else Side.PATIENT
    async with database.read(actor.clinic_id) as tx:
        places = await _places(tx)
    link = found.way_in.url if found.way_in else None
    return places.clinic, shared(found.appointment, side, places, link=link)


async def share(
    database: Database,
    asking: Asking[tuple[SharedCalendar, str]],
    *,
    patient_id: UUID | None,
    provider_id: UUID | None,
) -> tuple[SharedCalendar, str]:
    """Open a calendar; its token is known only now. Raises NotAllowed for anybody's but one's own."""
    actor = asking.actor
    if patient_id is None and provider_id is None:
        patient_id, provider_id = actor.patient_id, None if actor.patient_id else actor.provider_id
    if (patient_id is None) == (provider_id is None):
        raise Invalid(("patientId", "say whose calendar it is: a patient's or a provider's"))
    if _own(actor) not in {(None, None), (patient_id, provider_id)}:
        raise NotAllowed("You can share your own calendar only.")
    made = SharedCalendar(
        clinic_id=asking.clinic_id,
        id=uuid.uuid7(),
        patient_id=patient_id,
        provider_id=provider_id,
        created_by=actor.sub,
        created_at=asking.now,
    )
    token = secrets.token_urlsafe(32)

    async def work(tx: WriteTx) -> tuple[SharedCalendar, str]:
        if patient_id and await patients.find(tx, patient_id) is None:
            raise Invalid(("patientId", "there is no such patient"))
        if provider_id and await catalog.provider(tx, provider_id) is None:
            raise Invalid(("providerId", "there is no such provider"))
        await calendars.add(tx, made, token=token)
        tx.say(asking.event("calendar.created", made.id, patientId=patient_id, providerId=provider_id))
        return made, token

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(database: Database, actor: Actor) -> list[SharedCalendar]:
    """List the calendars that are shared: the clinic's, to patients and providers their own."""
    async with database.read(actor.clinic_id) as tx:
        return await _theirs(tx, actor)


async def revoke(database: Database, asking: Asking[None], calendar_id: UUID) -> None:
    """Close a calendar: nobody can read it any more. Raises NotFound."""

    async def work(tx: WriteTx) -> None:
        if calendar_id not in {one.id for one in await _theirs(tx, asking.actor)}:
            raise NotFound("There is no such calendar, or it was revoked already.")
        await calendars.revoke(tx, calendar_id, asking.now)
        tx.say(asking.event("calendar.revoked", calendar_id))

    await database.write(asking.clinic_id, work)


async def read(database: Database, token: str, now: datetime) -> Subscription:
    """Show what a token opens. A remote appointment comes without its link. Raises NotFound."""
    async with database.read(INSTALLATION, installation=True) as tx:
        found = await calendars.find(tx, token=token)
    if found is None:
        raise NotFound("There is no such calendar, or it was revoked.")
    wanted = listing.Filter(
        span=Span(start=now - BACK, end=now + AHEAD),
        patient_id=found.patient_id,
        provider_id=found.provider_id,
    )
    async with database.read(found.clinic_id) as tx:
        places = await _places(tx)
        booked = await listing.appointments(tx, wanted, limit=MOST)
        provider = await catalog.provider(tx, found.provider_id) if found.provider_id else None
    side = Side.PROVIDER if found.provider_id else Side.PATIENT
    clinic = places.clinic
    return Subscription(
        clinic=clinic,
        name=f"{provider.name}, {clinic.name}" if provider else clinic.name,
        shown=[shared(made, side, places) for made in booked],
    )


def _own(actor: Actor) -> tuple[UUID | None, UUID | None]:
    """Give the patient or provider whose calendar alone is theirs to share; of the desk there is none."""
    return actor.patient_id, actor.provider_id if actor.role is Role.PROVIDER else None


async def _theirs(tx: ReadTx, actor: Actor) -> list[SharedCalendar]:
    patient_id, provider_id = _own(actor)
    return await calendars.every(tx, patient_id=patient_id, provider_id=provider_id)


async def _places(tx: ReadTx) -> Places:
    clinic = await clinics.own(tx)
    if clinic is None:
        raise NotFound("There is no such clinic.")
    locations = {location.id: location.name for location in await clinics.locations(tx)}
    return Places(
        clinic=clinic,
        rooms={room.id: room.name for room in await clinics.rooms(tx)},
        locations={
            one.id: locations[one.location_id]
            for one in await catalog.providers(tx)
            if one.location_id in locations
        },
    )
