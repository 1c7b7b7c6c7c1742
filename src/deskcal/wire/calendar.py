"""Timeslots, days and verdicts on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.catalog import Provider
from deskcal.wire.delays import Delay
from deskcal.wire.shape import Request, Shape

SlotStatus = Literal["available", "limited", "reserved", "booked", "unavailable"]


class Timeslot(Shape, kw_only=True):
    """A slot of a provider's day. `id` is opaque, equal for every client, and enough to reserve it.

    `mine` is set on a slot that the caller holds; `held_until` and `held_by` are for its owner and for staff.
    """

    id: str
    provider_id: UUID
    provider_name: str
    service_id: UUID
    start: datetime
    end: datetime
    start_utc: datetime
    end_utc: datetime
    status: SlotStatus
    capacity: int
    remaining: int
    price_cents: int
    mine: bool | None = None
    held_until: datetime | None = None
    held_by: str | None = None
    reason: str | None = None


class ProviderDay(Shape, kw_only=True):
    """`GET /v1/providers/{id}/availability`: every slot of that local day, taken ones too."""

    timezone: str
    timezone_label: str
    date: date
    timeslots: list[Timeslot]
    fetched_at: datetime
    seq: int


class DayAppointment(Shape, kw_only=True):
    """An appointment as the day view draws it, with the version that a change of it must name.

    For staff only: it says who.
    """

    id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    service_title: str
    start: datetime
    end: datetime
    status: str
    version: int
    overbooked: bool = False


class Lane(Shape, kw_only=True):
    """One provider's day; `service_id` is the service that the slots are for.

    For patients `appointments` is empty, and nobody runs late.
    """

    provider: Provider
    service_id: UUID | None
    timezone_label: str
    timeslots: list[Timeslot]
    appointments: list[DayAppointment] = msgspec.field(default_factory=list)
    running_late: Delay | None = None


class CalendarDay(Shape, kw_only=True):
    """`GET /v1/calendar/day`: the desk's day view in one call."""

    date: date
    providers: list[Lane]
    timezone: str
    timezone_label: str
    fetched_at: datetime
    seq: int


class CheckRequest(Request, kw_only=True):
    """A slot to judge."""

    provider_id: UUID
    service_id: UUID
    start: Annotated[str, Meta(max_length=64)]
    patient_id: UUID | None = None
    room_id: UUID | None = None


class Reason(Shape, kw_only=True):
    """Why a slot cannot be booked, and what would make it possible."""

    code: str
    message: str
    fix: str | None = None


class Verdict(Shape, kw_only=True):
    """Every reason why not, none when it is available, and the nearest free slots."""

    available: bool
    reasons: list[Reason]
    alternatives: list[Timeslot]


class RefusedStart(Shape, kw_only=True):
    """A start that could not be had; `next_valid` is there where the clock skips it."""

    start: datetime
    reasons: list[Reason]
    next_valid: datetime | None = None


class Judged(RefusedStart, kw_only=True):
    """The verdict on one of several bookings that are wanted together, with the two nearest free slots."""

    end: datetime
    available: bool
    alternatives: list[Timeslot]
    patient_id: UUID | None = None
