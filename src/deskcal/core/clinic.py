"""What a clinic is made of: locations, providers, rooms, equipment, services and patients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.rule import Rule
from deskcal.core.window import Window


class Modality(StrEnum):
    """Where a service takes place."""

    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A tenant. Its zone holds wherever a location names none.

    A day of which `limited_percent` of the slots or less are free is shown as limited.
    """

    id: UUID
    slug: str
    name: str
    timezone: str
    limited_percent: int = 20
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place of a clinic, perhaps in a zone of its own."""

    id: UUID
    name: str
    timezone: str | None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """Whole local days, first to last, on which a location is closed, or the clinic where it names none."""

    id: UUID
    first: date
    last: date
    reason: str
    location_id: UUID | None = None
    source: Literal["manual", "holiday"] = "manual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room; `type`, `features` and `capacity` are matched against what a service asks for.

    `capacity` is how many patients fit in, None if nobody counts. `timezone` is resolved as a provider's is.
    """

    id: UUID
    name: str
    type: str
    location_id: UUID | None
    features: frozenset[str] = frozenset()
    capacity: int | None = None
    timezone: str = "UTC"
    windows: tuple[Window, ...] = ()
    closures: tuple[Closure, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One piece of a pool, numbered from 1; a resource of its own, with downtime of its own."""

    id: UUID
    number: int
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """A pool of equal units; its windows and closures hold for all of them."""

    id: UUID
    name: str
    type: str
    location_id: UUID | None
    units: tuple[Unit, ...]
    timezone: str = "UTC"
    windows: tuple[Window, ...] = ()
    closures: tuple[Closure, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationPolicy:
    """Free until so many hours before the start; fees in cents of the service's currency."""

    free_until_hours: int = 24
    fee_cents: int = 0
    no_show_fee_cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something to book. Times in minutes, money in cents."""

    id: UUID
    title: str
    duration_minutes: int
    slot_step_minutes: int
    description: str | None = None
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    capacity: int = 1
    price_cents: int = 0
    currency: str = "USD"
    modality: Modality = Modality.IN_PERSON
    room_type: str | None = None
    room_features: frozenset[str] = frozenset()
    equipment_type: str | None = None
    equipment_units: int = 1
    rules: tuple[Rule, ...] = ()
    """Highest priority first."""
    policy: CancellationPolicy = field(default_factory=CancellationPolicy)
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One opening of a week, in minutes of the local wall clock: 09:00 is 540, midnight at the end is 1440.

    It holds on local dates from `valid_from` up to and including `valid_until`, where given.
    """

    weekday: int  # Monday is 0
    opens: int
    closes: int
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """What a provider likes: rooms, best first, and times of day in minutes of the wall clock, `[from, to)`.

    It holds for one service, or for all where it names none; `weight` is 0 (no matter) to 100.
    """

    service_id: UUID | None = None
    room_ids: tuple[UUID, ...] = ()
    times: tuple[tuple[int, int], ...] = ()
    weight: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Somebody or something with an own schedule; `timezone` is already resolved from location or clinic."""

    id: UUID
    name: str
    timezone: str
    specialty: str | None = None
    rating: float | None = None
    thumbnail_url: str | None = None
    location_id: UUID | None = None
    is_available: bool = True
    is_approved: bool = True
    openings: tuple[Opening, ...] = ()
    windows: tuple[Window, ...] = ()
    closures: tuple[Closure, ...] = ()
    daily_maximum: int | None = None
    preferences: tuple[Preference, ...] = ()
    prices: Mapping[UUID, int | None] = field(default_factory=lambda: MappingProxyType({}))
    """The services offered, in the order they were added, each with an own price in cents or None."""
    version: int = 1

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the provider's hours are read in."""
        return ZoneInfo(self.timezone)

    def may_use(self, thing: Room | Equipment) -> bool:
        """Tell whether a thing is where the provider works; one of no location fits anywhere."""
        return thing.location_id is None or self.location_id in {None, thing.location_id}

    def preference(self, service_id: UUID) -> Preference | None:
        """Give what is liked for a service: what names it, else what holds for all."""
        fitting = [liked for liked in self.preferences if liked.service_id in {None, service_id}]
        return max(fitting, key=lambda liked: liked.service_id is not None, default=None)

    def price_of(self, service: Service) -> int:
        """Give the price in cents: the provider's own, else the service's."""
        own = self.prices.get(service.id)
        return service.price_cents if own is None else own


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Somebody who is booked. Personal: never goes into a log, an event or a metric."""

    id: UUID
    name: str
    date_of_birth: date | None
    phone: str | None = None
    email: str | None = None
    created_at: datetime | None = None
    version: int = 1
