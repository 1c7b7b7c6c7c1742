"""What a clinic is made of: locations, providers, rooms, services and patients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo


class Modality(StrEnum):
    """Where a service takes place."""

    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """A tenant. Its zone holds wherever a location names none."""

    id: UUID
    slug: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place of a clinic, perhaps in a zone of its own."""

    id: UUID
    name: str
    timezone: str | None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room; `type` is matched against what a service asks for."""

    id: UUID
    name: str
    type: str
    location_id: UUID | None
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
    prices: Mapping[UUID, int | None] = field(default_factory=lambda: MappingProxyType({}))
    """The services offered, in the order they were added, each with an own price in cents or None."""
    version: int = 1

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the provider's hours are read in."""
        return ZoneInfo(self.timezone)

    def may_use(self, room: Room) -> bool:
        """Tell whether a room is where the provider works; one of no location fits anywhere."""
        return room.location_id is None or self.location_id in {None, room.location_id}

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
