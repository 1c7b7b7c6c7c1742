"""The frames of the live feed and the entries of the log."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from deskcal.wire.shape import Shape


class ClientFrame(msgspec.Struct, rename="camel", kw_only=True):
    """Anything that a client may send: authenticate, subscribe, unsubscribe or ping.

    With `batch` a burst is one frame `{"type": "batch", "seq", "events": [...]}` and nothing is left out;
    without it only the latest state of a slot is sent.
    """

    type: str
    token: str | None = None
    channels: list[str] = msgspec.field(default_factory=list)
    since: int | None = None
    batch: bool = False
    clinic_id: UUID | None = None


class Metadata(Shape, kw_only=True):
    """Which log entry an event tells of, and when that happened."""

    event_id: str
    timestamp: datetime


class Event(Shape, kw_only=True):
    """One event of a channel; `seq` is the clinic's cursor."""

    type: str
    channel: str
    seq: int
    payload: dict[str, Any]
    metadata: Metadata


class ArchivedLog(Shape, kw_only=True):
    """A month of the log that is in a file; in the log is only what is about times from `kept_from` on."""

    month: date
    first_seq: int
    last_seq: int
    entries: int
    kept_from: date
    file: str
    sha256: str


class LogEntry(Shape, kw_only=True):
    """One entry of a clinic's log: ids and times, no names."""

    seq: int
    occurred_at: datetime
    aggregate_type: str
    aggregate_id: UUID
    event_type: str
    actor: dict[str, Any]
    payload: dict[str, Any]
    trace_id: str | None
