"""Who and what is taken when: the table whose constraints refuse every overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.booking import Want
from deskcal.core.refusals import NotFound
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.store.database import ReadTx, WriteTx

# Every writer takes its resources in the same order, and `on conflict do nothing` honours the exclusion
# constraint as well: fewer rows than asked means that somebody was first, without an error or a deadlock.
TAKE = """
with taken as (
  insert into occupancy
    (clinic_id, resource_id, during, session_key, seat, capacity, overbooked, hold_id, appointment_id)
  select %(clinic_id)s, w.resource_id, tstzrange(w.starts, w.ends), k.session_key, w.seat, w.capacity,
    w.overbooked, %(hold_id)s, %(appointment_id)s
  from jsonb_to_recordset(%(wants)s) w(resource_id uuid, starts timestamptz, ends timestamptz, seat smallint,
    capacity smallint, overbooked boolean),
    (select coalesce(%(session_key)s::bigint, nextval('session_keys')) as session_key) k
  order by w.resource_id, w.starts
  on conflict do nothing
  returning resource_id
)
"""

ALL_TAKEN = " (select count(*) from taken) = jsonb_array_length(%(wants)s) "

# An appointment lasts a day at most, and so does each of its buffers: starts within three days are enough.
BUSY = """
select o.resource_id, o.starts_at as starts, upper(o.during) as ends, o.session_key, o.seat, o.capacity,
  o.overbooked, h.service_id, o.hold_id, o.appointment_id, h.expires_at, h.owner, h.client
from occupancy o left join holds h on h.clinic_id = o.clinic_id and h.id = o.hold_id
where o.clinic_id = %(clinic_id)s and o.during && tstzrange(%(start)s, %(end)s)
  and o.starts_at < %(end)s and o.starts_at > %(start)s::timestamptz - interval '3 days'
"""

IN_WAY = BUSY + " and o.resource_id = any(%(resources)s) order by o.starts_at, o.seat"

OVERBOOKINGS: LiteralString = """
select p.resource_id, lower(p.during) as starts, upper(p.during) as ends, p.session_key, p.seat, p.capacity,
  p.overbooked, null::uuid, null::uuid, p.appointment_id, null::timestamptz, null, null
from occupancy p
where p.clinic_id = %(clinic_id)s and p.resource_id = %(provider_id)s and p.appointment_id in (
  select o.appointment_id from occupancy o where o.clinic_id = %(clinic_id)s and o.overbooked
    and o.resource_id = %(provider_id)s and o.during && tstzrange(%(start)s, %(end)s))
order by p.appointment_id, p.seat
"""

# One statement, so that all of it and the number that it stands at are of one moment.
TAKEN = (
    """
with things as (
  select id from providers where clinic_id = %(clinic_id)s
  union all select id from rooms where clinic_id = %(clinic_id)s
  union all select id from equipment_units where clinic_id = %(clinic_id)s
), booked as (
  select resource_id, range_agg(during) as times from occupancy
  where clinic_id = %(clinic_id)s and during && tstzrange(%(start)s, %(end)s)
    and starts_at < %(end)s and starts_at > %(start)s::timestamptz - interval '3 days'
    and appointment_id is not null and resource_id in (select id from things)
  group by resource_id
), visits as (
  select provider_id, service_id, json_agg(json_build_array(
    extract(epoch from starts_at)::bigint / 60, extract(epoch from ends_at - starts_at)::int / 60)) as times
  from appointments
  where clinic_id = %(clinic_id)s and starts_at >= %(start)s and starts_at < %(end)s and status <> 'canceled'
    and freed_at is null
  group by provider_id, service_id
)
select (select seq from clinic_feed where clinic_id = %(clinic_id)s),
  (select json_object_agg(b.resource_id, (select json_agg(json_build_array(
    floor(extract(epoch from lower(r)) / 60)::bigint, ceil(extract(epoch from upper(r)) / 60)::bigint))
    from unnest(b.times) r)) from booked b)::text,
  (select json_agg(json_build_array(provider_id, service_id, times)) from visits)::text,
  (select json_agg(told) from (
"""
    + BUSY
    + """
    and (o.hold_id is not null or o.capacity > 1 or o.overbooked)) told)::text
"""
)

PATIENTS_TAKEN = """
select resource_id, json_agg(json_build_array(floor(extract(epoch from starts_at) / 60)::bigint,
  ceil(extract(epoch from upper(during)) / 60)::bigint))::text
from occupancy
where clinic_id = %(clinic_id)s and during && tstzrange(%(start)s, %(end)s)
  and starts_at < %(end)s and starts_at > %(start)s::timestamptz - interval '3 days'
  and appointment_id is not null
  and resource_id in (select id from patients where clinic_id = %(clinic_id)s)
group by resource_id
"""

DAYS = """
select distinct (at at time zone 'UTC')::date from (
  select starts_at as at from occupancy where clinic_id = %(clinic_id)s
  union all
  select (payload->>'start')::timestamptz from log
  where clinic_id = %(clinic_id)s and aggregate_type in ('hold', 'appointment')) told
where at is not null order by 1
"""

VISITS = """
select provider_id, service_id, starts_at, ends_at from appointments
where clinic_id = %(clinic_id)s and starts_at >= %(start)s and starts_at < %(end)s and status <> 'canceled'
  and freed_at is null and id is distinct from %(but)s::uuid
  and (provider_id = %(provider_id)s or service_id = %(service_id)s)
union all
select provider_id, service_id, starts_at, ends_at from holds
where clinic_id = %(clinic_id)s and starts_at >= %(start)s and starts_at < %(end)s and state = 'held'
  and expires_at > %(now)s and (provider_id = %(provider_id)s or service_id = %(service_id)s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is taken in a stretch of time, as of `seq`; minutes count from 1970 in UTC.

    `booked` has, by resource, the `[from, to)` that appointments take; patients are left out. `rows` are
    those that have to be told apart. `visits` are appointments as (start, length) by provider and service.
    """

    seq: int
    booked: Mapping[UUID, Sequence[tuple[int, int]]]
    rows: Sequence[Busy]
    visits: Sequence[tuple[UUID, UUID, Sequence[tuple[int, int]]]]


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
                    "overbooked": want.overbooked,
                }
                for want in wants
            ],
            msgspec.json.encode,
        ),
        "session_key": session_key,
        "hold_id": hold_id,
        "appointment_id": appointment_id,
    }


class _Row(msgspec.Struct):
    """A row of BUSY, by the names of its columns."""

    resource_id: UUID
    starts: datetime
    ends: datetime
    session_key: int
    seat: int
    capacity: int
    overbooked: bool
    service_id: UUID | None
    hold_id: UUID | None
    appointment_id: UUID | None
    expires_at: datetime | None
    owner: str | None
    client: str | None

    def busy(self) -> Busy:
        return Busy(
            resource_id=self.resource_id,
            span=Span(start=self.starts, end=self.ends),
            session_key=self.session_key,
            seat=self.seat,
            capacity=self.capacity,
            overbooked=self.overbooked,
            service_id=self.service_id,
            hold_id=self.hold_id,
            appointment_id=self.appointment_id,
            expires_at=self.expires_at,
            owner=self.owner,
            client=self.client,
        )


async def taken(tx: ReadTx, span: Span) -> Taken:
    """Read what is taken of every resource of the clinic."""
    row = await tx.row(TAKEN, start=span.start, end=span.end)
    if row is None or row[0] is None:
        raise NotFound("There is no such clinic.")
    return Taken(
        seq=row[0],
        booked=msgspec.json.decode(row[1] or "{}", type=dict[UUID, list[tuple[int, int]]]),
        rows=[row.busy() for row in msgspec.json.decode(row[3] or "[]", type=list[_Row])],
        visits=msgspec.json.decode(row[2] or "[]", type=list[tuple[UUID, UUID, list[tuple[int, int]]]]),
    )


async def patients_taken(tx: ReadTx, span: Span) -> Mapping[UUID, Sequence[tuple[int, int]]]:
    """Read what appointments take of the time of patients, in the form of `Taken.booked`."""
    rows = await tx.rows(PATIENTS_TAKEN, start=span.start, end=span.end)
    return {id_: msgspec.json.decode(times, type=list[tuple[int, int]]) for id_, times in rows}


async def days(tx: ReadTx) -> list[date]:
    """List the UTC days on which something begins that is taken, or was."""
    return [row[0] for row in await tx.rows(DAYS)]


async def explain_taken(tx: ReadTx, span: Span) -> list[str]:
    """Read what is taken once more, for the plan of it."""
    return await tx.plan(TAKEN, start=span.start, end=span.end)


async def visits(
    tx: ReadTx, span: Span, *, provider_id: UUID, service_id: UUID, now: datetime, but: UUID | None = None
) -> list[Visit]:
    """List the bookings, held ones too, of a provider or of a service that start in a stretch of time.

    `but` is an appointment that is left out: it is to be somewhere else.
    """
    rows = await tx.rows(
        VISITS,
        start=span.start,
        end=span.end,
        provider_id=provider_id,
        service_id=service_id,
        now=now,
        but=but,
    )
    return [Visit(provider_id=row[0], service_id=row[1], span=Span(start=row[2], end=row[3])) for row in rows]


async def of_resources(tx: ReadTx, resources: Sequence[UUID], span: Span) -> list[Busy]:
    """List what stands in the way of taking some resources then: what the exclusion constraint guards."""
    rows = await tx.rows(IN_WAY, resources=list(resources), start=span.start, end=span.end)
    return [_Row(*row).busy() for row in rows]


async def overbookings(tx: ReadTx, provider_id: UUID, span: Span) -> list[Busy]:
    """List all rows that overbookings have of a provider, of those that touch a stretch of time."""
    rows = await tx.rows(OVERBOOKINGS, provider_id=provider_id, start=span.start, end=span.end)
    return [_Row(*row).busy() for row in rows]


async def free(tx: WriteTx, *, hold_ids: Sequence[UUID]) -> None:
    """Give back what holds took."""
    await tx.run(
        "delete from occupancy where clinic_id = %(clinic_id)s and hold_id = any(%(hold_ids)s)",
        hold_ids=list(hold_ids),
    )
