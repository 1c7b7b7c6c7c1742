"""Free slots found over providers and dates."""

from datetime import datetime
from uuid import UUID

import msgspec

from deskcal.wire.catalog import Provider
from deskcal.wire.shape import Shape


class RoomOption(Shape, kw_only=True):
    """A room that is free for a slot."""

    id: UUID
    name: str


class FoundSlot(Shape, kw_only=True):
    """A free slot; `timeslot_id` is enough to reserve it. `score` is from 0 to 100."""

    start: datetime
    end: datetime
    start_utc: datetime = msgspec.field(name="startUTC")
    end_utc: datetime = msgspec.field(name="endUTC")
    timeslot_id: str
    provider: Provider
    room_options: list[RoomOption]
    price_cents: int
    score: int


class SearchMetadata(Shape, kw_only=True):
    """When and in which zone the question was answered."""

    timezone: str
    fetched_at: datetime
    seq: int
    query_duration_ms: float


class Found(Shape, kw_only=True):
    """`GET /v1/clinics/{id}/availability`: free slots, best or soonest first."""

    slots: list[FoundSlot]
    metadata: SearchMetadata
