"""Availability windows of providers, rooms and equipment, and the days on which a clinic is closed."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal, LiteralString
from uuid import UUID

from deskcal.core.clinic import Closure
from deskcal.core.window import Window, WindowKind, over_at
from deskcal.store.database import ReadTx, WriteTx

ResourceKind = Literal["provider", "room", "equipment"]

WINDOWS: LiteralString = """
select resource_id, id, kind, starts_at, ends_at, all_day, recurrence_rule, reason, source, source_uid
from windows where clinic_id = %(clinic_id)s
"""

CLOSURES: LiteralString = """
select id, first_date as first, last_date as last, reason, location_id, source from closures
where clinic_id = %(clinic_id)s and last_date >= coalesce(%(since)s, current_date - 400)
order by first_date, last_date, id
"""


def _by_resource(rows: Iterable[tuple[Any, ...]]) -> dict[UUID, tuple[Window, ...]]:
    found: dict[UUID, list[Window]] = {}
    for resource_id, id_, kind, start, end, all_day, rule, reason, source, source_uid in rows:
        window = Window(
            id=id_,
            kind=WindowKind(kind),
            start=start,
            end=end,
            all_day=all_day,
            rule=rule,
            reason=reason,
            source=source,
            source_uid=source_uid,
        )
        found.setdefault(resource_id, []).append(window)
    return {resource_id: tuple(windows) for resource_id, windows in found.items()}


async def every(tx: ReadTx, since: date) -> dict[UUID, tuple[Window, ...]]:
    """Read the windows of the clinic by resource, those that are over before a local date left out."""
    return _by_resource(
        await tx.rows(
            WINDOWS + " and (over_at is null or over_at > %(since)s) order by starts_at, id", since=since
        )
    )


async def of(tx: ReadTx, resource_ids: Iterable[UUID]) -> dict[UUID, tuple[Window, ...]]:
    """Read all windows of some resources, by start; those without any are left out."""
    return _by_resource(
        await tx.rows(
            WINDOWS + " and resource_id = any(%(resources)s) order by starts_at, id",
            resources=list(resource_ids),
        )
    )


async def add(tx: WriteTx, kind: ResourceKind, resource_id: UUID, window: Window) -> None:
    await tx.run(
        "insert into windows (clinic_id, id, resource_kind, resource_id, kind, starts_at, ends_at, all_day,"
        " recurrence_rule, over_at, reason, source, source_uid) values (%(clinic_id)s, %(id)s,"
        " %(resource_kind)s, %(resource_id)s, %(kind)s, %(start)s, %(end)s, %(all_day)s, %(rule)s,"
        " %(over_at)s, %(reason)s, %(source)s, %(source_uid)s)",
        id=window.id,
        resource_kind=kind,
        resource_id=resource_id,
        kind=window.kind,
        start=window.start,
        end=window.end,
        all_day=window.all_day,
        rule=window.rule,
        over_at=over_at(window),
        reason=window.reason,
        source=window.source,
        source_uid=window.source_uid,
    )


async def remove(tx: WriteTx, window_id: UUID) -> None:
    await tx.run("delete from windows where clinic_id = %(clinic_id)s and id = %(id)s", id=window_id)


async def closures(tx: ReadTx, *, since: date | None = None) -> list[Closure]:
    """List the closures by date, but for those over before a date, or for 400 days."""
    return await tx.records(Closure, CLOSURES, since=since)


async def add_closure(tx: WriteTx, closure: Closure) -> bool:
    """Write a closure; False when the same one was there already."""
    added = await tx.run(
        "insert into closures (clinic_id, id, location_id, first_date, last_date, reason, source)"
        " values (%(clinic_id)s, %(id)s, %(location_id)s, %(first)s, %(last)s, %(reason)s, %(source)s)"
        " on conflict (clinic_id, location_id, first_date, last_date, reason) do nothing",
        id=closure.id,
        location_id=closure.location_id,
        first=closure.first,
        last=closure.last,
        reason=closure.reason,
        source=closure.source,
    )
    return added == 1


async def remove_closure(tx: WriteTx, closure_id: UUID) -> bool:
    """Delete a closure; False when there is none of that id."""
    removed = await tx.run(
        "delete from closures where clinic_id = %(clinic_id)s and id = %(id)s", id=closure_id
    )
    return removed == 1
