"""The end of what bookings take: nothing new is booked with it, what is booked stands."""

from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.refusals import Invalid, NotFound
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.editing import known
from deskcal.flows.windows import LOOK_AHEAD
from deskcal.store import appointments, catalog, clinics, resources
from deskcal.store.database import Database, ReadTx, WriteTx
from deskcal.store.resources import Retirable


async def retire(
    database: Database, asking: Asking[list[Appointment]], kind: Retirable, id_: UUID
) -> list[Appointment]:
    """Retire it; gives the coming appointments that still need it. Raises NotFound.

    Rooms and equipment go with their location. Raises Invalid for a location where somebody still works.
    """

    async def work(tx: WriteTx) -> list[Appointment]:
        if kind == "location":
            await _insist_deserted(tx, id_)
        standing = await _standing(tx, kind, id_, Span(start=asking.now, end=asking.now + LOOK_AHEAD))
        if not await resources.retire(tx, kind, id_, at=asking.now):
            raise NotFound(f"There is no such {kind}.")
        tx.say(asking.event(f"{kind}.retired", id_))
        return standing

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def _standing(tx: ReadTx, kind: Retirable, id_: UUID, ahead: Span) -> list[Appointment]:
    match kind:
        case "service":
            coming = await appointments.taking_any(tx, ahead, resource_ids=None)
            return [made for made in coming if made.service_id == id_]
        case "location":
            rooms = [one.id for one in await clinics.rooms(tx) if one.location_id == id_]
            pools = [one for one in await resources.equipment(tx) if one.location_id == id_]
            ids = [*rooms, *(unit.id for pool in pools for unit in pool.units)]
        case "equipment":
            ids = [unit.id for unit in known(await resources.pool(tx, id_), kind).units]
        case _:
            ids = [id_]
    return await appointments.taking_any(tx, ahead, resource_ids=ids)


async def _insist_deserted(tx: ReadTx, location_id: UUID) -> None:
    there = [one.name for one in await catalog.providers(tx) if one.location_id == location_id]
    if there:
        raise Invalid(("location", f"{', '.join(there)} still work there; move or retire them first"))
