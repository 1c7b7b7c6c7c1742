"""Clinics, locations, providers, rooms, services and schedules on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.shape import Request, Shape

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
Cents = Annotated[int, Meta(ge=0, le=100_000_000)]


class Clinic(Shape, kw_only=True):
    """A tenant; `timezone` is an IANA name."""

    id: UUID
    slug: str
    name: str
    timezone: str


class NewClinic(Request, kw_only=True):
    """What `ops` says to make a clinic; without a slug the name gives one."""

    name: Name
    timezone: str
    slug: Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9-]{0,62}$")] | None = None
    idempotency_key: str | None = None


class Location(Shape, kw_only=True):
    """A place; `timezone` is its own or the clinic's."""

    id: UUID
    name: str
    timezone: str
    version: int


class NewLocation(Request, kw_only=True):
    """A place to add, in the clinic's zone unless it names one."""

    name: Name
    timezone: str | None = None
    idempotency_key: str | None = None


class Room(Shape, kw_only=True):
    """A room, matched by `type` with what a service asks for."""

    id: UUID
    name: str
    type: str
    location_id: UUID | None
    version: int


class NewRoom(Request, kw_only=True):
    """A room to add."""

    name: Name
    type: Name = "exam"
    location_id: UUID | None = None
    idempotency_key: str | None = None


class CancellationPolicy(Shape, kw_only=True):
    """Free until so many hours before the start; fees in cents."""

    free_until_hours: int = 24
    fee_cents: int = 0
    no_show_fee_cents: int = 0


class Service(Shape, kw_only=True):
    """A service; with `provider_id` the price is that provider's."""

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


class NewService(Request, kw_only=True):
    """A service to add; the step between slots is the duration unless given."""

    title: Name
    duration_minutes: Annotated[int, Meta(ge=1, le=1440)]
    description: str | None = None
    price_cents: Cents = 0
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    buffer_before_minutes: Minutes = 0
    buffer_after_minutes: Minutes = 0
    slot_step_minutes: Annotated[int, Meta(ge=1, le=1440)] | None = None
    capacity: Annotated[int, Meta(ge=1, le=500)] = 1
    modality: Literal["in_person", "telehealth"] = "in_person"
    room_type: Name | None = None
    cancellation_policy: CancellationPolicy = msgspec.field(default_factory=CancellationPolicy)
    idempotency_key: str | None = None


class Provider(Shape, kw_only=True):
    """A provider as every caller may see them."""

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


class NewProvider(Request, kw_only=True):
    """A provider to add, with the services offered, in the order they are shown."""

    name: Name
    specialty: str | None = None
    location_id: UUID | None = None
    service_ids: list[UUID] = msgspec.field(default_factory=list)
    rating: Annotated[float, Meta(ge=0, le=5)] | None = None
    thumbnail_url: str | None = None
    is_available: bool = True
    is_approved: bool = True
    idempotency_key: str | None = None


class Break(Request, kw_only=True):
    """A break inside a working day, `HH:MM` of the wall clock."""

    start: str
    end: str


class WorkingDay(Request, kw_only=True):
    """One weekday of the weekly form, `HH:MM` of the wall clock."""

    enabled: bool = True
    start: str | None = None
    end: str | None = None
    breaks: list[Break] = msgspec.field(default_factory=list)


def _off() -> WorkingDay:
    return WorkingDay(enabled=False)


class Schedule(Request, kw_only=True):
    """A provider's week; a day that is missing is off. The dates bound it, both inclusive."""

    monday: WorkingDay = msgspec.field(default_factory=_off)
    tuesday: WorkingDay = msgspec.field(default_factory=_off)
    wednesday: WorkingDay = msgspec.field(default_factory=_off)
    thursday: WorkingDay = msgspec.field(default_factory=_off)
    friday: WorkingDay = msgspec.field(default_factory=_off)
    saturday: WorkingDay = msgspec.field(default_factory=_off)
    sunday: WorkingDay = msgspec.field(default_factory=_off)
    valid_from: date | None = None
    valid_until: date | None = None
    idempotency_key: str | None = None
