"""Appointments listed: by what is asked of them, in order of start, page after page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString, TypeAlias
from uuid import UUID

from deskcal.core.booking import Appointment, Status
from deskcal.core.lifecycle import STANDING
from deskcal.core.span import Span
from deskcal.store.appointments import SELECT, appointment_of
from deskcal.store.database import ReadTx

LONGEST = timedelta(days=2)

Place: TypeAlias = tuple[datetime, UUID]
"""Where a page ended: start and id of its last appointment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which appointments are meant; None leaves none out.

    `span` is overlapped by them, and none lasts longer than LONGEST. `reference` is a whole one, its `B-` may
    be missing. Ahead of a moment is what stands and is not over then; behind it is the rest, latest first.
    """

    span: Span | None = None
    patient_id: UUID | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None
    service_id: UUID | None = None
    booked_by: str | None = None
    statuses: frozenset[Status] | None = None
    walk_in: bool | None = None
    reference: str | None = None
    ahead_of: datetime | None = None
    behind: datetime | None = None


CONDITIONS: Mapping[str, LiteralString] = {
    "end": " and a.starts_at > %(earliest)s and a.starts_at < %(end)s and a.ends_at > %(start)s",
    "patient_id": " and a.patient_id = %(patient_id)s",
    "provider_id": " and a.provider_id = %(provider_id)s",
    "location_id": " and d.location_id = %(location_id)s",
    "service_id": " and a.service_id = %(service_id)s",
    "booked_by": " and a.booked_by = %(booked_by)s",
    "statuses": " and a.status = any(%(statuses)s)",
    "walk_in": " and a.walk_in = %(walk_in)s",
    "reference": " and a.reference = any(%(reference)s)",
    "ahead_of": " and a.ends_at > %(ahead_of)s and a.status = any(%(standing)s)",
    "behind": " and (a.ends_at <= %(behind)s or a.status <> all(%(standing)s))",
}


def statement(wanted: Filter, *, after: Place | None = None) -> tuple[LiteralString, dict[str, Any]]:
    """Give the statement that lists what is wanted, with its parameters but for offset and limit."""
    latest_first = wanted.behind is not None
    span, reference = wanted.span, wanted.reference and wanted.reference.upper()
    params = {
        "start": span and span.start,
        "end": span and span.end,
        "earliest": span and span.start - LONGEST,
        "patient_id": wanted.patient_id,
        "provider_id": wanted.provider_id,
        "location_id": wanted.location_id,
        "service_id": wanted.service_id,
        "booked_by": wanted.booked_by,
        "statuses": None if wanted.statuses is None else list(wanted.statuses),
        "walk_in": wanted.walk_in,
        "reference": reference and [reference, f"B-{reference}"],
        "ahead_of": wanted.ahead_of,
        "behind": wanted.behind,
        "standing": list(STANDING),
    }
    query = SELECT + "".join(text for name, text in CONDITIONS.items() if params[name] is not None)
    if after is not None:
        query += (
            " and (a.starts_at, a.id) < (%(after)s, %(after_id)s)"
            if latest_first
            else " and (a.starts_at, a.id) > (%(after)s, %(after_id)s)"
        )
        params["after"], params["after_id"] = after
    order: LiteralString = (
        " order by a.starts_at desc, a.id desc" if latest_first else " order by a.starts_at, a.id"
    )
    return query + order + " offset %(offset)s limit %(limit)s", params


async def appointments(
    tx: ReadTx,
    wanted: Filter,
    *,
    limit: int,
    offset: int = 0,
    after: Place | None = None,
) -> list[Appointment]:
    """List what is wanted by start. A place to go on after stays right while appointments come and go."""
    query, params = statement(wanted, after=after)
    return [appointment_of(row) for row in await tx.rows(query, **params, offset=offset, limit=limit)]
