"""The waitlist on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.booking import Key, Mode
from deskcal.wire.catalog import Times
from deskcal.wire.shape import Request, Shape

MOST_PRIORITY = 9

EntryState = Literal["waiting", "offered", "booked", "withdrawn"]
Notes = Annotated[str, Meta(max_length=4000)]


class NewEntry(Request, kw_only=True):
    """What to wait for, for the caller unless it names a patient; a visit has to lie within one of `times`.

    No providers is anybody, no location anywhere, no date is any. `notes` and `priority` are for staff.
    """

    service_id: UUID
    patient_id: UUID | None = None
    provider_ids: Annotated[list[UUID], Meta(max_length=50)] = msgspec.field(default_factory=list)
    location_id: UUID | None = None
    first_date: date | None = None
    last_date: date | None = None
    times: Annotated[list[Times], Meta(max_length=20)] = msgspec.field(default_factory=list)
    notes: Notes | None = None
    priority: Annotated[int, Meta(ge=0, le=MOST_PRIORITY)] = 0
    idempotency_key: Key | None = None


class Answer(Request, kw_only=True):
    """Which offer is declined; the newest unless it names one."""

    offer_id: UUID | None = None
    idempotency_key: Key | None = None


class Acceptance(Answer, kw_only=True):
    """Which offer is accepted; the newest unless it names one."""

    mode: Mode | None = None
    notes: Notes | None = None


class Offer(Shape, kw_only=True):
    """A freed time that is kept until `expires_at`, unless it was answered before."""

    id: UUID
    provider_id: UUID
    start: datetime
    end: datetime
    state: Literal["open", "accepted", "declined", "lapsed"]
    offered_at: datetime
    expires_at: datetime


class Entry(Shape, kw_only=True):
    """An entry of the waitlist with the chain of its offers, oldest first; `notes` are for staff."""

    id: UUID
    patient_id: UUID
    patient_name: str
    service_id: UUID
    service_title: str
    provider_ids: list[UUID]
    location_id: UUID | None
    first_date: date | None
    last_date: date | None
    times: list[Times]
    notes: str | None
    priority: int
    state: EntryState
    appointment_id: UUID | None
    offers: list[Offer]
    created_at: datetime
    version: int
