"""Holds become appointments, one by one or several together."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import Appointment, Hold, Mode, Status, Want, on_todays_terms
from deskcal.core.refusals import (
    Conflict,
    Invalid,
    Kind,
    NotFound,
    Refusal,
    SlotTaken,
)
from deskcal.core.session import in_force
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.hold import standing
from deskcal.flows.securing import MOST_TRIES, lapse_expired, slot_facts
from deskcal.store import appointments, holds, occupancy, patients, private
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.sealed import Sealed

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a hold while it ran."""

    token: str
    patient_id: UUID | None
    mode: Mode | None
    notes: str | None
    medical_info: Sealed | None = None


async def confirm(board: Board, asking: Asking[Appointment], decision: Decision) -> Appointment:
    """Make the appointment. Raises HoldExpired, or SlotTaken and the hold stays; both with alternatives."""
    held: list[Hold] = []

    async def work(tx: WriteTx) -> Appointment:
        [made] = await _confirmed(board, tx, asking, [decision], held)
        return made

    return await _write(board, asking, work, held)


async def confirm_all(
    board: Board, asking: Asking[list[Appointment]], decisions: Sequence[Decision]
) -> list[Appointment]:
    """Make several appointments, or none. Raises what `confirm` raises, for the first that cannot be made."""
    if len({decision.token for decision in decisions}) < len(decisions):
        raise Invalid(("items", "a hold is there twice; hold a slot for each patient"))
    held: list[Hold] = []

    async def work(tx: WriteTx) -> list[Appointment]:
        return await _confirmed(board, tx, asking, decisions, held)

    return await _write(board, asking, work, held)


async def _write(
    board: Board, asking: Asking[T], work: Callable[[WriteTx], Awaitable[T]], held: list[Hold]
) -> T:
    """Change in one transaction; a refusal comes with what is free near the hold that was looked at last."""

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        if not held:
            return refusal
        near = held[-1]
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=near.provider_id,
            service_id=near.service_id,
            at=near.span.start,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def _confirmed(
    board: Board, tx: WriteTx, asking: Asking[Any], decisions: Sequence[Decision], held: list[Hold]
) -> list[Appointment]:
    """Confirm each; where a patient is lost to somebody else, undo all, look who it is, and begin again."""
    batch_id = uuid.uuid7() if len(decisions) > 1 else None
    known = await board.catalog_within(tx)
    for _ in range(MOST_TRIES):
        made: dict[str, Appointment] = {}
        # Everybody locks holds in the same order, or two batches of the same holds would wait for each other.
        for decision in sorted(decisions, key=lambda decision: decision.token):
            found = await holds.lock(tx, decision.token)
            if found and found.owner == asking.actor.sub:
                held.append(found)
            hold = standing(found, asking.actor, asking.now)
            drawn = await drawn_up(
                tx,
                asking,
                known,
                hold,
                patient_id=_for_whom(asking, hold, decision.patient_id),
                mode=decision.mode,
                notes=decision.notes,
            )
            missing = (
                ()
                if hold.patient_id
                else (Want(resource_id=drawn.patient_id, kind=Kind.PATIENT, span=drawn.span),)
            )
            one = await settled(tx, asking, replace(drawn, batch_id=batch_id), hold, missing)
            if one is None:
                await tx.restart()
                await make_way(tx, asking, drawn)
                break
            if decision.medical_info is not None:
                await private.keep_medical_info(tx, one.id, decision.medical_info)
            made[decision.token] = one
        else:
            return [made[decision.token] for decision in decisions]
    raise SlotTaken("Others are booking this patient just now. Your hold still runs.", conflicts=())


async def drawn_up(
    tx: ReadTx,
    asking: Asking[Any],
    known: Catalog,
    hold: Hold,
    *,
    patient_id: UUID,
    mode: Mode | None,
    notes: str | None,
) -> Appointment:
    """Draw up what becomes of a hold. Raises NotFound or Invalid for what is not there any more."""
    provider, service = known.providers.get(hold.provider_id), known.services.get(hold.service_id)
    patient = await patients.find(tx, patient_id)
    if provider is None or service is None:
        raise NotFound("This provider or service is not there any more.")
    if patient is None:
        raise Invalid(("patientId", "there is no such patient"))
    return on_todays_terms(
        id=uuid.uuid7(),
        provider=provider,
        service=service,
        patient=patient,
        span=hold.span,
        status=Status.CONFIRMED,
        mode=mode,
        notes=notes,
        booked_by=asking.actor.sub,
        now=asking.now,
        room_id=hold.room_id,
        unit_ids=hold.unit_ids,
        hold_id=hold.id,
    )


async def settled(
    tx: WriteTx, asking: Asking[Any], drawn: Appointment, hold: Hold, missing: Sequence[Want]
) -> Appointment | None:
    """Make a locked hold the appointment drawn up. None when `missing` is taken, and then restart."""
    reference = await appointments.confirm(tx, drawn, hold_id=hold.id, wants=missing)
    if reference is None:
        return None
    tx.say(asking.event("appointment.confirmed", drawn.id, holdId=hold.id, **slot_facts(drawn)))
    return replace(drawn, reference=reference)


async def make_way(tx: WriteTx, asking: Asking[Any], made: Appointment) -> None:
    """Lapse expired holds that have the patient. Raises SlotTaken for a booking or a hold that runs."""
    seen = await occupancy.of_resources(tx, [made.patient_id], made.span)
    ahead = [row for row in in_force(seen, asking.now) if row.appointment_id != made.id]
    if ahead:
        raise SlotTaken(
            "The patient has another appointment at that time. Your hold still runs.",
            conflicts=[
                Conflict(
                    resource_id=row.resource_id,
                    kind=Kind.PATIENT,
                    span=row.span,
                    held=row.hold_id is not None,
                )
                for row in ahead
            ],
        )
    await lapse_expired(tx, asking, [row.hold_id for row in seen if row.hold_id])


def _for_whom(asking: Asking[Any], hold: Hold, asked: UUID | None) -> UUID:
    if hold.moving_id is not None:
        raise Invalid(("reservationToken", "this hold is for moving an appointment; reschedule that with it"))
    patient_id = asking.actor.booking_for(asked) or hold.patient_id
    if patient_id is None:
        raise Invalid(("patientId", "say who the appointment is for"))
    if hold.patient_id not in {None, patient_id}:
        raise Invalid(("patientId", "this hold is for another patient; release it and hold the slot again"))
    return patient_id
