"""A plan for a day on which a provider is away: where each appointment was, and where it could be instead."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from deskcal.core.booking import Appointment, Hold
from deskcal.core.span import Span


class PlanState(StrEnum):
    """What became of a plan; only an open one holds places."""

    OPEN = "open"
    APPLIED = "applied"
    UNDONE = "undone"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """With whom, in which room and when an appointment is; the span is without buffers."""

    provider_id: UUID
    room_id: UUID | None
    span: Span

    @classmethod
    def of(cls, made: Appointment | Hold) -> "Where":
        return cls(provider_id=made.provider_id, room_id=made.room_id, span=made.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanItem:
    """One appointment: its new place and the hold that keeps it, or the `reason` why there is none.

    `job_id` is the job that is to move it, or has.
    """

    appointment_id: UUID
    was: Where
    to: Where | None = None
    hold_id: UUID | None = None
    reason: str | None = None
    job_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """New places for the appointments of a local date, by start; the holds end at `expires_at`.

    `window_id` is the time off that came of it, unless the provider did not work that day anyway.
    """

    id: UUID
    provider_id: UUID
    day: date
    state: PlanState
    created_by: str
    created_at: datetime
    expires_at: datetime
    items: tuple[PlanItem, ...]
    window_id: UUID | None = None
