"""What to offer instead of a slot that cannot be had."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from deskcal.core import alternatives, bitmap
from deskcal.core.lane import slot
from deskcal.core.localtime import find_zone, local_days
from deskcal.core.refusals import (
    DayNotAvailable,
    HoldExpired,
    OutsideHours,
    Refusal,
    RuleViolated,
    SlotTaken,
)
from deskcal.core.slot import Slot
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.store.database import ReadTx

NEXT_DAYS = 3
FRESH = timedelta(seconds=2)

Amendable = (SlotTaken, HoldExpired, OutsideHours, DayNotAvailable, RuleViolated)


async def nearest(
    board: Board,
    asking: Asking[Any],
    *,
    provider_id: UUID | None,
    service_id: UUID,
    at: datetime,
    tx: ReadTx | None = None,
) -> tuple[Slot, ...]:
    """Find the nearest free slots: that day with all who offer it, then the next days of who was wanted."""
    view = await board.view(asking.clinic_id, Span.of_minutes(at, 1), asking.now, tx)
    service = view.catalog.service(service_id)
    wanted = view.catalog.provider(provider_id) if provider_id else None
    zone = wanted.zone if wanted else find_zone(view.catalog.clinic.timezone)
    day = at.astimezone(zone).date()
    window = local_days(day, day + timedelta(days=NEXT_DAYS), zone)
    first_day = local_days(day, day, zone)
    view = await board.view(asking.clinic_id, window, asking.now, tx)
    key = ("nearest", provider_id, service_id, at)
    stamp, made_at, found = view.answers.get(key, (None, None, ()))
    if stamp == view.stamp and made_at and asking.now - made_at < FRESH:
        return tuple(found)

    def free() -> Iterator[Slot]:
        for whole, own in ((first_day, False), (window, True)):
            survey = view.catalog.survey(service, whole, view, asking.now)
            for provider in view.catalog.providers.values():
                if service.id in provider.prices and (not own or provider_id in {None, provider.id}):
                    starts = survey.of(provider)
                    for minute in bitmap.positions(starts.free):
                        yield slot(survey, starts, minute)

    span = Span.of_minutes(at, service.duration_minutes)
    found = alternatives.nearest(free(), provider_id=provider_id, span=span, zone=zone)
    view.answers[key] = (view.stamp, asking.now, found)
    return found


async def amended(
    board: Board,
    asking: Asking[Any],
    tx: ReadTx,
    refusal: Refusal,
    *,
    provider_id: UUID | None,
    service_id: UUID,
    at: datetime,
) -> Refusal:
    """Add the nearest free slots to a refusal that can carry them."""
    if isinstance(refusal, Amendable):
        refusal.alternatives = await nearest(
            board, asking, provider_id=provider_id, service_id=service_id, at=at, tx=tx
        )
    return refusal
