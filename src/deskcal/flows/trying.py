"""Bookings tried within a transaction that goes on: made, or every reason why not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Provider, Service
from deskcal.core.lane import Rows
from deskcal.core.localtime import local_day
from deskcal.core.refusals import NotAllAvailable, Refusal
from deskcal.core.span import Span
from deskcal.core.survey import Survey
from deskcal.core.together import Judged
from deskcal.core.verdict import Reason, reasons
from deskcal.flows.alternatives import nearest
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, booked
from deskcal.store import occupancy
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx

REACH = timedelta(days=2)
MOST_ALTERNATIVES = 2


async def tried(
    tx: WriteTx, asking: Asking[Any], known: Catalog, order: Order
) -> Appointment | tuple[Reason, ...]:
    """Book, or leave everything as it was and give every reason why not.

    Raises the refusal itself where it is about the request, or about something that is over already.
    """
    try:
        async with tx.part():
            return await booked(tx, asking, known, order)
    except Refusal:
        against = await _against(tx, asking, known, order)
        if not against:
            raise
        return against


async def _against(tx: ReadTx, asking: Asking[Any], known: Catalog, order: Order) -> tuple[Reason, ...]:
    """Judge a booking as the transaction sees it: what it has made itself is in the way, and counts."""
    provider, service = known.provider(order.provider_id), known.service(order.service_id)
    span = Span.of_minutes(order.start, service.duration_minutes)
    day = local_day(span.start.astimezone(provider.zone).date(), provider.zone)
    survey = await survey_within(
        tx, known, provider=provider, service=service, window=day, now=asking.now, room_id=order.room_id
    )
    patient = await occupancy.of_resources(tx, [order.patient_id], span)
    return reasons(survey, provider=provider, span=span, patient=patient, room_id=order.room_id)


async def survey_within(
    tx: ReadTx,
    known: Catalog,
    *,
    provider: Provider,
    service: Service,
    window: Span,
    now: datetime,
    room_id: UUID | None = None,
) -> Survey:
    """Look at a provider's starts in a window as the database has it, in any room or in one besides."""
    bare = known.survey(service, window, Rows.of((), now), now)
    resources = {provider.id, *bare.of(provider).fits.resources} | ({room_id} if room_id else set())
    rows = await occupancy.of_resources(tx, list(resources), bare.reach)
    around = Span(start=window.start - REACH, end=window.end + REACH)
    counted = (
        await occupancy.visits(tx, around, provider_id=provider.id, service_id=service.id, now=now)
        if service.rules or provider.daily_maximum
        else ()
    )
    return known.survey(service, window, Rows.of(rows, now, counted=counted), now)


async def with_alternatives(
    board: Board,
    asking: Asking[Any],
    tx: ReadTx,
    verdicts: Sequence[Judged],
    *,
    provider_id: UUID | None,
    service_id: UUID,
) -> list[Judged]:
    """Add to each that cannot be had what is free near it, once the work is undone."""
    return [
        verdict
        if verdict.available
        else replace(
            verdict,
            alternatives=(
                await nearest(
                    board,
                    asking,
                    provider_id=provider_id,
                    service_id=service_id,
                    at=verdict.next_valid or verdict.start,
                    tx=tx,
                )
            )[:MOST_ALTERNATIVES],
        )
        for verdict in verdicts
    ]


async def amended_all(
    board: Board,
    asking: Asking[Any],
    tx: ReadTx,
    refusal: Refusal,
    *,
    provider_id: UUID | None,
    service_id: UUID,
) -> Refusal:
    """Add alternatives to every verdict of a refusal that carries them."""
    if not isinstance(refusal, NotAllAvailable):
        return refusal
    return NotAllAvailable(
        verdicts=await with_alternatives(
            board, asking, tx, refusal.verdicts, provider_id=provider_id, service_id=service_id
        )
    )
