"""What to offer instead of a slot that cannot be had."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from deskcal.core import alternatives
from deskcal.core.lane import provider_lane
from deskcal.core.refusals import (
    DayNotAvailable,
    HoldExpired,
    NotFound,
    OutsideHours,
    Refusal,
    SlotTaken,
)
from deskcal.core.slot import Slot
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, Day
from deskcal.store.database import ReadTx

NEXT_DAYS = 3
FRESH = timedelta(seconds=2)

Amendable = (SlotTaken, HoldExpired, OutsideHours, DayNotAvailable)


async def nearest(
    board: Board,
    asking: Asking[Any],
    *,
    provider_id: UUID,
    service_id: UUID,
    span: Span,
    tx: ReadTx | None = None,
) -> tuple[Slot, ...]:
    """Find the nearest free slots: that day with all who offer it, then the provider's next days."""
    day = await board.day(asking.clinic_id, span.start.date(), tx)
    provider = day.catalog.providers.get(provider_id)
    service = day.catalog.services.get(service_id)
    if provider is None or service is None:
        raise NotFound("There is no such provider or service.")
    local = span.start.astimezone(provider.zone).date()
    day = await board.day(asking.clinic_id, local, tx)
    key = ("nearest", provider_id, service_id, span.start)
    made_at, found = day.answers.get(key, (None, ()))
    if made_at and asking.now - made_at < FRESH:
        return tuple(found)

    def lanes(seen: Day, offset: int) -> Iterator[Slot]:
        for other in seen.catalog.providers.values():
            if service.id in other.prices and (offset == 0 or other.id == provider_id):
                yield from provider_lane(
                    provider=other,
                    service=service,
                    day=local + timedelta(days=offset),
                    busy=seen.of(other.id),
                    rooms=seen.rooms(other, service),
                    now=asking.now,
                )

    slots = list(lanes(day, 0))
    for offset in range(1, NEXT_DAYS + 1):
        slots += lanes(await board.day(asking.clinic_id, local + timedelta(days=offset), tx), offset)
    found = alternatives.nearest(slots, provider_id=provider_id, span=span, zone=provider.zone)
    day.answers[key] = (asking.now, found)
    return found


async def amended(
    board: Board,
    asking: Asking[Any],
    tx: ReadTx,
    refusal: Refusal,
    *,
    provider_id: UUID,
    service_id: UUID,
    span: Span,
) -> Refusal:
    """Add the nearest free slots to a refusal that can carry them."""
    if isinstance(refusal, Amendable):
        refusal.alternatives = await nearest(
            board, asking, provider_id=provider_id, service_id=service_id, span=span, tx=tx
        )
    return refusal
