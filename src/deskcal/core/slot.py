"""A slot of a provider's day and what stands in its way."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
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
    `service_id` is a hold's; `capacity` is above 1 for a seat of a group session. An `overbooked` row lies on
    top of another.
    """

    resource_id: UUID
    span: Span
    session_key: int
    seat: int = 1
    capacity: int = 1
    overbooked: bool = False
    service_id: UUID | None = None
    hold_id: UUID | None = None
    appointment_id: UUID | None = None
    expires_at: datetime | None = None
    owner: str | None = None
    client: str | None = None

    @property
    def told_apart(self) -> bool:
        """Tell whether more must be known of it than that its time is taken."""
        return self.hold_id is not None or self.capacity > 1 or self.overbooked


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A booking as rules count it, held or made; `span` is the service alone, without buffers."""

    provider_id: UUID
    service_id: UUID
    span: Span


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


def slot_id(provider_id: UUID, service_id: UUID, start: datetime) -> str:
    """Name a slot so that its name alone is enough to hold it; the same for every client, opaque to all."""
    minute = int(start.timestamp()) // 60
    return urlsafe_b64encode(provider_id.bytes + service_id.bytes + minute.to_bytes(4)).decode().rstrip("=")


def read_slot_id(text: str) -> tuple[UUID, UUID, datetime]:
    """Read provider, service and start from a slot's name. Raises ValueError."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) != 36:  # noqa: PLR2004  two ids and four bytes
        raise ValueError("not the name of a slot")
    minute = int.from_bytes(raw[32:])
    return UUID(bytes=raw[:16]), UUID(bytes=raw[16:32]), datetime.fromtimestamp(minute * 60, tz=UTC)
