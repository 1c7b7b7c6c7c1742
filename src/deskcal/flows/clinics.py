"""Clinics and what they are made of: made, listed, given hours."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import Clinic, Location, Opening, Provider, Room, Service
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.rota import open_spans
from deskcal.core.span import Span
from deskcal.core.words import search_words, slug
from deskcal.flows.asking import Asking
from deskcal.store import appointments, catalog, clinics
from deskcal.store.database import Database, ReadTx, WriteTx

HOURS_LOOK_AHEAD = timedelta(days=400)


async def create(
    database: Database, asking: Asking[Clinic], *, name: str, timezone: str, wanted_slug: str | None
) -> Clinic:
    """Make a clinic. Raises Invalid for an unknown zone or a slug that is taken."""
    find_zone(timezone)
    made = Clinic(
        id=uuid.uuid7(), slug=wanted_slug or slug(name) or "clinic", name=name.strip(), timezone=timezone
    )

    async def work(tx: WriteTx) -> Clinic:
        if not await clinics.add(tx, made):
            raise Invalid(("slug", f"{made.slug} is taken by another clinic; choose another with --slug"))
        tx.say(asking.event("clinic.created", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(database: Database, actor: Actor, *, installation: bool) -> list[Clinic]:
    """List the actor's clinic, or all of the installation."""
    async with database.read(actor.clinic_id, installation=installation) as tx:
        return await clinics.every(tx)


async def add_location(
    database: Database, asking: Asking[Location], *, name: str, timezone: str | None
) -> Location:
    if timezone is not None:
        find_zone(timezone)
    made = Location(id=uuid.uuid7(), name=name.strip(), timezone=timezone)

    async def work(tx: WriteTx) -> Location:
        await clinics.add_location(tx, made)
        tx.say(asking.event("location.added", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def add_room(database: Database, asking: Asking[Room], room: Room) -> Room:
    made = replace(room, id=uuid.uuid7(), name=room.name.strip())

    async def work(tx: WriteTx) -> Room:
        await _insist_location(tx, made.location_id)
        await clinics.add_room(tx, made)
        tx.say(asking.event("room.added", made.id, locationId=made.location_id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def add_service(database: Database, asking: Asking[Service], service: Service) -> Service:
    made = replace(service, id=uuid.uuid7(), title=service.title.strip())

    async def work(tx: WriteTx) -> Service:
        await catalog.add_service(tx, made)
        tx.say(asking.event("service.added", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def add_provider(database: Database, asking: Asking[Provider], provider: Provider) -> Provider:
    """Add a provider without hours. The zone is the location's or the clinic's, whatever was given."""
    made = replace(provider, id=uuid.uuid7(), name=provider.name.strip())

    async def work(tx: WriteTx) -> Provider:
        await _insist_location(tx, made.location_id)
        known = {service.id for service in await catalog.services(tx)}
        if not known.issuperset(made.prices):
            raise Invalid(("serviceIds", "there is no such service"))
        await catalog.add_provider(tx, made)
        tx.say(asking.event("provider.added", made.id, locationId=made.location_id))
        return await _provider(tx, made.id)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def set_hours(
    database: Database,
    asking: Asking[tuple[Provider, list[Appointment]]],
    provider_id: UUID,
    openings: Sequence[Opening],
    *,
    first: date | None,
    last: date | None,
) -> tuple[Provider, list[Appointment]]:
    """Replace a provider's hours on those dates; also gives the coming appointments that fall outside now."""
    if first and last and last < first:
        raise Invalid(("validUntil", "the last date is before the first"))

    async def work(tx: WriteTx) -> tuple[Provider, list[Appointment]]:
        await _provider(tx, provider_id)
        await catalog.set_hours(tx, provider_id, openings, first=first, last=last)
        provider = await _provider(tx, provider_id)
        tx.say(asking.event("provider.hours_set", provider_id))
        ahead = Span(start=asking.now, end=asking.now + HOURS_LOOK_AHEAD)
        standing = [status for status in Status if status not in {Status.CANCELED, Status.NO_SHOW}]
        coming = await appointments.within(
            tx, ahead, provider_id=provider_id, statuses=standing, limit=10_000
        )
        return provider, [made for made in coming if _outside(provider, made)]

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def search_providers(
    database: Database,
    actor: Actor,
    *,
    query: str | None,
    specialty: str | None,
    service_id: UUID | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Provider]:
    """Find providers by name, whatever the accents and capitals."""
    async with database.read(actor.clinic_id) as tx:
        return await catalog.search_providers(
            tx,
            words=search_words(query or ""),
            specialty=specialty,
            service_id=service_id,
            after=after,
            limit=limit,
        )


def _outside(provider: Provider, made: Appointment) -> bool:
    day = made.span.start.astimezone(provider.zone).date()
    around = [day - timedelta(days=1), day, day + timedelta(days=1)]
    minutes = made.span.minutes
    covered = sum(
        Span(start=max(span.start, made.span.start), end=min(span.end, made.span.end)).minutes
        for one in around
        for span in open_spans(provider.openings, one, provider.zone)
        if span.overlaps(made.span)
    )
    return covered < minutes


async def _provider(tx: ReadTx, provider_id: UUID) -> Provider:
    found = await catalog.provider(tx, provider_id)
    if found is None:
        raise NotFound("There is no such provider.")
    return found


async def _insist_location(tx: ReadTx, location_id: UUID | None) -> None:
    if location_id is not None and not await clinics.has_location(tx, location_id):
        raise Invalid(("locationId", "there is no such location"))


async def locations(database: Database, actor: Actor) -> list[Location]:
    async with database.read(actor.clinic_id) as tx:
        return await clinics.locations(tx)


async def rooms(database: Database, actor: Actor) -> list[Room]:
    async with database.read(actor.clinic_id) as tx:
        return await clinics.rooms(tx)


async def services(database: Database, actor: Actor) -> list[Service]:
    async with database.read(actor.clinic_id) as tx:
        return await catalog.services(tx)


async def provider(database: Database, actor: Actor, provider_id: UUID) -> Provider:
    """Look a provider up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return await _provider(tx, provider_id)


async def offered(database: Database, actor: Actor, provider_id: UUID) -> tuple[Provider, list[Service]]:
    """List what a provider offers, in the order it was added."""
    async with database.read(actor.clinic_id) as tx:
        found = await _provider(tx, provider_id)
        known = {service.id: service for service in await catalog.services(tx)}
    return found, [known[id_] for id_ in found.prices if id_ in known]
