"""A hold becomes an appointment."""

from dataclasses import dataclass, replace
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.booking import Appointment, Hold, Mode, Status, Want, on_todays_terms
from deskcal.core.lane import in_force
from deskcal.core.refusals import (
    Conflict,
    Invalid,
    Kind,
    NotFound,
    Refusal,
    SlotTaken,
)
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.hold import standing
from deskcal.flows.securing import MOST_TRIES, lapse_expired, slot_facts
from deskcal.store import appointments, catalog, holds, occupancy, patients
from deskcal.store.database import ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about a hold while it ran."""

    token: str
    patient_id: UUID | None
    mode: Mode | None
    notes: str | None


async def confirm(board: Board, asking: Asking[Appointment], decision: Decision) -> Appointment:
    """Make the appointment. Raises HoldExpired, or SlotTaken and the hold stays; both with alternatives."""
    held: Hold | None = None

    async def work(tx: WriteTx) -> Appointment:
        nonlocal held
        found = await holds.lock(tx, decision.token)
        held = found if found and found.owner == asking.actor.sub else None
        hold = standing(found, asking.actor, asking.now)
        patient_id = _for_whom(asking, hold, decision.patient_id)
        facts = await catalog.facts(tx, provider_id=hold.provider_id, service_id=hold.service_id)
        patient = await patients.find(tx, patient_id)
        if facts is None:
            raise NotFound("This provider or service is not there any more.")
        if patient is None:
            raise Invalid(("patientId", "there is no such patient"))
        made = on_todays_terms(
            id=uuid.uuid7(),
            provider=facts.provider,
            service=facts.service,
            patient=patient,
            span=hold.span,
            status=Status.CONFIRMED,
            mode=decision.mode,
            notes=decision.notes,
            booked_by=asking.actor.sub,
            now=asking.now,
            room_id=hold.room_id,
            hold_id=hold.id,
        )
        reference = await _move(tx, asking, hold, decision.token, made)
        made = replace(made, reference=reference)
        tx.say(asking.event("appointment.confirmed", made.id, holdId=hold.id, **slot_facts(made)))
        return made

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        if held is None:
            return refusal
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=held.provider_id,
            service_id=held.service_id,
            span=held.span,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def _move(tx: WriteTx, asking: Asking[Appointment], hold: Hold, token: str, made: Appointment) -> str:
    """Move the hold's rows to the appointment and take the patient, if the hold had none."""
    missing = (
        () if hold.patient_id else (Want(resource_id=made.patient_id, kind=Kind.PATIENT, span=made.span),)
    )
    for _ in range(MOST_TRIES):
        reference = await appointments.confirm(tx, made, hold_id=hold.id, wants=missing)
        if reference is not None:
            return reference
        await tx.restart()
        # Starting over let go of the hold: it may have been released or lapsed before it was locked again.
        standing(await holds.lock(tx, token), asking.actor, asking.now)
        seen = await occupancy.of_resources(tx, [made.patient_id], made.span)
        ahead = in_force(seen, asking.now)
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
    raise SlotTaken("Others are booking this patient just now. Your hold still runs.", conflicts=())


def _for_whom(asking: Asking[Appointment], hold: Hold, asked: UUID | None) -> UUID:
    patient_id = asking.actor.booking_for(asked) or hold.patient_id
    if patient_id is None:
        raise Invalid(("patientId", "say who the appointment is for"))
    if hold.patient_id not in {None, patient_id}:
        raise Invalid(("patientId", "this hold is for another patient; release it and hold the slot again"))
    return patient_id
