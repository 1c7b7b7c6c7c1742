"""A slot of a provider's day and what stands in its way."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from deskcal.core.span import Span


class SlotState(StrEnum):
    """The state of a slot; the word that every face shows."""

    AVAILABLE = "available"
    LIMITED = "limited"
    RESERVED = "reserved"
    BOOKED = "booked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A row of occupancy: `span` has buffers inside; exactly one of hold and appointment is set.

    `expires_at`, `owner` and `client` describe a hold: until when, whose (a token's subject), at which desk.
    """

    resource_id: UUID
    span: Span
    session_key: int
    seat: int = 1
    hold_id: UUID | None = None
    appointment_id: UUID | None = None
    expires_at: datetime | None = None
    owner: str | None = None
    client: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place in a provider's day where a service may start; `span` is the service alone, without buffers."""

    provider_id: UUID
    service_id: UUID
    span: Span
    state: SlotState
    capacity: int = 1
    remaining: int = 0
    reason: str | None = None
    hold: Busy | None = None
