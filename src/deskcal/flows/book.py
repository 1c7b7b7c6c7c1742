"""Staff book directly, without a hold."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Scope
from deskcal.core.booking import STALE_AFTER, Appointment, Mode, Status, on_todays_terms
from deskcal.core.clinic import Service
from deskcal.core.refusals import Invalid, Refusal, StaleAvailability
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.core.walk_in import as_walk_in
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.page import takes
from deskcal.flows.securing import Choice, secure, seek, slot_facts
from deskcal.store import appointments, patients, private
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.log import NewEvent
from deskcal.store.sealed import Sealed

LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An appointment to make; `end` when it differs from the service's duration.

    A walk-in is here already. `series_id` and `batch_id` name what it is booked together with.
    """

    patient_id: UUID
    provider_id: UUID
    service_id: UUID
    start: datetime
    end: datetime | None = None
    room_id: UUID | None = None
    mode: Mode | None = None
    notes: str | None = None
    medical_info: Sealed | None = None
    seen_at: datetime | None = None
    overbook_reason: str | None = None
    """Why the provider may be booked on top of an appointment; None for not at all."""
    walk_in: bool = False
    series_id: UUID | None = None
    batch_id: UUID | None = None


async def book(board: Board, asking: Asking[Appointment], order: Order) -> Appointment:
    """Make the appointment. Raises SlotTaken with alternatives, or StaleAvailability past 30 s."""

    async def work(tx: WriteTx) -> Appointment:
        _insist_fresh(order, asking.now)
        return await booked(tx, asking, await board.catalog_within(tx), order)

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=order.provider_id,
            service_id=order.service_id,
            at=order.start,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def booked(tx: WriteTx, asking: Asking[Any], known: Catalog, order: Order) -> Appointment:
    """Make an appointment within a transaction, or within a part of one."""
    provider, service = known.provider(order.provider_id), known.service(order.service_id)
    service = as_walk_in(service) if order.walk_in else service
    span = _span(order, service.duration_minutes)
    if order.overbook_reason is not None:
        _may_overbook(asking, service)
    gate(provider=provider, service=service, span=span, now=asking.now, on_grid=False)
    patient = await patients.find(tx, order.patient_id)
    if patient is None:
        raise Invalid(("patientId", "there is no such patient"))
    made = replace(
        on_todays_terms(
            id=uuid.uuid7(),
            provider=provider,
            service=service,
            patient=patient,
            span=span,
            status=Status.CHECKED_IN if order.walk_in else Status.SCHEDULED,
            mode=order.mode,
            notes=order.notes,
            booked_by=asking.actor.sub,
            now=asking.now,
        ),
        walk_in=order.walk_in,
        checked_in_at=asking.now if order.walk_in else None,
        series_id=order.series_id,
        batch_id=order.batch_id,
    )
    reference: str | None = None

    async def take(choice: Choice) -> bool:
        nonlocal reference, made
        made = replace(
            made,
            room_id=choice.room_id,
            unit_ids=choice.unit_ids,
            overbooked=bool(choice.over),
            overbook_reason=order.overbook_reason if choice.over else None,
        )
        reference = await appointments.book(tx, made, wants=choice.wants, session_key=choice.session_key)
        return reference is not None

    sought = seek(
        known,
        provider=provider,
        service=service,
        span=span,
        patient_id=patient.id,
        room_id=order.room_id,
        overbook=order.overbook_reason is not None,
    )
    choice = await secure(tx, asking, sought, take)
    made = replace(made, reference=reference or "")
    if order.medical_info is not None:
        await private.keep_medical_info(tx, made.id, order.medical_info)
    tx.say(created(asking, made, choice))
    return made


def created(asking: Asking[Any], made: Appointment, choice: Choice) -> NewEvent:
    """Tell of an appointment that was made without a hold."""
    return asking.event(
        "appointment.created",
        made.id,
        takes=takes(choice.wants, choice.session_key),
        overbooked=made.overbooked or None,
        seriesId=made.series_id,
        batchId=made.batch_id,
        status=None if made.status is Status.SCHEDULED else made.status,
        **slot_facts(made),
    )


def _may_overbook(asking: Asking[Any], service: Service) -> None:
    asking.actor.require(Scope.OVERBOOK)
    if service.capacity > 1:
        raise Invalid(("overbook", f"{service.title} has seats; raise its capacity instead"))


def _insist_fresh(order: Order, now: datetime) -> None:
    age = now - order.seen_at if order.seen_at else None
    if age is not None and age > STALE_AFTER:
        seconds = int(age.total_seconds())
        raise StaleAvailability(
            f"What you saw is {seconds} s old. Look again, then book.", age_seconds=seconds
        )


def _span(order: Order, minutes: int) -> Span:
    if order.end is None:
        return Span.of_minutes(order.start, minutes)
    if order.end <= order.start:
        raise Invalid(("end", "it must be after the start"))
    if order.end - order.start > LONGEST:
        raise Invalid(("end", "an appointment lasts a day at most"))
    return Span(start=order.start, end=order.end)
