"""Why availability is as it is, step by step."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from deskcal.wire.shape import Shape


class ExplainedStep(Shape, kw_only=True):
    """A step: what it read and from where, how many slots it took away and left, and how long it took."""

    name: str
    source: Literal["memory", "database"]
    read: str
    removed: int
    left: int
    micros: int


class Statement(Shape, kw_only=True):
    """A statement of SQL with the plan that PostgreSQL makes for it, as `EXPLAIN ANALYZE` prints it."""

    name: str
    plan: list[str]


class Explanation(Shape, kw_only=True):
    """`GET /v1/admin/explain-availability`: how a provider's free slots come about."""

    provider_id: UUID
    service_id: UUID
    start: datetime
    end: datetime
    timezone: str
    seq: int
    steps: list[ExplainedStep]
    sql: list[Statement]
