"""The catalogue: providers with their hours, services with their prices, and all that they need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.clinic import (
    CancellationPolicy,
    Clinic,
    Closure,
    Equipment,
    Modality,
    Opening,
    Preference,
    Provider,
    Room,
    Service,
)
from deskcal.core.refusals import NotFound
from deskcal.core.span import Span
from deskcal.core.starts import Sight
from deskcal.core.survey import Survey
from deskcal.store import clinics, resources, schedule_windows, service_rules
from deskcal.store.database import ReadTx

WINDOWS_BACK = timedelta(days=62)
MOST_KEPT = 20_000

PROVIDERS: LiteralString = """
select p.id, p.name, coalesce(l.timezone, c.timezone), p.specialty, p.rating, p.thumbnail_url, p.location_id,
  p.is_available, p.is_approved, p.version,
  (select jsonb_agg(jsonb_build_array(s.service_id, s.price_cents) order by s.position)
   from provider_services s
   where s.clinic_id = p.clinic_id and s.provider_id = p.id),
  (select jsonb_agg(jsonb_build_array(h.weekday, h.opens, h.closes, h.valid_from, h.valid_until)
     order by h.weekday, h.opens, h.valid_from) from weekly_hours h
   where h.clinic_id = p.clinic_id and h.provider_id = p.id), p.daily_maximum, p.preferences
from providers p join clinics c on c.clinic_id = p.clinic_id
left join locations l on l.clinic_id = p.clinic_id and l.id = p.location_id
where p.clinic_id = %(clinic_id)s and p.retired_at is null
"""

SERVICES: LiteralString = """
select id, title, duration_minutes, slot_step_minutes, description, buffer_before_minutes,
  buffer_after_minutes, capacity, price_cents, currency, modality, room_type, free_until_hours, fee_cents,
  no_show_fee_cents, version, room_features, equipment_type, equipment_units
from services where clinic_id = %(clinic_id)s and retired_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What a clinic's availability is judged by, but for what is taken; by id, in order of name.

    `memo` keeps what follows from it alone.
    """

    version: int
    clinic: Clinic
    providers: Mapping[UUID, Provider]
    services: Mapping[UUID, Service]
    rooms: tuple[Room, ...]
    equipment: tuple[Equipment, ...]
    memo: dict[Any, Any] = field(default_factory=dict)

    def survey(self, service: Service, window: Span, sight: Sight, now: datetime) -> Survey:
        """Look at a stretch of time for one service."""
        if len(self.memo) > MOST_KEPT:
            self.memo.clear()
        return Survey(
            service=service,
            rooms=self.rooms,
            equipment=self.equipment,
            window=window,
            sight=sight,
            now=now,
            memo=self.memo,
        )

    def zone_at(self, location_id: UUID | None) -> ZoneInfo:
        """Give the zone of a location, as those who work there have it; else the clinic's."""
        things: Sequence[Provider | Room] = (*self.providers.values(), *self.rooms) if location_id else ()
        there = (thing.timezone for thing in things if thing.location_id == location_id)
        return ZoneInfo(next(there, self.clinic.timezone))

    def provider(self, provider_id: UUID) -> Provider:
        """Give a provider. Raises NotFound."""
        found = self.providers.get(provider_id)
        if found is None:
            raise NotFound("There is no such provider.")
        return found

    def service(self, service_id: UUID) -> Service:
        """Give a service. Raises NotFound."""
        found = self.services.get(service_id)
        if found is None:
            raise NotFound("There is no such service.")
        return found


def _provider(row: tuple[Any, ...]) -> Provider:
    return Provider(
        id=row[0],
        name=row[1],
        timezone=row[2],
        specialty=row[3],
        rating=row[4],
        thumbnail_url=row[5],
        location_id=row[6],
        is_available=row[7],
        is_approved=row[8],
        version=row[9],
        prices=MappingProxyType({UUID(id_): cents for id_, cents in row[10] or ()}),
        openings=tuple(
            Opening(weekday=day, opens=opens, closes=closes, valid_from=_date(first), valid_until=_date(last))
            for day, opens, closes, first, last in row[11] or ()
        ),
        daily_maximum=row[12],
        preferences=tuple(_preference(one) for one in row[13]),
    )


def _preference(stored: Mapping[str, Any]) -> Preference:
    return Preference(
        service_id=_uuid(stored.get("service_id")),
        room_ids=tuple(UUID(text) for text in stored.get("room_ids", ())),
        times=tuple((opens, closes) for opens, closes in stored.get("times", ())),
        weight=stored.get("weight", 50),
    )


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _service(row: tuple[Any, ...]) -> Service:
    return Service(
        id=row[0],
        title=row[1],
        duration_minutes=row[2],
        slot_step_minutes=row[3],
        description=row[4],
        buffer_before_minutes=row[5],
        buffer_after_minutes=row[6],
        capacity=row[7],
        price_cents=row[8],
        currency=row[9],
        modality=Modality(row[10]),
        room_type=row[11],
        policy=CancellationPolicy(free_until_hours=row[12], fee_cents=row[13], no_show_fee_cents=row[14]),
        version=row[15],
        room_features=frozenset(row[16]),
        equipment_type=row[17],
        equipment_units=row[18],
    )


async def provider(tx: ReadTx, provider_id: UUID) -> Provider | None:
    row = await tx.row(PROVIDERS + " and p.id = %(id)s", id=provider_id)
    return _provider(row) if row else None


async def providers(tx: ReadTx) -> list[Provider]:
    """List all providers of the clinic by name."""
    return [_provider(row) for row in await tx.rows(PROVIDERS + " order by p.name, p.id")]


async def search_providers(
    tx: ReadTx,
    *,
    words: Sequence[str],
    specialty: str | None,
    service_id: UUID | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Provider]:
    """Find providers by parts of name or specialty, by name; `after` is the last one already seen."""
    rows = await tx.rows(
        PROVIDERS
        + " and p.search like all(%(patterns)s)"
        + " and (%(specialty)s::text is null or lower(p.specialty) = lower(%(specialty)s))"
        + " and (%(service_id)s::uuid is null or exists (select from provider_services s"
        + "   where s.clinic_id = p.clinic_id and s.provider_id = p.id and s.service_id = %(service_id)s))"
        + " and (%(name)s::text is null or (p.name, p.id) > (%(name)s, %(after)s::uuid))"
        + " order by p.name, p.id limit %(limit)s",
        patterns=[f"%{word}%" for word in words],
        specialty=specialty,
        service_id=service_id,
        name=after[0] if after else None,
        after=after[1] if after else None,
        limit=limit,
    )
    return [_provider(row) for row in rows]


async def service(tx: ReadTx, service_id: UUID) -> Service | None:
    row = await tx.row(SERVICES + " and id = %(id)s", id=service_id)
    return _service(row) if row else None


async def services(tx: ReadTx) -> list[Service]:
    return [_service(row) for row in await tx.rows(SERVICES + " order by title, id")]


async def version(tx: ReadTx) -> int:
    """Give the number that grows with every change of the catalogue. Raises NotFound without a clinic."""
    row = await tx.row("select catalog_version from clinics where clinic_id = %(clinic_id)s")
    if row is None:
        raise NotFound("There is no such clinic.")
    return int(row[0])


async def catalog(tx: ReadTx) -> Catalog:
    """Read the whole catalogue. Raises NotFound when there is no such clinic."""
    # The number comes first: what changes while the rest is read makes it be read again.
    known = await version(tx)
    clinic = await clinics.own(tx)
    if clinic is None:
        raise NotFound("There is no such clinic.")
    windows = await schedule_windows.every(tx, since=(datetime.now(UTC) - WINDOWS_BACK).date())
    closures = await schedule_windows.closures(tx)
    rules = await service_rules.every(tx)

    def closed(location_id: UUID | None) -> tuple[Closure, ...]:
        return tuple(one for one in closures if one.location_id in {None, location_id})

    return Catalog(
        version=known,
        clinic=clinic,
        providers={
            one.id: replace(one, windows=windows.get(one.id, ()), closures=closed(one.location_id))
            for one in await providers(tx)
        },
        services={one.id: replace(one, rules=rules.get(one.id, ())) for one in await services(tx)},
        rooms=tuple(
            replace(one, windows=windows.get(one.id, ()), closures=closed(one.location_id))
            for one in await clinics.rooms(tx)
        ),
        equipment=tuple(
            replace(
                pool,
                windows=windows.get(pool.id, ()),
                closures=closed(pool.location_id),
                units=tuple(replace(unit, windows=windows.get(unit.id, ())) for unit in pool.units),
            )
            for pool in await resources.equipment(tx)
        ),
    )
