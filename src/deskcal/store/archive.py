"""Old months of the log, written to files and taken out of the database."""

import gzip
import hashlib
import os
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import msgspec
import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from deskcal.store.contents import Tell
from deskcal.store.upkeep import Connection, DatabaseRefusal, connected, insist_sees_all

LOCK_TIMEOUT = "5s"
AROUND = "4 days"
"""A booking may start so long before a local day that it lies on; replaying the day reads its entries."""

PARTITIONS = """
select relname from pg_class c join pg_inherits i on i.inhrelid = c.oid
where i.inhparent = 'log'::regclass order by relname
"""
SPANS = sql.SQL("select clinic_id, min(seq), max(seq), count(*) from {} group by clinic_id")
ENTRIES = sql.SQL("""
select clinic_id as "clinicId", seq, occurred_at as "occurredAt", aggregate_type as "aggregateType",
  aggregate_id as "aggregateId", event_type as "eventType", actor, payload, trace_id as "traceId"
from {} order by clinic_id, seq
""")
# Readers that have not come so far yet, and events that ops still have to decide of.
WANTED = sql.SQL("""
with spans as (select clinic_id, min(seq) as first, max(seq) as last from {} group by clinic_id)
select r.reader || ' has not read it all yet' from (select distinct reader from reader_cursors) r, spans s
  where s.last > coalesce(
    (select seq from reader_cursors c where c.clinic_id = s.clinic_id and c.reader = r.reader), 0)
union
select 'it has parked events: deskcal parked list' from parked_events p join spans s
  on s.clinic_id = p.clinic_id and p.seq between s.first and s.last where p.dropped_at is null
""")
# What later times rest on stays: replaying them reads it.
KEEP = sql.SQL("""
insert into log select l.* from {} l where l.aggregate_type in ('hold', 'appointment') and (
  (l.payload->>'start')::timestamptz >= %(from)s or (l.payload->'previous'->>'start')::timestamptz >= %(from)s
  or exists (select from appointments a where a.clinic_id = l.clinic_id and a.id = l.aggregate_id
    and a.ends_at >= %(from)s))
""")
RECORD: LiteralString = """
insert into log_archives
  (clinic_id, month, first_seq, last_seq, entries, kept_from, file, sha256, archived_at)
values
  (%(clinic_id)s, %(month)s, %(first)s, %(last)s, %(entries)s, %(before)s, %(file)s, %(sha256)s, now())
"""

Span = tuple[UUID, int, int, int]


class Month(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A month of the log: how many entries of how many clinics, and where they are now, or would be."""

    month: date
    entries: int
    clinics: int
    file: str
    sha256: str | None


def archive(url: str, before: date, folder: Path, *, dry_run: bool, tell: Tell) -> list[Month]:
    """Take the months before one out of the log, the oldest first, each whole or not at all.

    A file is on the disk before its month leaves the database, and equal when it is written again: killed
    anywhere, it can be done again. Raises DatabaseRefusal for a month that is still needed.
    """
    with connected(url) as connection:
        insist_sees_all(connection)
        connection.execute("set timezone to 'UTC'")
        names = [str(name) for (name,) in connection.execute(PARTITIONS).fetchall()]
        months = {_month(name): name for name in names if _month(name) is not None}
        old = sorted(month for month in months if month is not None and month < before)
        done = []
        for number, month in enumerate(old, 1):
            done.append(_archived(connection, months[month], month, before, folder, dry_run=dry_run))
            tell("months", number, len(old))
    return [one for one in done if one.entries]


def _archived(
    connection: Connection, table: str, month: date, before: date, folder: Path, *, dry_run: bool
) -> Month:
    name = sql.Identifier(table)
    spans: Sequence[Span] = connection.execute(SPANS.format(name)).fetchall()
    reasons = [str(why) for (why,) in connection.execute(WANTED.format(name)).fetchall()]
    if reasons:
        raise DatabaseRefusal(f"{month:%Y-%m} cannot be archived yet: {'; '.join(sorted(reasons))}.")
    file = folder.absolute() / f"log-{month:%Y-%m}.jsonl.gz"
    sha256 = None
    if not dry_run:
        sha256 = _written(connection, name, file) if spans else None
        _taken_out(connection, name, spans, month=month, before=before, file=file, sha256=sha256)
    return Month(
        month=month,
        entries=sum(entries for *_, entries in spans),
        clinics=len(spans),
        file=str(file),
        sha256=sha256,
    )


def _written(connection: Connection, table: sql.Identifier, file: Path) -> str:
    """Write a month's entries as JSON lines; the same entries are the same bytes. Gives the checksum."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with (
            gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
            connection.transaction(),
            connection.cursor("entries", row_factory=dict_row) as cursor,
        ):
            cursor.execute(ENTRIES.format(table))
            for entry in cursor:
                packed.write(msgspec.json.encode(entry) + b"\n")
        raw.flush()
        os.fsync(raw.fileno())
    written = _checksum(part)
    if file.exists() and _checksum(file) != written:
        part.unlink()
        raise DatabaseRefusal(f"{file} is there already and holds something else. Move it away.")
    part.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return written


def _taken_out(
    connection: Connection,
    table: sql.Identifier,
    spans: Sequence[Span],
    *,
    month: date,
    before: date,
    file: Path,
    sha256: str | None,
) -> None:
    """Take a month that was written out of the log, but for what later times rest on, in one transaction."""
    start = datetime.combine(before, datetime.min.time())
    try:
        with connection.transaction():
            connection.execute(sql.SQL("set local lock_timeout = {}").format(LOCK_TIMEOUT))
            connection.execute("lock table log in access exclusive mode")
            if connection.execute(SPANS.format(table)).fetchall() != spans:
                raise DatabaseRefusal(f"Somebody wrote to {month:%Y-%m} meanwhile. Do it again.")
            for clinic_id, first, last, entries in spans:
                facts: dict[str, Any] = {
                    "clinic_id": clinic_id,
                    "month": month,
                    "first": first,
                    "last": last,
                    "entries": entries,
                    "before": before,
                    "file": str(file),
                    "sha256": sha256,
                }
                connection.execute(RECORD, facts)
            connection.execute(sql.SQL("alter table log detach partition {}").format(table))
            [(kept_from,)] = connection.execute(
                "select %s::timestamptz - %s::interval", [start, AROUND]
            ).fetchall()
            connection.execute(KEEP.format(table), {"from": kept_from})
            connection.execute(sql.SQL("drop table {}").format(table))
    except psycopg.errors.LockNotAvailable as error:
        raise DatabaseRefusal("The clinic is too busy just now. Do it again in a quiet moment.") from error


def _month(partition: str) -> date | None:
    found = re.fullmatch(r"log_(\d{4})_(\d{2})", partition)
    return date(int(found[1]), int(found[2]), 1) if found else None


def _checksum(file: Path) -> str:
    with file.open("rb") as read:
        return hashlib.file_digest(read, "sha256").hexdigest()
