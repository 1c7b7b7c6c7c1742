"""What ops look after: boards replayed, and events that were put aside."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from deskcal.wire.realtime import LogEntry
from deskcal.wire.shape import Request, Shape

MOST_DAYS = 3660

Source = Literal["log", "occupancy", "live"]


class ReplayRequest(Request, kw_only=True):
    """Local dates of the clinic, both included; without them, all on which anything was ever taken.

    `days` ends sooner and answers `nextFrom`. `check` compares and changes nothing.
    """

    provider_id: UUID | None = None
    from_: date | None = msgspec.field(default=None, name="from")
    to: date | None = None
    check: bool = False
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS)] | None = None
    idempotency_key: str | None = None


class Drift(Shape, kw_only=True):
    """Minutes of a local date of which `saidBy` say `what` and `notBy`, who would know, do not.

    `log` is what the events tell, `occupancy` what the database guards, `live` the board of the process that
    answers. Kind `board` is the day as a whole; patients have no name here.
    """

    date: date
    kind: Literal["provider", "room", "equipment", "patient", "board"]
    resource_id: UUID | None
    name: str | None
    what: str
    start: datetime
    end: datetime
    said_by: list[Source]
    not_by: list[Source]


class Replayed(Shape, kw_only=True):
    """What came of it, as of `seq`: `same` where nothing differs and no number of the log is `lost`.

    `until` is the last date that is meant, `nextFrom` the date from which to go on. `liveDays` UTC days were
    on the board. `repaired` tells that every server process reads these days anew.
    """

    seq: int
    from_: date = msgspec.field(name="from")
    to: date
    until: date
    next_from: date | None
    same: bool
    repaired: bool
    live_days: int
    lost: list[int]
    drift: list[Drift]


class Parked(Shape, kw_only=True):
    """An event that a reader of the log put aside: it waits for `nextTryAt`, or for ops, or was dropped."""

    id: str
    state: Literal["waiting", "parked", "dropped"]
    reader: str
    seq: int
    event_type: str
    aggregate_id: UUID
    occurred_at: datetime
    attempts: int
    error: str
    next_try_at: datetime | None
    dropped_at: datetime | None
    dropped_by: str | None
    drop_reason: str | None
    event: LogEntry | None = None
    """The entry of the log, where one is shown alone."""


class DropRequest(Request, kw_only=True):
    """Why the event is never to be tried again."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]
    idempotency_key: str | None = None
