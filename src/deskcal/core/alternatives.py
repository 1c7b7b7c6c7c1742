"""Which free slots to offer instead of one that cannot be had."""

from collections.abc import Iterable
from datetime import UTC, timedelta, tzinfo
from heapq import nsmallest
from uuid import UUID

from deskcal.core.slot import Slot, SlotState
from deskcal.core.span import Span

_NEAR = timedelta(minutes=60)


def nearest(
    slots: Iterable[Slot], *, provider_id: UUID | None, span: Span, limit: int = 6, zone: tzinfo = UTC
) -> tuple[Slot, ...]:
    """Choose among free slots of any lanes, best first, each place once.

    First the provider within an hour either way, then others at that very time, then the provider on later
    days at the same time of day, then the rest by distance. Without a provider anybody is as good. `zone` is
    the one on whose wall clock days and times of day are read.
    """
    wanted = span.start.astimezone(zone)

    def order(slot: Slot) -> tuple[int, timedelta]:
        distance = abs(slot.span.start - span.start)
        local = slot.span.start.astimezone(zone)
        own = provider_id in {None, slot.provider_id}
        if own and distance <= _NEAR:
            return 0, distance
        if not own and not distance:
            return 1, distance
        if own and local.date() > wanted.date() and local.time() == wanted.time():
            return 2, distance
        return 3, distance

    free = {
        (slot.provider_id, slot.span): slot
        for slot in slots
        if slot.state in {SlotState.AVAILABLE, SlotState.LIMITED}
    }
    return tuple(nsmallest(limit, free.values(), key=order))
