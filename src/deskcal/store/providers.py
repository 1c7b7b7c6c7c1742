"""Providers and what they offer, written: the catalogue reads them."""

from typing import Any

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.clinic import Provider
from deskcal.core.words import folded
from deskcal.store.database import WriteTx


def _params(provider: Provider) -> dict[str, Any]:
    return {
        "id": provider.id,
        "name": provider.name,
        "specialty": provider.specialty,
        "search": folded(f"{provider.name} {provider.specialty or ''}"),
        "rating": provider.rating,
        "thumbnail_url": provider.thumbnail_url,
        "location_id": provider.location_id,
        "is_available": provider.is_available,
        "is_approved": provider.is_approved,
        "daily_maximum": provider.daily_maximum,
        "preferences": Jsonb(provider.preferences, msgspec.json.encode),
    }


async def add(tx: WriteTx, made: Provider) -> None:
    """Write a provider and what they offer; hours come by `catalog.set_hours`."""
    await tx.run(
        "insert into providers (clinic_id, id, name, specialty, search, rating, thumbnail_url, location_id,"
        " is_available, is_approved, daily_maximum, preferences) values (%(clinic_id)s, %(id)s, %(name)s,"
        " %(specialty)s, %(search)s, %(rating)s, %(thumbnail_url)s, %(location_id)s, %(is_available)s,"
        " %(is_approved)s, %(daily_maximum)s, %(preferences)s)",
        **_params(made),
    )
    await _offer(tx, made)


async def change(tx: WriteTx, changed: Provider, *, version: int) -> bool:
    """Write a provider as they are now, but for their hours; False when another change came first."""
    count = await tx.run(
        "update providers set name = %(name)s, specialty = %(specialty)s, search = %(search)s,"
        " rating = %(rating)s, thumbnail_url = %(thumbnail_url)s, location_id = %(location_id)s,"
        " is_available = %(is_available)s, is_approved = %(is_approved)s, daily_maximum = %(daily_maximum)s,"
        " preferences = %(preferences)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        **_params(changed),
        version=version,
    )
    if count:
        await _offer(tx, changed)
    return count == 1


async def _offer(tx: WriteTx, provider: Provider) -> None:
    """Replace what a provider offers, in the order of `prices`."""
    await tx.run(
        "delete from provider_services where clinic_id = %(clinic_id)s and provider_id = %(id)s",
        id=provider.id,
    )
    await tx.run(
        "insert into provider_services (clinic_id, provider_id, service_id, price_cents, position)"
        " select %(clinic_id)s, %(id)s, s.id, s.price, s.position"
        " from unnest(%(services)s::uuid[], %(prices)s::int[]) with ordinality s(id, price, position)",
        id=provider.id,
        services=list(provider.prices),
        prices=list(provider.prices.values()),
    )
