"""Events that a reader of the log put aside: waiting for another try, parked for ops, or dropped by them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, LiteralString, TypeAlias
from uuid import UUID

from deskcal.store.database import ReadTx, WriteTx

State: TypeAlias = Literal["waiting", "parked", "dropped"]

SELECT: LiteralString = """
select reader, seq, event_type, aggregate_id, occurred_at, attempts, error, next_try_at, dropped_at,
  dropped_by, drop_reason from parked_events
"""

OF: LiteralString = " where clinic_id = %(clinic_id)s and reader = %(reader)s and seq = %(seq)s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An event of the log that failed, and what became of it."""

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

    @property
    def state(self) -> State:
        if self.dropped_at is not None:
            return "dropped"
        return "parked" if self.next_try_at is None else "waiting"


async def every(tx: ReadTx) -> list[Aside]:
    """List the clinic's, oldest first."""
    return await tx.records(Aside, SELECT + " where clinic_id = %(clinic_id)s order by seq, reader")


async def find(tx: ReadTx, reader: str, seq: int, *, lock: bool = False) -> Aside | None:
    """Look one up; with `lock` nobody else decides of it before this transaction ends."""
    query = SELECT + OF + (" for update" if lock else "")
    found = await tx.records(Aside, query, reader=reader, seq=seq)
    return found[0] if found else None


async def try_again(tx: WriteTx, aside: Aside, at: datetime) -> None:
    """Have the reader try it."""
    await tx.run(
        "update parked_events set next_try_at = %(at)s" + OF,
        reader=aside.reader,
        seq=aside.seq,
        at=at,
    )


async def drop(tx: WriteTx, aside: Aside, *, by: str, at: datetime, reason: str) -> None:
    """Have no reader ever try it again."""
    await tx.run(
        "update parked_events set next_try_at = null, dropped_at = %(at)s, dropped_by = %(by)s,"
        " drop_reason = %(reason)s" + OF,
        reader=aside.reader,
        seq=aside.seq,
        by=by,
        at=at,
        reason=reason,
    )
