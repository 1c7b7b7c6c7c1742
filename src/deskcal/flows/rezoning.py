"""What another time zone of a clinic or a location would do, before it is set."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.core.clash import covered
from deskcal.core.clinic import Equipment, Location, Provider, Room
from deskcal.core.hours import Hours, hours_of
from deskcal.core.localtime import find_zone
from deskcal.core.span import Span
from deskcal.flows.editing import known
from deskcal.flows.windows import LOOK_AHEAD
from deskcal.store import appointments, catalog, clinics
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx

Thing: TypeAlias = Provider | Room | Equipment


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """An appointment that keeps its instant; `outside` tells that its provider would not work then."""

    made: Appointment
    outside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rezoning:
    """What would change: `things` have hours or windows, which stay on the wall clock and so move."""

    before: ZoneInfo
    after: ZoneInfo
    shift: timedelta
    """By how much hours would begin later, as clocks stand now."""
    things: Sequence[Thing]
    coming: Sequence[Coming]


async def preview(
    database: Database, actor: Actor, now: datetime, *, location_id: UUID | None, timezone: str | None
) -> Rezoning:
    """Look at another zone for a location, or for the clinic; None is the clinic's own.

    Raises NotFound for a location that is not there and Invalid for a zone that is none.
    """
    async with database.read(actor.clinic_id, snapshot=True) as tx:
        world = await catalog.catalog(tx)
        places = await clinics.locations(tx)
        before, after = world.clinic.timezone, timezone or world.clinic.timezone
        if location_id is not None:
            place = known(next((one for one in places if one.id == location_id), None), "location")
            before = place.timezone or before
        zone = find_zone(after)
        moving = _moving(world, places, location_id)
        coming = await _coming(tx, moving, zone, now)
    old = find_zone(before)
    here, there = (now.astimezone(one).replace(tzinfo=None) for one in (old, zone))
    return Rezoning(
        before=old,
        after=zone,
        shift=here - there,
        things=[one for one in moving if one.windows or (isinstance(one, Provider) and one.openings)],
        coming=coming,
    )


def _moving(world: Catalog, places: Sequence[Location], location_id: UUID | None) -> list[Thing]:
    """List what works in the zone that would change: there, or wherever no location has one of its own."""
    zoneless = {None, *(place.id for place in places if place.timezone is None)}
    where = zoneless if location_id is None else {location_id}
    things: list[Thing] = [*world.providers.values(), *world.rooms, *world.equipment]
    return [one for one in things if one.location_id in where]


async def _coming(tx: ReadTx, moving: Sequence[Thing], zone: ZoneInfo, now: datetime) -> list[Coming]:
    hours: dict[UUID, Hours] = {
        one.id: hours_of(replace(one, timezone=zone.key)) for one in moving if isinstance(one, Provider)
    }
    ahead = Span(start=now, end=now + LOOK_AHEAD)
    found = await appointments.taking_any(tx, ahead, resource_ids=list(hours))
    return [Coming(made=made, outside=not covered(hours[made.provider_id], made.span)) for made in found]
