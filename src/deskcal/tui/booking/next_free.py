"""The next free slots, day after day, in the order of time."""

from datetime import date, timedelta

from deskcal.tui.calendar.cells import FREE_STATUSES
from deskcal.tui.desk import Desk
from deskcal.tui.filters import Filter
from deskcal.wire.calendar import Timeslot

DAYS_AHEAD = 14


async def next_free(desk: Desk, first: date, chosen: Filter, *, limit: int) -> list[Timeslot]:
    """Find up to `limit` free slots from `first` on, two weeks at most. Raises ClientError."""
    found: list[Timeslot] = []
    for ahead in range(DAYS_AHEAD):
        with desk.asking() as link:
            day = await link.calendar_day(
                first + timedelta(days=ahead),
                service_id=chosen.service_id,
                provider_id=chosen.provider_id,
            )
        slots = [slot for lane in day.providers for slot in lane.timeslots]
        free = [slot for slot in slots if slot.status in FREE_STATUSES and slot.start > desk.now()]
        found += sorted(free, key=lambda slot: (slot.start, slot.provider_name))
        if len(found) >= limit:
            break
    return found[:limit]
