"""The rules of a service on the wire."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from deskcal.wire.shape import Request, Shape

MOST_PRIORITY = 1000


class Rule(Shape, kw_only=True, omit_defaults=True):
    """A rule; the highest priority speaks first.

    With `wrong` it cannot be read any more, and the service cannot be booked until it is removed.
    """

    id: UUID
    type: str
    payload: dict[str, Any]
    priority: int
    wrong: str | None = None


class NewRule(Request, kw_only=True):
    """A rule to add, such as `max_daily` with `{"max_per_day": 8}`."""

    type: str
    payload: dict[str, Any]
    priority: Annotated[int, Meta(ge=0, le=MOST_PRIORITY)] = 100
    idempotency_key: str | None = None
