"""The waitlist: who waits, and what they were offered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg.types.range import Range

from deskcal.core.span import Span
from deskcal.core.waitlist import EntryState, Offer, OfferState, WaitlistEntry
from deskcal.store.database import ReadTx, WriteTx

SELECT: LiteralString = """
select e.id, e.patient_id, e.service_id, e.created_by, e.created_at, e.updated_at, e.provider_ids,
  e.location_id, e.first_date, e.last_date, e.times, e.notes, e.priority, e.state, e.appointment_id,
  p.name, s.title, e.version,
  (select jsonb_agg(jsonb_build_array(o.id, o.hold_id, o.provider_id, o.starts_at, o.ends_at, o.state,
     o.offered_at, o.expires_at) order by o.offered_at, o.id) from waitlist_offers o
   where o.clinic_id = e.clinic_id and o.entry_id = e.id)
from waitlist_entries e
join patients p on p.clinic_id = e.clinic_id and p.id = e.patient_id
join services s on s.clinic_id = e.clinic_id and s.id = e.service_id
where e.clinic_id = %(clinic_id)s
"""

# Only the newest offer can be open, so only it can change.
OFFER: LiteralString = """
insert into waitlist_offers (clinic_id, id, entry_id, hold_id, provider_id, starts_at, ends_at, state,
  offered_at, expires_at)
values (%(clinic_id)s, %(id)s, %(entry_id)s, %(hold_id)s, %(provider_id)s, %(start)s, %(end)s, %(state)s,
  %(offered_at)s, %(expires_at)s)
on conflict (clinic_id, id) do update set state = %(state)s, ended_at = %(now)s
  where waitlist_offers.state = 'open'
"""


def _entry(row: tuple[Any, ...]) -> WaitlistEntry:
    return WaitlistEntry(
        id=row[0],
        patient_id=row[1],
        service_id=row[2],
        created_by=row[3],
        created_at=row[4],
        updated_at=row[5],
        provider_ids=tuple(row[6]),
        location_id=row[7],
        first_date=row[8],
        last_date=row[9],
        times=tuple((one.lower, one.upper) for one in row[10]),
        notes=row[11],
        priority=row[12],
        state=EntryState(row[13]),
        appointment_id=row[14],
        patient_name=row[15],
        service_title=row[16],
        version=row[17],
        offers=tuple(_offer(offer) for offer in row[18] or ()),
    )


def _offer(row: list[str]) -> Offer:
    id_, hold_id, provider_id, start, end, state, offered_at, expires_at = row
    return Offer(
        id=UUID(id_),
        hold_id=UUID(hold_id),
        provider_id=UUID(provider_id),
        span=Span(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end)),
        state=OfferState(state),
        offered_at=datetime.fromisoformat(offered_at),
        expires_at=datetime.fromisoformat(expires_at),
    )


async def add(tx: WriteTx, entry: WaitlistEntry) -> None:
    await tx.run(
        "insert into waitlist_entries (clinic_id, id, patient_id, service_id, provider_ids, location_id,"
        " first_date, last_date, times, notes, priority, created_by, created_at, updated_at) values"
        " (%(clinic_id)s, %(id)s, %(patient_id)s, %(service_id)s, %(provider_ids)s, %(location_id)s,"
        " %(first_date)s, %(last_date)s, %(times)s::int4range[], %(notes)s, %(priority)s, %(created_by)s,"
        " %(now)s, %(now)s)",
        id=entry.id,
        patient_id=entry.patient_id,
        service_id=entry.service_id,
        provider_ids=list(entry.provider_ids),
        location_id=entry.location_id,
        first_date=entry.first_date,
        last_date=entry.last_date,
        times=[Range(opens, closes) for opens, closes in entry.times],
        notes=entry.notes,
        priority=entry.priority,
        created_by=entry.created_by,
        now=entry.created_at,
    )


async def find(tx: ReadTx, entry_id: UUID) -> WaitlistEntry | None:
    row = await tx.row(SELECT + " and e.id = %(id)s", id=entry_id)
    return _entry(row) if row else None


async def lock(tx: WriteTx, entry_id: UUID) -> WaitlistEntry | None:
    """Look one up and keep everybody else from changing it, or its offers, until this transaction does."""
    # In two statements: one that waited for the lock would give the offers as they were before.
    await tx.row(
        "select from waitlist_entries where clinic_id = %(clinic_id)s and id = %(id)s for update", id=entry_id
    )
    return await find(tx, entry_id)


async def of_hold(tx: ReadTx, hold_id: UUID) -> UUID | None:
    """Give the entry that a hold was placed for."""
    row = await tx.row(
        "select entry_id from waitlist_offers where clinic_id = %(clinic_id)s and hold_id = %(hold_id)s",
        hold_id=hold_id,
    )
    return row[0] if row else None


async def page(
    tx: ReadTx,
    *,
    patient_id: UUID | None,
    service_id: UUID | None,
    states: Collection[EntryState] | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[WaitlistEntry]:
    """List entries, who waits longest first; `after` is the last one already seen."""
    rows = await tx.rows(
        SELECT
        + " and (%(patient_id)s::uuid is null or e.patient_id = %(patient_id)s)"
        + " and (%(service_id)s::uuid is null or e.service_id = %(service_id)s)"
        + " and (%(states)s::text[] is null or e.state = any(%(states)s))"
        + " and (%(at)s::timestamptz is null or (e.created_at, e.id) > (%(at)s, %(after)s::uuid))"
        + " order by e.created_at, e.id limit %(limit)s",
        patient_id=patient_id,
        service_id=service_id,
        states=None if states is None else list(states),
        at=after[0] if after else None,
        after=after[1] if after else None,
        limit=limit,
    )
    return [_entry(row) for row in rows]


async def waiting(tx: ReadTx, service_ids: Collection[UUID], *, but: UUID) -> list[WaitlistEntry]:
    """List who waits for any of some services, all but one patient."""
    rows = await tx.rows(
        SELECT + " and e.state = 'waiting' and e.service_id = any(%(services)s) and e.patient_id <> %(but)s",
        services=list(service_ids),
        but=but,
    )
    return [_entry(row) for row in rows]


async def write(tx: WriteTx, entry: WaitlistEntry) -> None:
    """Write down where a locked entry and its offers stand now."""
    await tx.run(
        "update waitlist_entries set state = %(state)s, appointment_id = %(appointment_id)s,"
        " updated_at = %(now)s, version = %(version)s where clinic_id = %(clinic_id)s and id = %(id)s",
        id=entry.id,
        state=entry.state,
        appointment_id=entry.appointment_id,
        now=entry.updated_at,
        version=entry.version,
    )
    for offer in entry.offers[-1:]:
        await tx.run(
            OFFER,
            id=offer.id,
            entry_id=entry.id,
            hold_id=offer.hold_id,
            provider_id=offer.provider_id,
            start=offer.span.start,
            end=offer.span.end,
            state=offer.state,
            offered_at=offer.offered_at,
            expires_at=offer.expires_at,
            now=entry.updated_at,
        )
