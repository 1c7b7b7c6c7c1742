"""Closures: days on which a clinic or a location is shut, one by one or by the public holidays of a year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, Actor
from deskcal.core.booking import Appointment
from deskcal.core.clash import closed_by
from deskcal.core.clinic import Closure, Provider, Room
from deskcal.core.public_holidays import public_holidays
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.resources import insist_location
from deskcal.store import appointments, catalog, clinics, resources, schedule_windows
from deskcal.store.database import Database, ReadTx, WriteTx

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The closures asked for, of which `added` are new; the appointments fall on them and stand."""

    closures: Sequence[Closure]
    added: int
    appointments: Sequence[Appointment]


async def every(database: Database, actor: Actor) -> list[Closure]:
    """List the closures by date, but for those that are long over."""
    async with database.read(actor.clinic_id) as tx:
        return await schedule_windows.closures(tx)


async def close(
    database: Database, asking: Asking[Closed], wanted: Sequence[Closure], *, dry_run: bool
) -> Closed:
    """Add the closures that are not there yet; a dry run adds none. All of them are of one location."""
    if any(one.last < one.first for one in wanted):
        raise Invalid(("last", "the last day is before the first"))
    if max(one.last for one in wanted) < asking.now.date() - DAY:
        raise Invalid(("first", "these days are over; close days to come"))
    made = {_what(one): replace(one, id=uuid.uuid7()) for one in wanted}

    async def work(tx: WriteTx) -> Closed:
        await insist_location(tx, wanted[0].location_id)
        before = {_what(one) for one in await schedule_windows.closures(tx)}
        new = [one for what, one in made.items() if what not in before]
        if not dry_run:
            new = [one for one in new if await schedule_windows.add_closure(tx, one)]
            for one in new:
                tx.say(asking.event("closure.added", one.id, locationId=one.location_id))
        kept = made | {_what(one): one for one in await schedule_windows.closures(tx)}
        closures = [kept[what] for what in made]
        return Closed(
            closures=closures, added=len(new), appointments=await _fallen_on(tx, closures, asking.now)
        )

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def close_holidays(
    database: Database,
    asking: Asking[Closed],
    *,
    country: str,
    subdivision: str | None,
    year: int,
    location_id: UUID | None,
    dry_run: bool,
) -> Closed:
    """Close on each public holiday of a year. Raises Invalid for a country or part that is not known."""
    wanted = [
        Closure(id=INSTALLATION, first=day, last=day, reason=name, location_id=location_id, source="holiday")
        for day, name in public_holidays(country, subdivision, year)
    ]
    return await close(database, asking, wanted, dry_run=dry_run)


async def reopen(database: Database, asking: Asking[Closure], closure_id: UUID) -> Closure:
    """Take a closure away. Raises NotFound."""

    async def work(tx: WriteTx) -> Closure:
        found = next((one for one in await schedule_windows.closures(tx) if one.id == closure_id), None)
        if found is None or not await schedule_windows.remove_closure(tx, closure_id):
            raise NotFound("There is no such closure.")
        tx.say(asking.event("closure.removed", closure_id, locationId=found.location_id))
        return found

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def _fallen_on(tx: ReadTx, closures: Sequence[Closure], now: datetime) -> list[Appointment]:
    last = max(one.last for one in closures)
    ahead = Span(start=now, end=datetime.combine(last + 2 * DAY, time(), UTC))
    location_id = closures[0].location_id
    there = None if location_id is None else await _located(tx, location_id)
    coming = await appointments.taking_any(tx, ahead, resource_ids=there)
    return [made for made in coming if closed_by(closures, made.span, ZoneInfo(made.timezone))]


async def _located(tx: ReadTx, location_id: UUID) -> list[UUID]:
    """List what a location closes with it, as bookings are kept under it."""
    pools = [pool for pool in await resources.equipment(tx) if pool.location_id == location_id]
    things: list[Provider | Room] = [*await catalog.providers(tx), *await clinics.rooms(tx)]
    return [
        *(thing.id for thing in things if thing.location_id == location_id),
        *(unit.id for pool in pools for unit in pool.units),
    ]


def _what(closure: Closure) -> tuple[object, ...]:
    """Name what makes two closures the same one."""
    return closure.location_id, closure.first, closure.last, closure.reason
