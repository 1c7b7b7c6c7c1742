"""Plans for days on which a provider is away, on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from deskcal.wire.shape import Request, Shape

PlanState = Literal["open", "applied", "undone", "given_up"]
ItemState = Literal[
    "held",
    "lapsed",
    "no_place",
    "waiting",
    "moved",
    "refused",
    "skipped",
    "moving_back",
    "moved_back",
    "not_moved_back",
]


class NewSickDay(Request, kw_only=True):
    """The day, and how many days after it may be proposed."""

    date: str
    days: Annotated[int, Meta(ge=1, le=60)] = 14
    idempotency_key: str | None = None


class ApplyPlan(Request, kw_only=True):
    """Which appointments to move, by id; without `items` all that have a place."""

    items: list[UUID] | None = None
    idempotency_key: str | None = None


class PlanPlace(Shape, kw_only=True):
    """With whom, where and when an appointment was, or could be."""

    provider_id: UUID
    provider_name: str | None
    room_id: UUID | None
    room_name: str | None
    start: datetime
    end: datetime


class PlanItem(Shape, kw_only=True):
    """One appointment, with what there is to tell its patient: `changed` names what differs.

    A `held` place is kept for it; a `lapsed` one may be free still. `reason` says why it has no place, or why
    it was not moved, or not back; `job_id` is the job that does either.
    """

    appointment_id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    phone: str | None
    service_title: str
    before: PlanPlace
    after: PlanPlace | None
    changed: list[Literal["day", "time", "provider", "room"]]
    state: ItemState
    reason: str | None
    job_id: UUID | None


class Plan(Shape, kw_only=True):
    """New places for the appointments of a local date, by start; they are held until `expires_at`."""

    id: UUID
    provider_id: UUID
    provider_name: str | None
    date: date
    timezone: str
    state: PlanState
    created_at: datetime
    expires_at: datetime
    items: list[PlanItem]
