"""RFC 9457 problems: how deskcal says no over HTTP."""

from datetime import datetime
from uuid import UUID

from deskcal.wire.calendar import Judged, Timeslot
from deskcal.wire.shape import Shape


class FieldError(Shape, kw_only=True, omit_defaults=True):
    """A field that cannot be used, and why."""

    field: str
    message: str


class Conflict(Shape, kw_only=True):
    """Something in the way: a resource and when it is taken, buffers included."""

    resource: UUID
    kind: str
    start: datetime
    end: datetime


class Problem(Shape, kw_only=True, omit_defaults=True):
    """`application/problem+json`: `error` is the code that programs read, the rest are facts with it."""

    title: str
    status: int
    error: str
    detail: str
    type: str = "about:blank"
    errors: list[FieldError] | None = None
    next_valid: datetime | None = None
    conflicts: list[Conflict] | None = None
    verdicts: list[Judged] | None = None
    rule: str | None = None
    reason: str | None = None
    alternatives: list[Timeslot] | None = None
    age_seconds: int | None = None
    retry_after: int | None = None
