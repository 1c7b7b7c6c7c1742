"""Where and with what a clinic works: its locations, rooms and pools of equipment."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.clinic import Equipment, Location, Room, Unit
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import Conflict, Invalid, Kind, SlotTaken
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.editing import edited, known
from deskcal.flows.windows import LOOK_AHEAD
from deskcal.store import appointments, clinics, occupancy, resources
from deskcal.store.database import Database, ReadTx, WriteTx


async def add_location(
    database: Database, asking: Asking[Location], *, name: str, timezone: str | None
) -> Location:
    if timezone is not None:
        find_zone(timezone)
    made = Location(id=uuid.uuid7(), name=name.strip(), timezone=timezone)

    async def work(tx: WriteTx) -> Location:
        await clinics.add_location(tx, made)
        tx.say(asking.event("location.added", made.id))
        return made

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def locations(database: Database, actor: Actor) -> list[Location]:
    async with database.read(actor.clinic_id) as tx:
        return await clinics.locations(tx)


async def location(database: Database, actor: Actor, location_id: UUID) -> Location:
    """Look a location up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await clinics.location(tx, location_id), "location")


async def change_location(
    database: Database,
    asking: Asking[Location],
    location_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
) -> Location:
    """Change some fields. In another zone the hours of who works there are read anew; appointments stay."""
    if changes.get("timezone") is not None:
        find_zone(changes["timezone"])

    async def work(tx: WriteTx) -> Location:
        found = known(await clinics.location(tx, location_id), "location")
        changed = await edited(
            tx, found, changes, kind="location", version=version, write=clinics.change_location
        )
        if "timezone" in changes:
            await appointments.show_in_zone(tx, location_id=location_id, now=asking.now)
        tx.say(asking.event("location.changed", location_id, fields=sorted(changes)))
        return changed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def add_room(database: Database, asking: Asking[Room], room: Room) -> Room:
    made = replace(room, id=uuid.uuid7(), name=room.name.strip(), type=room.type.strip())

    async def work(tx: WriteTx) -> Room:
        await insist_location(tx, made.location_id)
        await clinics.add_room(tx, made)
        tx.say(asking.event("room.added", made.id, locationId=made.location_id))
        return known(await clinics.room(tx, made.id), "room")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def rooms(database: Database, actor: Actor) -> list[Room]:
    async with database.read(actor.clinic_id) as tx:
        return await clinics.rooms(tx)


async def room(database: Database, actor: Actor, room_id: UUID) -> Room:
    """Look a room up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await clinics.room(tx, room_id), "room")


async def change_room(
    database: Database,
    asking: Asking[Room],
    room_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
) -> Room:
    """Change some fields; appointments in the room stay in it."""

    async def work(tx: WriteTx) -> Room:
        found = known(await clinics.room(tx, room_id), "room")
        await insist_location(tx, changes.get("location_id"))
        await edited(tx, found, changes, kind="room", version=version, write=clinics.change_room)
        tx.say(asking.event("room.changed", room_id, fields=sorted(changes)))
        return known(await clinics.room(tx, room_id), "room")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def add_equipment(
    database: Database, asking: Asking[Equipment], pool: Equipment, *, quantity: int
) -> Equipment:
    """Add a pool of so many units, numbered from 1."""
    made = replace(
        pool, id=uuid.uuid7(), name=pool.name.strip(), type=pool.type.strip(), units=_units(1, quantity)
    )

    async def work(tx: WriteTx) -> Equipment:
        await insist_location(tx, made.location_id)
        await resources.add_equipment(tx, made)
        tx.say(asking.event("equipment.added", made.id, locationId=made.location_id))
        return known(await resources.pool(tx, made.id), "equipment")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def equipment(database: Database, actor: Actor) -> list[Equipment]:
    async with database.read(actor.clinic_id) as tx:
        return await resources.equipment(tx)


async def pool(database: Database, actor: Actor, equipment_id: UUID) -> Equipment:
    """Look a pool up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return known(await resources.pool(tx, equipment_id), "equipment")


async def change_equipment(
    database: Database,
    asking: Asking[Equipment],
    equipment_id: UUID,
    changes: Mapping[str, Any],
    *,
    quantity: int | None,
    version: int | None,
) -> Equipment:
    """Change some fields, or how many units there are: the highest numbers go first.

    Raises SlotTaken when a unit that would go is booked or held in future.
    """

    async def work(tx: WriteTx) -> Equipment:
        found = known(await resources.pool(tx, equipment_id), "equipment")
        await insist_location(tx, changes.get("location_id"))
        await edited(tx, found, changes, kind="equipment", version=version, write=resources.change_equipment)
        if quantity is not None:
            going = found.units[quantity:]
            await _insist_free(tx, going, Span(start=asking.now, end=asking.now + LOOK_AHEAD))
            await resources.retire_units(tx, going, at=asking.now)
            await resources.add_units(tx, equipment_id, _units(len(found.units) + 1, quantity))
        fields = sorted([*changes, *([] if quantity is None else ["quantity"])])
        tx.say(asking.event("equipment.changed", equipment_id, fields=fields))
        return known(await resources.pool(tx, equipment_id), "equipment")

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def insist_location(tx: ReadTx, location_id: UUID | None) -> None:
    """Raise Invalid for a location that is not there."""
    if location_id is not None and not await clinics.has_location(tx, location_id):
        raise Invalid(("locationId", "there is no such location"))


async def _insist_free(tx: ReadTx, units: tuple[Unit, ...], ahead: Span) -> None:
    numbers = {unit.id: unit.number for unit in units}
    taken = [
        row
        for row in await occupancy.of_resources(tx, list(numbers), ahead)
        if row.expires_at is None or row.expires_at > ahead.start
    ]
    if not taken:
        return
    booked = await appointments.taking_any(tx, ahead, resource_ids=list(numbers))
    by = ", ".join(made.reference for made in booked) or "a hold that is not confirmed yet"
    which = ", ".join(str(number) for number in sorted({numbers[row.resource_id] for row in taken}))
    raise SlotTaken(
        f"Number {which} cannot go, taken by {by}. Move or cancel that first.",
        conflicts=[
            Conflict(
                resource_id=row.resource_id,
                kind=Kind.EQUIPMENT,
                span=row.span,
                held=row.hold_id is not None,
            )
            for row in taken
        ],
    )


def _units(first: int, last: int) -> tuple[Unit, ...]:
    return tuple(Unit(id=uuid.uuid7(), number=number) for number in range(first, last + 1))
