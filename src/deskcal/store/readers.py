"""How far each reader of the log has come in each clinic, and the events that it has to try again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.log import Entry


class Overtaken(Exception):
    """Another process did the same in the meantime: undo this and leave it to that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """An event that failed so many times."""

    seq: int
    attempts: int


async def clinics_waiting(tx: ReadTx, reader: str, now: datetime) -> list[UUID]:
    """List the clinics where there is something to read, or to try again; sees the whole installation."""
    rows = await tx.rows(
        "select f.clinic_id from clinic_feed f left join reader_cursors c"
        " on c.clinic_id = f.clinic_id and c.reader = %(reader)s where f.seq > coalesce(c.seq, 0)"
        " union select clinic_id from parked_events where reader = %(reader)s and next_try_at <= %(now)s",
        reader=reader,
        now=now,
    )
    return [clinic_id for (clinic_id,) in rows]


async def next_try(tx: ReadTx, reader: str) -> datetime | None:
    """Say when the next event is to be tried again; sees the whole installation."""
    row = await tx.row("select min(next_try_at) from parked_events where reader = %(reader)s", reader=reader)
    return row[0] if row else None


async def position(tx: ReadTx, reader: str) -> int:
    """Give the seq that was read last, 0 before the first."""
    row = await tx.row(
        "select seq from reader_cursors where clinic_id = %(clinic_id)s and reader = %(reader)s",
        reader=reader,
    )
    return int(row[0]) if row else 0


async def move(tx: WriteTx, reader: str, *, seen: int, to: int) -> None:
    """Go on from where the reader stood when it looked. Raises Overtaken when it is somewhere else now."""
    moved = await tx.run(
        "insert into reader_cursors (clinic_id, reader, seq) values (%(clinic_id)s, %(reader)s, %(to)s)"
        " on conflict (clinic_id, reader) do update set seq = %(to)s where reader_cursors.seq = %(seen)s",
        reader=reader,
        seen=seen,
        to=to,
    )
    if not moved:
        raise Overtaken


async def due(tx: ReadTx, reader: str, now: datetime) -> list[Parked]:
    """List the clinic's events that are to be tried again by now, oldest first."""
    return await tx.records(
        Parked,
        "select seq, attempts from parked_events where clinic_id = %(clinic_id)s and reader = %(reader)s"
        " and next_try_at <= %(now)s order by seq",
        reader=reader,
        now=now,
    )


async def take_back(tx: WriteTx, reader: str, parked: Parked) -> None:
    """Take an event that is tried again out of the parked ones. Raises Overtaken when it is not there so."""
    taken = await tx.run(
        "delete from parked_events where clinic_id = %(clinic_id)s and reader = %(reader)s"
        " and seq = %(seq)s and attempts = %(attempts)s and dropped_at is null",
        reader=reader,
        seq=parked.seq,
        attempts=parked.attempts,
    )
    if not taken:
        raise Overtaken


async def park(
    tx: WriteTx, reader: str, entry: Entry, *, attempts: int, error: str, next_try_at: datetime | None
) -> None:
    """Put an event aside that failed; without `next_try_at` until ops decide."""
    await tx.run(
        "insert into parked_events (clinic_id, reader, seq, event_type, aggregate_id, occurred_at, attempts,"
        " error, next_try_at) values (%(clinic_id)s, %(reader)s, %(seq)s, %(event_type)s, %(aggregate_id)s,"
        " %(occurred_at)s, %(attempts)s, %(error)s, %(next_try_at)s)",
        reader=reader,
        seq=entry.seq,
        event_type=entry.event_type,
        aggregate_id=entry.aggregate_id,
        occurred_at=entry.occurred_at,
        attempts=attempts,
        error=error,
        next_try_at=next_try_at,
    )
