"""Free slots for what was asked for, from the server's search over days and providers."""

from datetime import date, timedelta
from uuid import UUID

from deskcal.tui.booking.wish import Wish
from deskcal.tui.calendar.cells import FREE_STATUSES
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.wire.calendar import Timeslot
from deskcal.wire.search import FoundSlot

DAYS_AHEAD = 14
ASKED_FOR = 200


async def next_free(desk: Desk, first: date, chosen: Filter, *, limit: int) -> list[Timeslot]:
    """Find up to `limit` free slots in the order of time, within two weeks. Raises ClientError.

    Without a service each provider's first one is meant, as in the day view.
    """
    if chosen.service_id is not None:
        last = first + timedelta(days=DAYS_AHEAD - 1)
        return await _searched(desk, chosen.service_id, chosen.provider_id, first, last, limit=limit)
    found: list[Timeslot] = []
    for ahead in range(DAYS_AHEAD):
        with desk.asking() as link:
            day = await link.calendar_day(first + timedelta(days=ahead), provider_id=chosen.provider_id)
        slots = [slot for lane in day.providers for slot in lane.timeslots]
        free = [slot for slot in slots if slot.status in FREE_STATUSES and slot.start > desk.now()]
        found += sorted(free, key=lambda slot: (slot.start, slot.provider_name))
        if len(found) >= limit:
            break
    return found[:limit]


async def wished(desk: Desk, wish: Wish, *, limit: int) -> list[Timeslot]:
    """Find slots for a wish: the best of the day it names, else the soonest of two weeks. Raises ClientError.

    Where none is at the time of day asked for, the others come instead. A wish without a service finds none.
    """
    if wish.filter.service_id is None:
        return []
    first = wish.day or desk.today
    last = wish.day or first + timedelta(days=DAYS_AHEAD - 1)
    service_id, provider_id, ranked = wish.filter.service_id, wish.filter.provider_id, wish.day is not None
    found = await _searched(desk, service_id, provider_id, first, last, limit=ASKED_FOR, ranked=ranked)
    suiting = [slot for slot in found if wish.suits(slot.start, desk.zone)]
    return (suiting or found)[:limit]


async def _searched(
    desk: Desk,
    service_id: UUID,
    provider_id: UUID | None,
    first: date,
    last: date,
    *,
    limit: int,
    ranked: bool = False,
) -> list[Timeslot]:
    with desk.asking() as link:
        found = await link.search(
            link.clinic.id,
            service_id=service_id,
            start=first,
            end=last,
            provider_ids=[provider_id] if provider_id else [],
            sort="ranked" if ranked else "soonest",
            limit=limit,
        )
    service = desk.services.get(service_id)
    capacity = service.capacity if service else 1
    return [_timeslot(one, service_id, capacity) for one in found.slots]


def _timeslot(found: FoundSlot, service_id: UUID, capacity: int) -> Timeslot:
    return Timeslot(
        id=found.timeslot_id,
        provider_id=found.provider.id,
        provider_name=found.provider.name,
        service_id=service_id,
        start=found.start,
        end=found.end,
        start_utc=found.start_utc,
        end_utc=found.end_utc,
        status="available",
        capacity=capacity,
        remaining=1,
        price_cents=found.price_cents,
    )
