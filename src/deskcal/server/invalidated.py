"""What a change of the catalogue makes uncertain: whose availability, and when, as far as the entry tells."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.clinic import Equipment, Provider, Room
from deskcal.core.localtime import whole_days
from deskcal.core.span import Span
from deskcal.store.catalog import Catalog
from deskcal.store.log import Entry


def invalidated(catalog: Catalog, entry: Entry) -> dict[str, Any]:
    """Spell the payload of `availability.invalidated`; None concerns everybody, or any time."""
    whose = str(entry.aggregate_id) if entry.aggregate_type == "provider" else entry.payload.get("providerId")
    span = _when(catalog, entry)
    return {"providerId": whose, "timeRange": span and time_range(span)}


def time_range(span: Span) -> dict[str, str]:
    """Spell a stretch of time as events do."""
    return {"start": span.start.isoformat(), "end": span.end.isoformat()}


def _when(catalog: Catalog, entry: Entry) -> Span | None:
    """Give the time of a slot, else the days of an added closure, or of a window that does not recur."""
    if "start" in entry.payload:
        return Span(**{side: datetime.fromisoformat(entry.payload[side]) for side in ("start", "end")})
    added = UUID(entry.payload["windowId"]) if "windowId" in entry.payload else entry.aggregate_id
    things: list[Provider | Room | Equipment] = [*catalog.providers.values(), *catalog.rooms]
    for thing in (*things, *catalog.equipment):
        for first, last in _days_of(thing, added):
            return whole_days(first, last, ZoneInfo(thing.timezone))
    return None


def _days_of(thing: Provider | Room | Equipment, id_: UUID) -> Iterator[tuple[date, date]]:
    units = thing.units if isinstance(thing, Equipment) else ()
    for window in (*thing.windows, *(window for unit in units for window in unit.windows)):
        if window.id == id_ and window.rule is None:
            yield window.start.date(), (window.end - datetime.resolution).date()
    for closure in thing.closures:
        if closure.id == id_:
            yield closure.first, closure.last
