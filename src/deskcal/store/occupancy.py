"""Who and what is taken when: the table whose constraints refuse every overlap."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.booking import Want
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.store.database import ReadTx, WriteTx

# Every writer takes its resources in the same order, and `on conflict do nothing` honours the exclusion
# constraint as well: fewer rows than asked means that somebody was first, without an error or a deadlock.
TAKE = """
with taken as (
  insert into occupancy
    (clinic_id, resource_id, during, session_key, seat, capacity, hold_id, appointment_id)
  select %(clinic_id)s, w.resource_id, tstzrange(w.starts, w.ends), k.session_key, w.seat, w.capacity,
    %(hold_id)s, %(appointment_id)s
  from jsonb_to_recordset(%(wants)s) w(resource_id uuid, starts timestamptz, ends timestamptz, seat smallint,
    capacity smallint),
    (select coalesce(%(session_key)s::bigint, nextval('session_keys')) as session_key) k
  order by w.resource_id
  on conflict do nothing
  returning resource_id
)
"""

ALL_TAKEN = " (select count(*) from taken) = jsonb_array_length(%(wants)s) "

BUSY = """
select o.resource_id, lower(o.during), upper(o.during), o.session_key, o.seat, o.hold_id, o.appointment_id,
  h.expires_at, h.owner, h.client
from occupancy o left join holds h on h.clinic_id = o.clinic_id and h.id = o.hold_id
where o.clinic_id = %(clinic_id)s and o.during && tstzrange(%(start)s, %(end)s)
"""

IN_WAY = (
    BUSY
    + """
  and o.resource_id = any(%(resources)s) and not o.overbooked order by lower(o.during), o.seat
"""
)


def taking(
    wants: Sequence[Want],
    *,
    session_key: int | None,
    hold_id: UUID | None = None,
    appointment_id: UUID | None = None,
) -> dict[str, Any]:
    """Give the parameters of TAKE. Without a `session_key` the booking gets one that nobody shares."""
    return {
        "wants": Jsonb(
            [
                {
                    "resource_id": want.resource_id,
                    "starts": want.span.start,
                    "ends": want.span.end,
                    "seat": want.seat,
                    "capacity": want.capacity,
                }
                for want in wants
            ],
            msgspec.json.encode,
        ),
        "session_key": session_key,
        "hold_id": hold_id,
        "appointment_id": appointment_id,
    }


def _busy(row: tuple[Any, ...]) -> Busy:
    resource_id, start, end, session_key, seat, hold_id, appointment_id, expires_at, owner, client = row
    return Busy(
        resource_id=resource_id,
        span=Span(start=start, end=end),
        session_key=session_key,
        seat=seat,
        hold_id=hold_id,
        appointment_id=appointment_id,
        expires_at=expires_at,
        owner=owner,
        client=client,
    )


async def within(tx: ReadTx, span: Span) -> list[Busy]:
    """List what is taken in a stretch of time, of every resource of the clinic."""
    return [_busy(row) for row in await tx.rows(BUSY, start=span.start, end=span.end)]


async def of_resources(tx: ReadTx, resources: Sequence[UUID], span: Span) -> list[Busy]:
    """List what stands in the way of taking some resources then: what the exclusion constraint guards."""
    return [
        _busy(row) for row in await tx.rows(IN_WAY, resources=list(resources), start=span.start, end=span.end)
    ]


async def free(tx: WriteTx, *, hold_ids: Sequence[UUID]) -> None:
    """Give back what holds took."""
    await tx.run(
        "delete from occupancy where clinic_id = %(clinic_id)s and hold_id = any(%(hold_ids)s)",
        hold_ids=list(hold_ids),
    )
