"""Providers, what they offer and when they work, written: the catalogue reads them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.clinic import Opening, Provider
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
    """Write a provider and what they offer; hours come by `set_hours`."""
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


async def set_hours(
    tx: WriteTx, provider_id: UUID, openings: Sequence[Opening], *, first: date | None, last: date | None
) -> None:
    """Replace the hours of a provider on the dates from `first` to `last`, both inclusive, or for good.

    Hours that reach beyond the dates are kept there: cut, or split in two.
    """
    await tx.run(
        "with cut as (delete from weekly_hours where clinic_id = %(clinic_id)s and provider_id = %(id)s"
        " and daterange(valid_from, valid_until, '[]') && daterange(%(first)s, %(last)s, '[]') returning *)"
        " insert into weekly_hours"
        " select clinic_id, provider_id, weekday, opens, closes, valid_from, %(first)s::date - 1 from cut"
        "  where %(first)s::date is not null and (valid_from is null or valid_from < %(first)s::date)"
        " union all"
        " select clinic_id, provider_id, weekday, opens, closes, %(last)s::date + 1, valid_until from cut"
        "  where %(last)s::date is not null and (valid_until is null or valid_until > %(last)s::date)",
        id=provider_id,
        first=first,
        last=last,
    )
    await tx.run(
        "insert into weekly_hours"
        " select %(clinic_id)s, %(id)s, h.weekday, h.opens, h.closes, %(first)s::date, %(last)s::date"
        " from unnest(%(days)s::smallint[], %(opens)s::smallint[], %(closes)s::smallint[])"
        " h(weekday, opens, closes)",
        id=provider_id,
        first=first,
        last=last,
        days=[opening.weekday for opening in openings],
        opens=[opening.opens for opening in openings],
        closes=[opening.closes for opening in openings],
    )
    await tx.run(
        "update providers set version = version + 1 where clinic_id = %(clinic_id)s and id = %(id)s",
        id=provider_id,
    )


async def offer_also(tx: WriteTx, offers: Sequence[tuple[UUID, UUID]]) -> None:
    """Add services, the second of each pair, behind what providers offer already."""
    await tx.run(
        "insert into provider_services (clinic_id, provider_id, service_id, position)"
        " select %(clinic_id)s, o.provider_id, o.service_id, 1 + (select count(*) from provider_services s"
        "   where s.clinic_id = %(clinic_id)s and s.provider_id = o.provider_id)"
        " from unnest(%(providers)s::uuid[], %(services)s::uuid[]) o(provider_id, service_id)",
        providers=[provider_id for provider_id, _ in offers],
        services=[service_id for _, service_id in offers],
    )


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
