"""Providers: added, changed, given hours, found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.core.clash import covered
from deskcal.core.clinic import Opening, Preference, Provider, Service
from deskcal.core.refusals import Invalid
from deskcal.core.span import Span
from deskcal.core.words import search_words
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.flows.resources import insist_location
from deskcal.flows.windows import LOOK_AHEAD, hours_of, resource_of
from deskcal.store import appointments, catalog, clinics, providers
from deskcal.store.database import Database, ReadTx, WriteTx


async def add(database: Database, asking: Asking[Provider], provider: Provider) -> Provider:
    """Add a provider without hours. The zone is the location's or the clinic's, whatever was given."""
    made = replace(provider, id=uuid.uuid7(), name=provider.name.strip())

    async def work(tx: WriteTx) -> Provider:
        await insist_location(tx, made.location_id)
        await _insist_services(tx, made.prices)
        await _insist_liked(tx, made.preferences)
        await providers.add(tx, made)
        tx.say(asking.event("provider.added", made.id, locationId=made.location_id))
        return known(await catalog.provider(tx, made.id), "provider")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def change(
    database: Database,
    asking: Asking[Provider],
    provider_id: UUID,
    changes: Mapping[str, Any],
    *,
    offers: Sequence[UUID] | None,
    prices: Mapping[UUID, int | None],
    version: int | None,
) -> Provider:
    """Change some fields; `offers` replaces the services, `prices` only those of the services it names.

    Appointments stay as they were booked.
    """

    async def work(tx: WriteTx) -> Provider:
        found = known(await catalog.provider(tx, provider_id), "provider")
        await insist_location(tx, changes.get("location_id"))
        await _insist_liked(tx, changes.get("preferences", ()))
        after = _prices(found, offers, prices)
        await _insist_services(tx, after.keys() - found.prices.keys())
        fields = {**changes, "prices": after}
        await edited(tx, found, fields, kind="provider", version=version, write=providers.change)
        tx.say(asking.event("provider.changed", provider_id, fields=sorted(fields)))
        return known(await catalog.provider(tx, provider_id), "provider")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def set_hours(
    database: Database,
    asking: Asking[tuple[Provider, list[Appointment]]],
    provider_id: UUID,
    openings: Sequence[Opening],
    *,
    first: date | None,
    last: date | None,
    dry_run: bool = False,
) -> tuple[Provider, list[Appointment]]:
    """Replace a provider's hours on those dates; also gives the coming appointments that fall outside now.

    A dry run only says what would come of it.
    """
    if first and last and last < first:
        raise Invalid(("validUntil", "the last date is before the first"))

    async def work(tx: WriteTx) -> tuple[Provider, list[Appointment]]:
        known(await catalog.provider(tx, provider_id), "provider")
        await providers.set_hours(tx, provider_id, openings, first=first, last=last)
        tx.say(asking.event("provider.hours_set", provider_id))
        provider = known(await catalog.provider(tx, provider_id), "provider")
        hours = await hours_of(tx, await resource_of(tx, "provider", provider_id))
        ahead = Span(start=asking.now, end=asking.now + LOOK_AHEAD)
        coming = await appointments.taking_any(tx, ahead, resource_ids=[provider_id])
        if dry_run:
            await tx.restart()
        return provider, [made for made in coming if not covered(hours, made.span)]

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def search(
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


async def find(database: Database, actor: Actor, provider_id: UUID) -> Provider:
    """Look a provider up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await catalog.provider(tx, provider_id), "provider")


async def offered(database: Database, actor: Actor, provider_id: UUID) -> tuple[Provider, list[Service]]:
    """List what a provider offers, in the order it was added."""
    async with database.read(actor.clinic_id) as tx:
        found = known(await catalog.provider(tx, provider_id), "provider")
        services = {service.id: service for service in await catalog.services(tx)}
    return found, [services[id_] for id_ in found.prices if id_ in services]


def _prices(
    provider: Provider, offers: Sequence[UUID] | None, prices: Mapping[UUID, int | None]
) -> Mapping[UUID, int | None]:
    """Give what is offered from now on; what was offered before keeps its price unless another is given."""
    after = dict.fromkeys(provider.prices if offers is None else offers)
    if not prices.keys() <= after.keys():
        raise Invalid(("prices", "the provider does not offer this service; name it in serviceIds too"))
    return MappingProxyType({id_: {**provider.prices, **prices}.get(id_) for id_ in after})


async def _insist_services(tx: ReadTx, ids: Iterable[UUID]) -> None:
    if set(ids) - {service.id for service in await catalog.services(tx)}:
        raise Invalid(("serviceIds", "there is no such service"))


async def _insist_liked(tx: ReadTx, preferences: Sequence[Preference]) -> None:
    rooms = {room_id for liked in preferences for room_id in liked.room_ids}
    if rooms and rooms - {room.id for room in await clinics.rooms(tx)}:
        raise Invalid(("preferences", "there is no such room"))
    services = {liked.service_id for liked in preferences if liked.service_id}
    if services and services - {service.id for service in await catalog.services(tx)}:
        raise Invalid(("preferences", "there is no such service"))
