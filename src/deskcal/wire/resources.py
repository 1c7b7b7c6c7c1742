"""Locations, rooms and equipment on the wire."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, field

from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Feature, Name, Seats
from deskcal.wire.shape import Request, Shape

Quantity = Annotated[int, Meta(ge=1, le=500)]


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


class LocationChange(Request, kw_only=True):
    """What changes of a place; what is missing stays. Without a zone of its own it is in the clinic's."""

    name: Name | UnsetType = UNSET
    timezone: str | UnsetType | None = UNSET
    idempotency_key: str | None = None


class Room(Shape, kw_only=True):
    """A room, matched by `type` and `features` with what a service asks for.

    `capacity` is how many patients fit in, null if nobody counts.
    """

    id: UUID
    name: str
    type: str
    location_id: UUID | None
    version: int
    features: list[str] = field(default_factory=list)
    capacity: int | None = None


class NewRoom(Request, kw_only=True):
    """A room to add."""

    name: Name
    type: Name = "exam"
    location_id: UUID | None = None
    features: frozenset[Feature] = frozenset()
    capacity: Seats | None = None
    idempotency_key: str | None = None


class RoomChange(Request, kw_only=True):
    """What changes of a room; what is missing stays, what is null goes."""

    name: Name | UnsetType = UNSET
    type: Name | UnsetType = UNSET
    location_id: UUID | UnsetType | None = UNSET
    features: frozenset[Feature] | UnsetType = UNSET
    capacity: Seats | UnsetType | None = UNSET
    idempotency_key: str | None = None


class Unit(Shape, kw_only=True):
    """One piece of a pool, numbered from 1."""

    id: UUID
    number: int


class Equipment(Shape, kw_only=True):
    """A pool of equal units, of the `type` that services ask for."""

    id: UUID
    name: str
    type: str
    location_id: UUID | None
    quantity: int
    units: list[Unit]
    version: int


class NewEquipment(Request, kw_only=True):
    """A pool to add."""

    name: Name
    type: Name
    quantity: Quantity = 1
    location_id: UUID | None = None
    idempotency_key: str | None = None


class EquipmentChange(Request, kw_only=True):
    """What changes of a pool; what is missing stays. A smaller quantity takes the highest numbers away."""

    name: Name | UnsetType = UNSET
    type: Name | UnsetType = UNSET
    quantity: Quantity | UnsetType = UNSET
    location_id: UUID | UnsetType | None = UNSET
    idempotency_key: str | None = None


class Retired(Shape, kw_only=True):
    """The coming appointments that still need what was retired; they stay booked."""

    appointments: list[Appointment]
