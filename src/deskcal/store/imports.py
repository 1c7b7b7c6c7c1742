"""Imports as they stand: how far a file was taken, what became of its rows, what they made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from deskcal.core.importing import ImportKind, Outcome, Terms, Verdict
from deskcal.store.database import ReadTx, WriteTx

MadeKind = Literal["appointment", "patient", "provider", "service", "location"]
Known = Literal["appointment", "patient", "provider"]

COLUMNS: LiteralString = """
select i.id, i.kind, i.file_name, i.terms, i.state, i.taken, i.created_by, i.created_at, i.updated_at,
  (select json_object_agg(outcome, n) from (select outcome, count(*) as n from import_rows r
   where r.clinic_id = i.clinic_id and r.import_id = i.id group by outcome) counted)
from imports i where i.clinic_id = %(clinic_id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file read in one way. `taken` of its rows are done; `counts` has how many by outcome."""

    id: UUID
    kind: ImportKind
    file_name: str
    terms: Terms
    state: Literal["running", "finished", "reverting", "reverted"]
    taken: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    counts: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Something that an import made, at the version that it made it; and why it stays, if it has to."""

    kind: MadeKind
    id: UUID
    version: int = 1
    kept_because: str | None = None


def _import(row: tuple[Any, ...]) -> Import:
    return Import(
        id=row[0],
        kind=ImportKind(row[1]),
        file_name=row[2],
        terms=msgspec.convert(row[3], Terms),
        state=row[4],
        taken=row[5],
        created_by=row[6],
        created_at=row[7],
        updated_at=row[8],
        counts={Outcome(outcome): count for outcome, count in (row[9] or {}).items()},
    )


async def standing(tx: ReadTx, digest: bytes) -> Import | None:
    """Find the import of a file read in one way, unless that was taken back."""
    row = await tx.row(COLUMNS + " and i.digest = %(digest)s and i.state <> 'reverted'", digest=digest)
    return _import(row) if row else None


async def add(tx: WriteTx, made: Import, *, digest: bytes) -> None:
    await tx.run(
        "insert into imports (clinic_id, id, digest, kind, file_name, terms, created_by, created_at,"
        " updated_at) values (%(clinic_id)s, %(id)s, %(digest)s, %(kind)s, %(file_name)s, %(terms)s, %(by)s,"
        " %(at)s, %(at)s)",
        id=made.id,
        digest=digest,
        kind=made.kind,
        file_name=made.file_name,
        terms=Jsonb(made.terms, msgspec.json.encode),
        by=made.created_by,
        at=made.created_at,
    )


async def find(tx: ReadTx, import_id: UUID) -> Import | None:
    row = await tx.row(COLUMNS + " and i.id = %(id)s", id=import_id)
    return _import(row) if row else None


async def lock(tx: WriteTx, import_id: UUID) -> Import | None:
    """Look one up and keep everybody else from going on with it."""
    row = await tx.row(COLUMNS + " and i.id = %(id)s for update of i", id=import_id)
    return _import(row) if row else None


async def newest(tx: ReadTx, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Import]:
    """List imports, the newest first; `before` is the last one already seen."""
    rows = await tx.rows(
        COLUMNS
        + " and (%(at)s::timestamptz is null or (i.created_at, i.id) < (%(at)s, %(before)s::uuid))"
        + " order by i.created_at desc, i.id desc limit %(limit)s",
        at=before[0] if before else None,
        before=before[1] if before else None,
        limit=limit,
    )
    return [_import(row) for row in rows]


async def move_on(
    tx: WriteTx, import_id: UUID, *, state: str, at: datetime, taken: int | None = None
) -> None:
    """Write down where a locked import stands now."""
    await tx.run(
        "update imports set state = %(state)s, taken = coalesce(%(taken)s, taken), updated_at = %(at)s"
        " where clinic_id = %(clinic_id)s and id = %(id)s",
        id=import_id,
        state=state,
        taken=taken,
        at=at,
    )


async def keep_verdicts(tx: WriteTx, import_id: UUID, verdicts: Sequence[Verdict]) -> None:
    await tx.run(
        "insert into import_rows (clinic_id, import_id, number, outcome, made_id, starts_at, field, reason)"
        " select %(clinic_id)s, %(import_id)s, v.number, v.outcome, v.id, v.start, v.field, v.reason"
        " from jsonb_to_recordset(%(verdicts)s) v(number int, outcome text, id uuid, start timestamptz,"
        "  field text, reason text)",
        import_id=import_id,
        verdicts=Jsonb(verdicts, msgspec.json.encode),
    )


async def verdicts(
    tx: ReadTx, import_id: UUID, *, after: int, limit: int, outcomes: Sequence[Outcome] | None = None
) -> list[Verdict]:
    """List what became of the rows after a number, of all or those that ended so."""
    found = await tx.records(
        Verdict,
        "select number, outcome, made_id as id, starts_at as start, field, reason from import_rows"
        " where clinic_id = %(clinic_id)s and import_id = %(import_id)s and number > %(after)s"
        " and (%(outcomes)s::text[] is null or outcome = any(%(outcomes)s)) order by number limit %(limit)s",
        import_id=import_id,
        after=after,
        limit=limit,
        outcomes=None if outcomes is None else list(outcomes),
    )
    return [replace(one, outcome=Outcome(one.outcome)) for one in found]


async def keep_made(tx: WriteTx, import_id: UUID, made: Sequence[Made]) -> None:
    """Remember what an import made, so that it can be taken back."""
    await tx.run(
        "insert into import_made (clinic_id, import_id, kind, id, version)"
        " select %(clinic_id)s, %(import_id)s, m.kind, m.id, m.version"
        " from jsonb_to_recordset(%(made)s) m(kind text, id uuid, version int)",
        import_id=import_id,
        made=Jsonb(made, msgspec.json.encode),
    )


async def forget_reasons(tx: WriteTx) -> None:
    """Forget why rows were refused a month ago: a reason may quote what could not be read."""
    await tx.run(
        "update import_rows r set reason = null from imports i where r.clinic_id = %(clinic_id)s"
        " and i.clinic_id = r.clinic_id and i.id = r.import_id and r.reason is not null"
        " and i.updated_at < now() - interval '30 days'"
    )


async def made_by(
    tx: ReadTx, import_id: UUID, *, kind: MadeKind, limit: int | None = None, kept: bool = False
) -> list[Made]:
    """List what an import made and is still there: what was not judged yet, or what has to stay."""
    return await tx.records(
        Made,
        "select kind, id, version, kept_because from import_made where clinic_id = %(clinic_id)s"
        " and import_id = %(import_id)s and kind = %(made)s and (kept_because is not null) = %(kept)s"
        " order by id limit %(limit)s",
        import_id=import_id,
        made=kind,
        limit=limit,
        kept=kept,
    )


async def judge_made(tx: WriteTx, import_id: UUID, judged: Mapping[UUID, str | None]) -> None:
    """Forget what was taken back, and remember why the rest stays."""
    await tx.run(
        "delete from import_made where clinic_id = %(clinic_id)s and import_id = %(import_id)s"
        " and id = any(%(gone)s)",
        import_id=import_id,
        gone=[id_ for id_, why in judged.items() if why is None],
    )
    stays = {id_: why for id_, why in judged.items() if why is not None}
    await tx.run(
        "update import_made m set kept_because = k.why"
        " from unnest(%(ids)s::uuid[], %(reasons)s::text[]) k(id, why)"
        " where m.clinic_id = %(clinic_id)s and m.import_id = %(import_id)s and m.id = k.id",
        import_id=import_id,
        ids=list(stays),
        reasons=list(stays.values()),
    )


async def ids_of(tx: ReadTx, kind: Known, external_ids: Sequence[str]) -> dict[str, UUID]:
    """Give what is known by ids of other systems."""
    rows = await tx.rows(
        "select external_id, id from external_ids where clinic_id = %(clinic_id)s and kind = %(kind)s"
        " and external_id = any(%(external_ids)s)",
        kind=kind,
        external_ids=list(external_ids),
    )
    return {row[0]: row[1] for row in rows}


async def know(tx: WriteTx, kind: Known, ids: Mapping[str, UUID]) -> None:
    """Remember what other systems call things; what was called so before is gone."""
    await tx.run(
        "insert into external_ids (clinic_id, kind, external_id, id)"
        " select %(clinic_id)s, %(kind)s, e.external_id, e.id"
        " from unnest(%(external_ids)s::text[], %(ids)s::uuid[]) e(external_id, id)"
        " on conflict (clinic_id, kind, external_id) do update set id = excluded.id",
        kind=kind,
        external_ids=list(ids),
        ids=list(ids.values()),
    )


async def forget(tx: WriteTx, ids: Sequence[UUID]) -> None:
    """Forget what other systems call things that are gone."""
    await tx.run(
        "delete from external_ids where clinic_id = %(clinic_id)s and id = any(%(ids)s)", ids=list(ids)
    )


REMOVE: Mapping[Literal["appointment", "patient"], LiteralString] = {
    "appointment": "delete from appointments where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
    "patient": "delete from patients where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
}


async def remove(tx: WriteTx, kind: Literal["appointment", "patient"], ids: Sequence[UUID]) -> list[UUID]:
    """Delete rows that nothing else names; gives those that stay because something does."""
    try:
        async with tx.connection.transaction():
            await tx.run(REMOVE[kind], ids=list(ids))
    except psycopg.errors.ForeignKeyViolation:
        if len(ids) == 1:
            return list(ids)
        half = len(ids) // 2
        return [*await remove(tx, kind, ids[:half]), *await remove(tx, kind, ids[half:])]
    return []
