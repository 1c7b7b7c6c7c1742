"""Availability windows: added and removed, with the coming appointments that are left outside the hours."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import uuid_utils.compat as uuid

from deskcal.core import hours
from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.core.clash import left_out
from deskcal.core.clinic import Equipment, Provider, Room
from deskcal.core.hours import Hours
from deskcal.core.refusals import NotFound
from deskcal.core.span import Span
from deskcal.core.window import Window, WindowKind
from deskcal.flows.asking import Asking
from deskcal.flows.editing import known
from deskcal.store import appointments, catalog, clinics, resources, schedule_windows
from deskcal.store.database import Database, ReadTx, WriteTx
from deskcal.store.schedule_windows import ResourceKind

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Whose windows are meant: `thing`, or a unit of it; its bookings are kept under the ids of `takes`."""

    kind: ResourceKind
    id: UUID
    thing: Provider | Room | Equipment
    takes: tuple[UUID, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone that its windows are in."""
        return ZoneInfo(self.thing.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A window that came or went; the appointments stand."""

    window: Window
    zone: ZoneInfo
    appointments: Sequence[Appointment]


async def every(
    database: Database, actor: Actor, kind: ResourceKind, resource_id: UUID
) -> tuple[ZoneInfo, tuple[Window, ...]]:
    """List the windows of a resource by start, with the zone they are in; a unit's are without its pool's."""
    async with database.read(actor.clinic_id) as tx:
        resource = await resource_of(tx, kind, resource_id)
        found = await schedule_windows.of(tx, [resource_id])
    return resource.zone, found.get(resource_id, ())


async def add(
    database: Database, asking: Asking[Changed], kind: ResourceKind, resource_id: UUID, window: Window
) -> Changed:
    async def work(tx: WriteTx) -> Changed:
        return await added(tx, asking, await resource_of(tx, kind, resource_id), window)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def added(tx: WriteTx, asking: Asking[Any], resource: Resource, window: Window) -> Changed:
    """Add a window within a transaction."""
    made = replace(window, id=uuid.uuid7())
    await schedule_windows.add(tx, resource.kind, resource.id, made)
    tx.say(asking.event(f"{resource.kind}.window_added", resource.id, windowId=made.id))
    harmless = made.kind is WindowKind.AVAILABLE
    clashes = [] if harmless else await _left_out(tx, resource, made, asking.now)
    return Changed(window=made, zone=resource.zone, appointments=clashes)


async def remove(
    database: Database, asking: Asking[Changed], kind: ResourceKind, resource_id: UUID, window_id: UUID
) -> Changed:
    async def work(tx: WriteTx) -> Changed:
        return await removed(tx, asking, await resource_of(tx, kind, resource_id), window_id)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def removed(tx: WriteTx, asking: Asking[Any], resource: Resource, window_id: UUID) -> Changed:
    """Remove a window within a transaction. Raises NotFound."""
    known = await schedule_windows.of(tx, [resource.id])
    gone = next((one for one in known.get(resource.id, ()) if one.id == window_id), None)
    if gone is None:
        raise NotFound("There is no such window.")
    await schedule_windows.remove(tx, window_id)
    tx.say(asking.event(f"{resource.kind}.window_removed", resource.id, windowId=window_id))
    harmless = gone.kind is WindowKind.UNAVAILABLE
    clashes = [] if harmless else await _left_out(tx, resource, gone, asking.now)
    return Changed(window=gone, zone=resource.zone, appointments=clashes)


async def _left_out(tx: ReadTx, resource: Resource, window: Window, now: datetime) -> list[Appointment]:
    now_open = await hours_of(tx, resource)
    ahead = Span(start=now, end=now + LOOK_AHEAD)
    coming = await appointments.taking_any(tx, ahead, resource_ids=resource.takes)
    return [made for made in coming if left_out(window, now_open, made.span)]


async def hours_of(tx: ReadTx, resource: Resource) -> Hours:
    """Read when a resource is open."""
    thing = resource.thing
    windows = await schedule_windows.of(tx, {thing.id, resource.id})
    closures = await schedule_windows.closures(tx)
    return hours.hours_of(
        replace(
            thing,
            windows=tuple(chain.from_iterable(windows.values())),
            closures=tuple(one for one in closures if one.location_id in {None, thing.location_id}),
        )
    )


async def resource_of(tx: ReadTx, kind: ResourceKind, resource_id: UUID) -> Resource:
    """Look up whose windows are meant. Raises NotFound."""
    if kind == "equipment":
        return await _equipment(tx, resource_id)
    thing: Provider | Room
    if kind == "provider":
        thing = known(await catalog.provider(tx, resource_id), kind)
    else:
        thing = known(await clinics.room(tx, resource_id), kind)
    return Resource(kind=kind, id=resource_id, thing=thing, takes=(resource_id,))


async def _equipment(tx: ReadTx, resource_id: UUID) -> Resource:
    for pool in await resources.equipment(tx):
        units = tuple(unit.id for unit in pool.units)
        if resource_id == pool.id:
            return Resource(kind="equipment", id=resource_id, thing=pool, takes=units)
        if resource_id in units:
            return Resource(kind="equipment", id=resource_id, thing=pool, takes=(resource_id,))
    raise NotFound("There is no such equipment.")
