"""Jobs and their items: what is to be done to many appointments, and how far it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from deskcal.core.access import Role
from deskcal.core.job import Item, ItemState, Job, JobState, Place
from deskcal.store.database import ReadTx, WriteTx

SELECT: LiteralString = """
select id, kind, request, state, total, done, refused, skipped, undo_of, created_by, created_role, created_at,
  finished_at
from jobs where clinic_id = %(clinic_id)s
"""

AT_WORK: LiteralString = """
select clinic_id, id from jobs where state in ('waiting', 'running') order by created_at
"""

ITEMS: LiteralString = """
select i.n, i.appointment_id, a.reference, p.name, a.timezone, i.state, i.before, i.after, i.reason
from job_items i
join appointments a on a.clinic_id = i.clinic_id and a.id = i.appointment_id
join patients p on p.clinic_id = a.clinic_id and p.id = a.patient_id
where i.clinic_id = %(clinic_id)s and i.job_id = %(job_id)s
"""

ADD: LiteralString = """
with added as (
  insert into jobs (clinic_id, id, kind, request, state, total, undo_of, created_by, created_role, created_at,
    finished_at)
  values (%(clinic_id)s, %(id)s, %(kind)s, %(request)s, %(state)s, %(total)s, %(undo_of)s, %(created_by)s,
    %(created_role)s, %(created_at)s, %(finished_at)s)
)
insert into job_items (clinic_id, job_id, n, appointment_id)
select %(clinic_id)s, %(id)s, w.n, w.id from unnest(%(appointments)s::uuid[]) with ordinality w(id, n)
"""


def _job(row: Sequence[Any]) -> Job:
    return Job(
        id=row[0],
        kind=row[1],
        request=row[2],
        state=JobState(row[3]),
        total=row[4],
        done=row[5],
        refused=row[6],
        skipped=row[7],
        undo_of=row[8],
        created_by=row[9],
        created_role=Role(row[10]),
        created_at=row[11],
        finished_at=row[12],
    )


def _item(row: Sequence[Any]) -> Item:
    return Item(
        n=row[0],
        appointment_id=row[1],
        reference=row[2],
        patient_name=row[3],
        timezone=row[4],
        state=ItemState(row[5]),
        before=msgspec.convert(row[6], Place | None),
        after=msgspec.convert(row[7], Place | None),
        reason=row[8],
    )


async def add(tx: WriteTx, job: Job, appointment_ids: Sequence[UUID]) -> None:
    """Write a job with an item for each appointment, in their order."""
    await tx.run(
        ADD,
        id=job.id,
        kind=job.kind,
        request=Jsonb(job.request, msgspec.json.encode),
        state=job.state,
        total=job.total,
        undo_of=job.undo_of,
        created_by=job.created_by,
        created_role=job.created_role,
        created_at=job.created_at,
        finished_at=job.finished_at,
        appointments=list(appointment_ids),
    )


async def find(tx: ReadTx, job_id: UUID) -> Job | None:
    row = await tx.row(SELECT + " and id = %(id)s", id=job_id)
    return _job(row) if row else None


async def lock(tx: WriteTx, job_id: UUID) -> Job | None:
    """Look one up and keep everybody else from working on it until the transaction ends."""
    row = await tx.row(SELECT + " and id = %(id)s for update", id=job_id)
    return _job(row) if row else None


async def listed(tx: ReadTx, *, limit: int, after: tuple[datetime, UUID] | None) -> list[Job]:
    """List jobs, the latest first."""
    created_at, id_ = after or (None, None)
    rows = await tx.rows(
        SELECT + " and (%(at)s::timestamptz is null or (created_at, id) < (%(at)s, %(id)s))"
        " order by created_at desc, id desc limit %(limit)s",
        at=created_at,
        id=id_,
        limit=limit,
    )
    return [_job(row) for row in rows]


async def at_work(tx: ReadTx) -> list[tuple[UUID, UUID]]:
    """List the jobs to work on as (clinic, job), oldest first; sees the whole installation."""
    return [(clinic_id, id_) for clinic_id, id_ in await tx.rows(AT_WORK)]


async def undoing(tx: WriteTx, job_id: UUID) -> Job | None:
    """Give the job that undoes another and is not over, locked."""
    row = await tx.row(
        SELECT + " and undo_of = %(id)s and state in ('waiting', 'running', 'stopped') for update", id=job_id
    )
    return _job(row) if row else None


async def write(tx: WriteTx, job: Job) -> None:
    """Write how far a locked job is."""
    await tx.run(
        "update jobs set state = %(state)s, done = %(done)s, refused = %(refused)s, skipped = %(skipped)s,"
        " finished_at = %(finished_at)s where clinic_id = %(clinic_id)s and id = %(id)s",
        id=job.id,
        state=job.state,
        done=job.done,
        refused=job.refused,
        skipped=job.skipped,
        finished_at=job.finished_at,
    )


async def items(
    tx: ReadTx, job_id: UUID, *, state: ItemState | None = None, after: int = 0, limit: int
) -> list[Item]:
    """List items by number, those after one."""
    rows = await tx.rows(
        ITEMS + " and i.n > %(after)s and (%(state)s::text is null or i.state = %(state)s)"
        " order by i.n limit %(limit)s",
        job_id=job_id,
        state=state,
        after=after,
        limit=limit,
    )
    return [_item(row) for row in rows]


async def next_item(tx: ReadTx, job: Job) -> Item | None:
    """Give the item of a locked job that has its turn now."""
    row = await tx.row(ITEMS + " and i.n = %(n)s", job_id=job.id, n=job.had + 1)
    return _item(row) if row else None


async def item_of(tx: ReadTx, job_id: UUID, appointment_id: UUID) -> Item | None:
    """Give the item of an appointment."""
    row = await tx.row(ITEMS + " and i.appointment_id = %(id)s", job_id=job_id, id=appointment_id)
    return _item(row) if row else None


async def write_item(tx: WriteTx, job_id: UUID, item: Item) -> None:
    """Write what became of an item."""
    await tx.run(
        "update job_items set state = %(state)s, before = %(before)s, after = %(after)s, reason = %(reason)s"
        " where clinic_id = %(clinic_id)s and job_id = %(job_id)s and n = %(n)s",
        job_id=job_id,
        n=item.n,
        state=item.state,
        before=item.before and Jsonb(item.before, msgspec.json.encode),
        after=item.after and Jsonb(item.after, msgspec.json.encode),
        reason=item.reason,
    )


async def to_undo(tx: ReadTx, job_id: UUID) -> list[UUID]:
    """List the appointments to which a job did something that stands, the last one first."""
    rows = await tx.rows(
        "select appointment_id from job_items where clinic_id = %(clinic_id)s and job_id = %(job_id)s"
        " and state = 'done' order by n desc",
        job_id=job_id,
    )
    return [id_ for (id_,) in rows]


async def note_undone(tx: WriteTx, job_id: UUID) -> bool:
    """Call a job undone if nothing that it did stands; False while something does."""
    return bool(
        await tx.run(
            "update jobs set state = 'undone' where clinic_id = %(clinic_id)s and id = %(id)s"
            " and not exists (select from job_items where clinic_id = %(clinic_id)s and job_id = %(id)s"
            "   and state = 'done')",
            id=job_id,
        )
    )
