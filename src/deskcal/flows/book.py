"""Staff book directly, without a hold."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import STALE_AFTER, Appointment, Mode, Status, on_todays_terms
from deskcal.core.refusals import Invalid, NotFound, Refusal, StaleAvailability
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.securing import Choice, Sought, secure, slot_facts
from deskcal.store import appointments, catalog, patients
from deskcal.store.database import ReadTx, WriteTx

LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An appointment to make; `end` when it differs from the service's duration."""

    patient_id: UUID
    provider_id: UUID
    service_id: UUID
    start: datetime
    end: datetime | None
    room_id: UUID | None
    mode: Mode | None
    notes: str | None
    seen_at: datetime | None


async def book(board: Board, asking: Asking[Appointment], order: Order) -> Appointment:
    """Make the appointment. Raises SlotTaken with alternatives, or StaleAvailability past 30 s."""
    span = Span.of_minutes(order.start, 1)

    async def work(tx: WriteTx) -> Appointment:
        nonlocal span
        _insist_fresh(order, asking.now)
        facts = await catalog.facts(tx, provider_id=order.provider_id, service_id=order.service_id)
        if facts is None:
            raise NotFound("There is no such provider or service.")
        span = _span(order, facts.service.duration_minutes)
        gate(provider=facts.provider, service=facts.service, span=span, now=asking.now, on_grid=False)
        patient = await patients.find(tx, order.patient_id)
        if patient is None:
            raise Invalid(("patientId", "there is no such patient"))
        if order.room_id is not None and order.room_id not in {room.id for room in facts.rooms}:
            raise Invalid(
                ("roomId", f"{facts.service.title} with {facts.provider.name} cannot be in that room")
            )
        made = on_todays_terms(
            id=uuid.uuid7(),
            provider=facts.provider,
            service=facts.service,
            patient=patient,
            span=span,
            status=Status.SCHEDULED,
            mode=order.mode,
            notes=order.notes,
            booked_by=asking.actor.sub,
            now=asking.now,
        )
        reference: str | None = None

        async def take(choice: Choice) -> bool:
            nonlocal reference
            reference = await appointments.book(
                tx,
                replace(made, room_id=choice.room_id),
                wants=choice.wants,
                session_key=choice.session_key,
            )
            return reference is not None

        sought = Sought(facts=facts, span=span, patient_id=patient.id, room_id=order.room_id)
        choice = await secure(tx, asking, sought, take)
        made = replace(made, room_id=choice.room_id, reference=reference or "")
        tx.say(asking.event("appointment.created", made.id, **slot_facts(made)))
        return made

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        return await amended(
            board, asking, tx, refusal, provider_id=order.provider_id, service_id=order.service_id, span=span
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


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
