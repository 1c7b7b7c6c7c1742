"""What the next change of clocks touches, and what another copy of the time zone data would."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Equipment, Provider, Room, Unit
from deskcal.core.clock_change import (
    ClockChange,
    Touched,
    clock_changes,
    disagreements,
    hours_touched,
    window_touched,
)
from deskcal.core.localtime import find_zone
from deskcal.core.span import Span
from deskcal.core.window import Window
from deskcal.store import appointments, catalog, clinics
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx
from deskcal.store.zone_data import ZoneData

AHEAD = timedelta(days=731)
"""Within it every zone that has changes has one."""
LOOK_AHEAD = timedelta(days=400)

Thing: TypeAlias = Provider | Room | Equipment


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursTouched:
    """Weekly hours of a provider, or an occurrence of a window of something, at the change."""

    thing: Thing
    unit: Unit | None
    window: Window | None
    touched: Touched


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A change, the hours that it touches, and the appointments of that time."""

    change: ClockChange
    hours: Sequence[HoursTouched]
    appointments: Sequence[Appointment]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTime:
    """A stretch of time in which a zone has another offset by another copy of the data."""

    zone: str
    span: Span
    offset: timedelta
    then: timedelta
    appointments: Sequence[Appointment]
    """Those that would be shown at another time; each keeps its instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """All of it, by instant. The first of `copies` is in use; `others` tells what each other one changes."""

    zones: Sequence[str]
    changes: Sequence[Rehearsed]
    copies: Sequence[ZoneData]
    others: Sequence[Sequence[OtherTime]]


async def rehearse(
    database: Database,
    actor: Actor,
    now: datetime,
    *,
    zone: str | None,
    year: int | None,
    copies: Sequence[ZoneData],
) -> Rehearsal:
    """Look at the next change of each zone that the clinic works in, or at all of a year.

    Raises Invalid for a zone that is none.
    """
    only = find_zone(zone) if zone else None
    async with database.read(actor.clinic_id, snapshot=True) as tx:
        known = await catalog.catalog(tx)
        places = [place.timezone for place in await clinics.locations(tx)]
        names = {known.clinic.timezone, *filter(None, places), *(one.timezone for one in _things(known))}
        zones = [only] if only else [find_zone(name) for name in sorted(names)]
        changes = [change for one in zones for change in _changes(one, now, year)]
        rehearsed = [
            await _rehearsed(tx, known, change) for change in sorted(changes, key=lambda one: one.at)
        ]
        coming = await _within(tx, Span(start=now, end=now + LOOK_AHEAD)) if len(copies) > 1 else []
    return Rehearsal(
        zones=[one.key for one in zones],
        changes=rehearsed,
        copies=copies,
        others=[list(_other_times(copies[0], other, zones, coming, now)) for other in copies[1:]],
    )


def _changes(zone: ZoneInfo, now: datetime, year: int | None) -> list[ClockChange]:
    if year is not None:
        span = Span(start=datetime(year, 1, 1, tzinfo=UTC), end=datetime(year + 1, 1, 1, tzinfo=UTC))
        return list(clock_changes(zone, span))
    return list(clock_changes(zone, Span(start=now, end=now + AHEAD)))[:1]


async def _rehearsed(tx: ReadTx, known: Catalog, change: ClockChange) -> Rehearsed:
    return Rehearsed(
        change=change,
        hours=list(_hours(known, change)),
        appointments=[made for made in await _within(tx, change.about) if made.timezone == change.zone.key],
    )


def _things(known: Catalog) -> list[Thing]:
    return [*known.providers.values(), *known.rooms, *known.equipment]


def _hours(known: Catalog, change: ClockChange) -> Iterator[HoursTouched]:
    for thing in (one for one in _things(known) if one.timezone == change.zone.key):
        if isinstance(thing, Provider):
            for touched in hours_touched(thing.openings, change):
                yield HoursTouched(thing=thing, unit=None, window=None, touched=touched)
        windows: list[tuple[Unit | None, Window]] = [(None, window) for window in thing.windows]
        for unit in thing.units if isinstance(thing, Equipment) else ():
            windows += [(unit, window) for window in unit.windows]
        for owner, window in windows:
            for touched in window_touched(window, change):
                yield HoursTouched(thing=thing, unit=owner, window=window, touched=touched)


def _other_times(
    used: ZoneData, other: ZoneData, zones: Iterable[ZoneInfo], coming: Sequence[Appointment], now: datetime
) -> Iterator[OtherTime]:
    for key in (zone.key for zone in zones):
        one, then = used.zone(key), other.zone(key)
        if one is None or then is None:
            continue
        for span, offset, offset_then in disagreements(one, then, Span(start=now, end=now + LOOK_AHEAD)):
            yield OtherTime(
                zone=key,
                span=span,
                offset=offset,
                then=offset_then,
                appointments=[made for made in coming if made.timezone == key and made.span.overlaps(span)],
            )


async def _within(tx: ReadTx, span: Span) -> list[Appointment]:
    return await appointments.taking_any(tx, span, resource_ids=None)
