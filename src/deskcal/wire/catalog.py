"""Clinics, services, providers and schedules on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from deskcal.wire.shape import Request, Shape

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Feature = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^\S+( \S+)*$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Units = Annotated[int, Meta(ge=1, le=100)]
Duration = Annotated[int, Meta(ge=1, le=1440)]
Seats = Annotated[int, Meta(ge=1, le=500)]
Rating = Annotated[float, Meta(ge=0, le=5)]
DailyMaximum = Annotated[int, Meta(ge=1, le=1000)]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
Cents = Annotated[int, Meta(ge=0, le=100_000_000)]


class Clinic(Shape, kw_only=True):
    """A tenant; `timezone` is an IANA name.

    A day is shown as limited when this percentage of its slots, or less, is free.
    """

    id: UUID
    slug: str
    name: str
    timezone: str
    limited_percent: int
    version: int


class ClinicChange(Request, kw_only=True):
    """What changes of a clinic; what is missing stays.

    In another zone hours and windows are read on the wall clock there; appointments stay at their moment.
    """

    name: Name | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    limited_percent: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET
    idempotency_key: str | None = None


class NewClinic(Request, kw_only=True):
    """What `ops` says to make a clinic; without a slug the name gives one."""

    name: Name
    timezone: str
    slug: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,62}$")] | None = None
    idempotency_key: str | None = None


class CancellationPolicy(Shape, kw_only=True):
    """Free until so many hours before the start; fees in cents."""

    free_until_hours: int = 24
    fee_cents: int = 0
    no_show_fee_cents: int = 0


class Service(Shape, kw_only=True):
    """A service; with `provider_id` the price is that provider's.

    It needs a room of `room_type` with all `room_features`, and `equipment_units` of `equipment_type`.
    """

    id: UUID
    provider_id: UUID | None
    title: str
    description: str | None
    price_cents: int
    currency: str
    duration_minutes: int
    buffer_before_minutes: int
    buffer_after_minutes: int
    slot_step_minutes: int
    capacity: int
    modality: Literal["in_person", "telehealth"]
    requires_room: bool
    room_type: str | None
    requires_equipment: bool
    cancellation_policy: CancellationPolicy
    version: int
    room_features: list[str] = msgspec.field(default_factory=list)
    equipment_type: str | None = None
    equipment_units: int = 1


class NewService(Request, kw_only=True):
    """A service to add; the step between slots is the duration unless given."""

    title: Name
    duration_minutes: Duration
    description: str | None = None
    price_cents: Cents = 0
    currency: Currency = "USD"
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    slot_step_minutes: Duration | None = None
    capacity: Seats = 1
    modality: Literal["in_person", "telehealth"] = "in_person"
    room_type: Name | None = None
    room_features: frozenset[Feature] = frozenset()
    equipment_type: Name | None = None
    equipment_units: Units = 1
    cancellation_policy: CancellationPolicy = msgspec.field(default_factory=CancellationPolicy)
    idempotency_key: str | None = None


class ServiceChange(Request, kw_only=True):
    """What changes of a service, for bookings to come; what is missing stays, what is null goes."""

    title: Name | UnsetType = UNSET
    duration_minutes: Duration | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    price_cents: Cents | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    buffer_before_minutes: Minutes | UnsetType = UNSET
    buffer_after_minutes: Minutes | UnsetType = UNSET
    slot_step_minutes: Duration | UnsetType = UNSET
    capacity: Seats | UnsetType = UNSET
    modality: Literal["in_person", "telehealth"] | UnsetType = UNSET
    room_type: Name | UnsetType | None = UNSET
    room_features: frozenset[Feature] | UnsetType = UNSET
    equipment_type: Name | UnsetType | None = UNSET
    equipment_units: Units | UnsetType = UNSET
    cancellation_policy: CancellationPolicy | UnsetType = UNSET
    idempotency_key: str | None = None


class Times(Request, kw_only=True):
    """A stretch of a day, `HH:MM` of the wall clock; midnight at the end is 24:00."""

    start: str
    end: str


class Preference(Request, kw_only=True):
    """What a provider likes: rooms, best first, and times of day; `weight` is 0 (no matter) to 100.

    It holds for one service, or for all where it names none.
    """

    service_id: UUID | None = None
    room_ids: list[UUID] = msgspec.field(default_factory=list)
    times: list[Times] = msgspec.field(default_factory=list)
    weight: Annotated[int, Meta(ge=0, le=100)] = 50


class OwnPrice(Request, kw_only=True):
    """What a provider takes for a service; null is the service's price."""

    service_id: UUID
    price_cents: Cents | None


class Provider(Shape, kw_only=True):
    """A provider as every caller may see them; `preferences` are for staff, who look at one provider."""

    id: UUID
    name: str
    specialty: str | None
    rating: float | None
    thumbnail_url: str | None
    location_id: UUID | None
    is_available: bool
    is_approved: bool
    timezone: str
    version: int
    daily_maximum: int | None = None
    preferences: list[Preference] | UnsetType = UNSET


class NewProvider(Request, kw_only=True):
    """A provider to add, with the services offered in the order they are shown, perhaps at own prices."""

    name: Name
    specialty: str | None = None
    location_id: UUID | None = None
    service_ids: list[UUID] = msgspec.field(default_factory=list)
    prices: list[OwnPrice] = msgspec.field(default_factory=list)
    rating: Rating | None = None
    thumbnail_url: str | None = None
    is_available: bool = True
    is_approved: bool = True
    daily_maximum: DailyMaximum | None = None
    preferences: list[Preference] = msgspec.field(default_factory=list)
    idempotency_key: str | None = None


class ProviderChange(Request, kw_only=True):
    """What changes of a provider; what is missing stays, what is null goes.

    `service_ids` replaces what is offered; what stays keeps its price, unless `prices` has another.
    """

    name: Name | UnsetType = UNSET
    specialty: str | UnsetType | None = UNSET
    location_id: UUID | UnsetType | None = UNSET
    service_ids: list[UUID] | UnsetType = UNSET
    prices: list[OwnPrice] | UnsetType = UNSET
    rating: Rating | UnsetType | None = UNSET
    thumbnail_url: str | UnsetType | None = UNSET
    is_available: bool | UnsetType = UNSET
    is_approved: bool | UnsetType = UNSET
    daily_maximum: DailyMaximum | UnsetType | None = UNSET
    preferences: list[Preference] | UnsetType = UNSET
    idempotency_key: str | None = None


class WorkingDay(Request, kw_only=True):
    """One weekday of the weekly form, `HH:MM` of the wall clock."""

    enabled: bool = True
    start: str | None = None
    end: str | None = None
    breaks: list[Times] = msgspec.field(default_factory=list)


def _off() -> WorkingDay:
    return WorkingDay(enabled=False)


class Schedule(Request, kw_only=True):
    """A provider's week; a day that is missing is off. The dates bound it, both inclusive.

    A dry run changes nothing.
    """

    monday: WorkingDay = msgspec.field(default_factory=_off)
    tuesday: WorkingDay = msgspec.field(default_factory=_off)
    wednesday: WorkingDay = msgspec.field(default_factory=_off)
    thursday: WorkingDay = msgspec.field(default_factory=_off)
    friday: WorkingDay = msgspec.field(default_factory=_off)
    saturday: WorkingDay = msgspec.field(default_factory=_off)
    sunday: WorkingDay = msgspec.field(default_factory=_off)
    valid_from: date | None = None
    valid_until: date | None = None
    dry_run: bool = False
    idempotency_key: str | None = None
