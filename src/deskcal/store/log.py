"""The log: appended in the transaction of the change, numbered without gaps, read from any point."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from deskcal.core.access import Actor
from deskcal.store.answers import Claim, Kept

if TYPE_CHECKING:
    from deskcal.core.span import Span
    from deskcal.store.database import ReadTx

BELL = "deskcal"

# The counter's row lock is taken here, last before commit: numbers come in commit order, and the writers of
# one clinic wait for each other no longer than a commit takes.
FINISH = """
with fed as (
  update clinic_feed set seq = seq + %(count)s where clinic_id = %(clinic_id)s returning seq
), told as (
  insert into log
    (clinic_id, seq, occurred_at, aggregate_type, aggregate_id, event_type, actor, payload, trace_id)
  select %(clinic_id)s, fed.seq - %(count)s + e.number, e.at, e.aggregate_type, e.id, e.type, e.actor,
    e.payload, e.trace
  from fed, jsonb_to_recordset(%(events)s) e(number int, at timestamptz, aggregate_type text, id uuid,
    type text, actor jsonb, payload jsonb, trace text)
), kept as (
  insert into idempotency_keys (clinic_id, digest, fingerprint, status, body)
  select %(clinic_id)s, %(digest)s, %(fingerprint)s, %(status)s, %(body)s where %(digest)s::bytea is not null
)
select seq, pg_notify('deskcal', %(clinic_id)s || ' ' || seq) from fed
"""

KEEP = """
insert into idempotency_keys (clinic_id, digest, fingerprint, status, body)
values (%(clinic_id)s, %(digest)s, %(fingerprint)s, %(status)s, %(body)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened, to be told. The payload holds ids and times, no names and no contact data."""

    at: datetime
    type: str
    aggregate_id: UUID
    actor: Actor
    payload: dict[str, Any]
    trace_id: str | None = None

    @property
    def aggregate_type(self) -> str:
        """Name the sort of thing it happened to: the part of the type before the dot."""
        return self.type.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as it stands in the log."""

    seq: int
    occurred_at: datetime
    aggregate_type: str
    aggregate_id: UUID
    event_type: str
    actor: dict[str, Any]
    payload: dict[str, Any]
    trace_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A month that is in a file; in the log is only what is about times from `kept_from` on."""

    month: date
    first_seq: int
    last_seq: int
    entries: int
    kept_from: date
    file: str
    sha256: str


def is_whole(entries: Sequence[Entry], since: int) -> bool:
    """Tell whether entries follow on a number without a gap: below the archive they do not."""
    return not entries or entries[-1].seq - since == len(entries)


async def finish(
    connection: psycopg.AsyncConnection[Any],
    clinic_id: UUID,
    events: Sequence[NewEvent],
    claim: Claim | None,
    kept: Kept | None,
) -> int | None:
    """Append the events, keep the answer and ring the bell, in one statement; gives the last seq, if any."""
    params: dict[str, object] = {
        "clinic_id": clinic_id,
        "digest": claim.digest if claim and kept else None,
        "fingerprint": claim.fingerprint if claim and kept else None,
        "status": kept.status if kept else None,
        "body": kept.body if kept else None,
    }
    if not events:
        if claim and kept:
            await connection.execute(KEEP, params)
        return None
    params |= {
        "count": len(events),
        "events": Jsonb(
            [_told(number, event) for number, event in enumerate(events, 1)], msgspec.json.encode
        ),
    }
    cursor = await connection.execute(FINISH, params)
    [(seq, _)] = await cursor.fetchall()
    return int(seq)


def _told(number: int, event: NewEvent) -> dict[str, object]:
    actor = event.actor
    return {
        "number": number,
        "at": event.at,
        "aggregate_type": event.aggregate_type,
        "id": event.aggregate_id,
        "type": event.type,
        "actor": {"id": actor.sub, "type": actor.kind, "role": actor.role},
        "payload": event.payload,
        "trace": event.trace_id,
    }


READ = """
select seq, occurred_at, aggregate_type, aggregate_id, event_type, actor, payload, trace_id from log
where clinic_id = %(clinic_id)s and seq > %(since)s
"""


async def since(tx: "ReadTx", seq: int, *, limit: int = 1000) -> list[Entry]:
    """Read on from a number, oldest first."""
    return await tx.records(Entry, READ + " order by seq limit %(limit)s", since=seq, limit=limit)


async def explain_since(tx: "ReadTx", seq: int) -> list[str]:
    """Read on from a number once more, for the plan of it."""
    return await tx.plan(READ + " order by seq limit %(limit)s", since=seq, limit=1000)


async def of_aggregates(tx: "ReadTx", ids: Sequence[UUID]) -> list[Entry]:
    """Read all that happened to some things, oldest first: their audit."""
    return await tx.records(
        Entry, READ + " and aggregate_id = any(%(ids)s) order by seq", since=0, ids=list(ids)
    )


async def filtered(
    tx: "ReadTx",
    *,
    since: int,
    limit: int,
    aggregate_id: UUID | None = None,
    event_type: str | None = None,
    actor_id: str | None = None,
) -> list[Entry]:
    """Read on from a number, only what concerns one thing, is of one type, or was done by somebody.

    A type may end in `.*`.
    """
    return await tx.records(
        Entry,
        READ
        + " and (%(aggregate_id)s::uuid is null or aggregate_id = %(aggregate_id)s)"
        + " and (%(pattern)s::text is null or event_type like %(pattern)s)"
        + " and (%(actor_id)s::text is null or actor->>'id' = %(actor_id)s) order by seq limit %(limit)s",
        since=since,
        limit=limit,
        aggregate_id=aggregate_id,
        actor_id=actor_id,
        pattern=event_type.replace(".*", ".%") if event_type else None,
    )


OF_BOOKINGS = (
    READ
    + """
  and aggregate_type in ('hold', 'appointment') and (
    (payload->>'start')::timestamptz between %(start)s and %(end)s
    or (payload->'previous'->>'start')::timestamptz between %(start)s and %(end)s)
order by seq
"""
)


def of_bookings(tx: "ReadTx", span: "Span") -> AsyncIterator[Entry]:
    """Read all that happened to holds and appointments that start, or did before, in a stretch of time."""
    return tx.stream(Entry, OF_BOOKINGS, since=0, start=span.start, end=span.end)


async def missing(tx: "ReadTx") -> list[int]:
    """List the first hundred numbers that are lost: not there although an earlier one is, nor archived."""
    rows = await tx.rows(
        "select generate_series(before + 1, seq - 1) from ("
        " select seq, lag(seq) over (order by seq) as before from ("
        "  select seq from log where clinic_id = %(clinic_id)s"
        "   and seq > (select coalesce(max(last_seq), 0) from log_archives where clinic_id = %(clinic_id)s)"
        "  union all select seq + 1 from clinic_feed where clinic_id = %(clinic_id)s) numbers) pairs"
        " where seq - before > 1 limit 100"
    )
    return [seq for (seq,) in rows]


async def archived(tx: "ReadTx") -> list[Archived]:
    """List the months that were taken out of the log, the oldest first."""
    return await tx.records(
        Archived,
        "select month, first_seq, last_seq, entries, kept_from, file, sha256 from log_archives"
        " where clinic_id = %(clinic_id)s order by month",
    )


async def latest(tx: "ReadTx") -> int:
    """Give the number of the newest entry, 0 for a clinic to which nothing has happened."""
    row = await tx.row("select seq from clinic_feed where clinic_id = %(clinic_id)s")
    return int(row[0]) if row else 0
