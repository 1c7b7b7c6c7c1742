"""The providers, services and locations that rows of an import name: what is there, and what rows bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.clinic import Location, Opening, Provider, Service
from deskcal.core.importing import Creatable, Terms, not_there
from deskcal.core.refusals import Invalid
from deskcal.core.words import folded
from deskcal.flows.asking import Asking
from deskcal.store import clinics, imports, providers, services
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.imports import Made

WEEK = range(7)


@dataclass(slots=True, kw_only=True)
class Places:
    """What the clinic has by name, with what rows may have made: nothing is written before `write`."""

    terms: Terms
    timezone: str
    locations: dict[str, Location]
    services: dict[str, Service]
    providers: dict[str, list[Provider]]
    by_id: dict[UUID, Provider]
    by_external_id: dict[str, UUID]
    made_before: frozenset[UUID]
    _new: dict[UUID, Location | Service | Provider] = field(default_factory=dict)
    _offers: set[tuple[UUID, UUID]] = field(default_factory=set)

    @classmethod
    async def open(
        cls, tx: ReadTx, known: Catalog, terms: Terms, import_id: UUID | None, names: Iterable[str]
    ) -> "Places":
        """Look at all that the clinic has; `names` may be what another system calls providers."""
        named: dict[str, list[Provider]] = {}
        for one in known.providers.values():
            named.setdefault(folded(one.name), []).append(one)
        before = await imports.made_by(tx, import_id, kind="provider") if import_id else []
        called = await imports.ids_of(tx, "provider", list(names))
        return cls(
            terms=terms,
            timezone=known.clinic.timezone,
            locations={folded(one.name): one for one in await clinics.locations(tx)},
            services={folded(one.title): one for one in known.services.values()},
            providers=named,
            by_id=dict(known.providers),
            by_external_id={name: id_ for name, id_ in called.items() if id_ in known.providers},
            made_before=frozenset(one.id for one in before),
        )

    def location(self, name: str) -> Location:
        """Find a location, or have it made. Raises Invalid."""
        found = self.locations.get(folded(name))
        if found is None:
            self._insist(Creatable.LOCATIONS, "location", name, [one.name for one in self.locations.values()])
            found = Location(id=uuid.uuid7(), name=name, timezone=None)
            self.locations[folded(name)] = self._new[found.id] = found
        return found

    def service(self, name: str, *, minutes: int, field: str = "service") -> Service:
        """Find a service, or have one made that lasts so long. Raises Invalid, naming the field."""
        found = self.services.get(folded(name))
        if found is None:
            self._insist(Creatable.SERVICES, field, name, [one.title for one in self.services.values()])
            found = Service(id=uuid.uuid7(), title=name, duration_minutes=minutes, slot_step_minutes=minutes)
            self.services[folded(name)] = self._new[found.id] = found
        return found

    def provider(self, name: str, location: Location | None, service: Service) -> Provider:
        """Find a provider by name or by what another system calls them, or have one made. Raises Invalid.

        One of several of a name is who works at the location. Who is made by this import offers all that its
        rows ask of them.
        """
        here = location.id if location else None
        own = self.by_external_id.get(name)
        found = [self.by_id[own]] if own in self.by_id else self.providers.get(folded(name), [])
        if len(found) > 1:
            found = [one for one in found if one.location_id == here]
        if len(found) > 1:
            raise Invalid(("provider", f"there are several of the name {name}; give their location too"))
        if not found:
            known = [one.name for several in self.providers.values() for one in several]
            self._insist(Creatable.PROVIDERS, "provider", name, known)
            return self.add(name, location, services=[service])
        [one] = found
        if service.id not in one.prices and (one.id in self._new or one.id in self.made_before):
            one = self._put(
                replace(one, prices=MappingProxyType({**one.prices, service.id: None})), instead_of=one
            )
            self._offers.add((one.id, service.id))
        return one

    def next_of(self, provider: Provider, number: int) -> Provider:
        """Give the second of a provider's name, the third, or have them made as the first one is."""
        name = f"{provider.name} {number}"
        there = [
            one for one in self.providers.get(folded(name), ()) if one.location_id == provider.location_id
        ]
        if there:
            return there[0]
        return self._made(replace(provider, id=uuid.uuid7(), name=name, windows=(), version=1))

    def add(
        self,
        name: str,
        location: Location | None,
        *,
        services: Iterable[Service] = (),
        openings: tuple[Opening, ...] = (),
        specialty: str | None = None,
    ) -> Provider:
        """Have a provider made, open at the times that appointments are spread over unless told when."""
        spread = self.terms.spread
        daily = [Opening(weekday=day, opens=spread[0], closes=spread[1]) for day in WEEK] if spread else []
        return self._made(
            Provider(
                id=uuid.uuid7(),
                name=name,
                timezone=(location and location.timezone) or self.timezone,
                location_id=location.id if location else None,
                specialty=specialty,
                openings=openings or tuple(daily),
                prices=MappingProxyType(dict.fromkeys(one.id for one in services)),
            )
        )

    async def write(
        self, tx: WriteTx, asking: Asking[Any], wanted: Iterable[UUID], external_ids: Mapping[str, UUID]
    ) -> list[Made]:
        """Write what was added and is wanted, a provider with their location and services."""
        whole: dict[UUID, None] = {}
        for id_ in wanted:
            one = self._new.get(id_)
            if isinstance(one, Provider):
                whole |= dict.fromkeys((*filter(None, [one.location_id]), *one.prices))
            whole[id_] = None
        new = [one for id_ in whole if (one := self._new.pop(id_, None)) is not None]
        made = [await _write(tx, asking, one) for one in new]
        await imports.know(tx, "provider", external_ids)
        # A provider who is written now has all that they offer; what is not written yet cannot be offered.
        ready = {offer for offer in self._offers if not self._new.keys() & set(offer)}
        written = {one.id for one in made}
        await providers.offer_also(tx, [offer for offer in ready if offer[0] not in written])
        self._offers -= ready
        return made

    def _made(self, provider: Provider) -> Provider:
        self._new[provider.id] = self.by_id[provider.id] = provider
        self.providers.setdefault(folded(provider.name), []).append(provider)
        return provider

    def _put(self, provider: Provider, *, instead_of: Provider) -> Provider:
        named = self.providers[folded(provider.name)]
        named[named.index(instead_of)] = self.by_id[provider.id] = provider
        if provider.id in self._new:
            self._new[provider.id] = provider
        return provider

    def _insist(self, kind: Creatable, field: str, name: str, known: Iterable[str]) -> None:
        if kind not in self.terms.create:
            there = not_there(f"there is no {kind.value.removesuffix('s')}", name, known)
            raise Invalid((field, f"{there}. To have it made: --create {kind}"))


async def _write(tx: WriteTx, asking: Asking[Any], one: Location | Service | Provider) -> Made:
    match one:
        case Location():
            await clinics.add_location(tx, one)
            tx.say(asking.event("location.added", one.id))
            return Made(kind="location", id=one.id)
        case Service():
            await services.add(tx, one)
            tx.say(asking.event("service.added", one.id))
            return Made(kind="service", id=one.id)
    await providers.add(tx, one)
    tx.say(asking.event("provider.added", one.id, locationId=one.location_id))
    if one.openings:
        await providers.set_hours(tx, one.id, one.openings, first=None, last=None)
        tx.say(asking.event("provider.hours_set", one.id))
    return Made(kind="provider", id=one.id, version=2 if one.openings else 1)
