"""Appointments get another time, and keep their id: through a hold, or directly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment, Hold, Want
from deskcal.core.lifecycle import insist_movable
from deskcal.core.refusals import Invalid, Kind, Refusal
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.changing import attempt, before, guard_again, locked
from deskcal.flows.confirm import make_way
from deskcal.flows.hold import standing
from deskcal.flows.page import takes
from deskcal.flows.securing import MOST_TRIES, Choice, Sought, secure, seek, slot_facts
from deskcal.store import changes, holds
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an appointment is to be instead; None stays as it is."""

    start: datetime
    end: datetime | None = None
    provider_id: UUID | None = None
    room_id: UUID | None = None
    reason: str | None = None


async def reschedule(
    board: Board,
    asking: Asking[Appointment],
    appointment_id: UUID,
    *,
    token: str,
    reason: str | None,
    version: int | None,
) -> Appointment:
    """Move an appointment to what a hold has. Raises HoldExpired, or SlotTaken and the hold stays."""
    held: Hold | None = None

    async def work(tx: WriteTx) -> Appointment:
        nonlocal held
        known = await board.catalog_within(tx)
        for _ in range(MOST_TRIES):
            made = await locked(tx, asking, appointment_id, version)
            insist_movable(made, asking.now)
            found = await holds.lock(tx, token)
            held = found if found and found.owner == asking.actor.sub else None
            hold = standing(found, asking.actor, asking.now)
            _insist_same(made, hold)
            moved = await moved_onto(tx, asking, known, made, hold, reason=reason)
            if moved is not None:
                return moved
            await tx.restart()
            await make_way(tx, asking, replace(made, span=hold.span))
        raise Invalid(("reservationToken", "others are booking this patient just now; try again"))

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
            at=held.span.start,
        )

    return await board.database.write(
        asking.clinic_id,
        work,
        claim=asking.claim,
        keep=asking.keep,
        amend=amend,
        refused=attempt(asking, appointment_id, "reschedule"),
    )


async def move(
    board: Board, asking: Asking[Appointment], appointment_id: UUID, to: Move, *, version: int | None
) -> Appointment:
    """Move an appointment directly. Raises SlotTaken, or what its hours and rules say, with alternatives."""
    made: Appointment | None = None

    async def work(tx: WriteTx) -> Appointment:
        nonlocal made
        made = await locked(tx, asking, appointment_id, version)
        return await moved_to(tx, asking, await board.catalog_within(tx), made, to)

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        if made is None:
            return refusal
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=to.provider_id or made.provider_id,
            service_id=made.service_id,
            at=to.start,
        )

    return await board.database.write(
        asking.clinic_id,
        work,
        claim=asking.claim,
        keep=asking.keep,
        amend=amend,
        refused=attempt(asking, appointment_id, "reschedule"),
    )


async def moved_onto(
    tx: WriteTx, asking: Asking[Any], known: Catalog, made: Appointment, hold: Hold, *, reason: str | None
) -> Appointment | None:
    """Give a locked appointment what a locked hold has. None where its patient is elsewhere: then restart."""
    moved = _moved(made, asking, known, hold, reason)
    grouped = known.service(made.service_id).capacity > 1
    await changes.from_hold(tx, moved, hold_id=hold.id, seat=None if grouped else 1)
    patient = Want(resource_id=made.patient_id, kind=Kind.PATIENT, span=moved.span)
    missing = [] if hold.patient_id and hold.moving_id is None else [patient]
    if missing and not await changes.add(tx, moved, missing):
        return None
    await guard_again(tx, known, made)
    _tell(tx, asking, made, moved, hold_id=hold.id)
    return moved


async def moved_to(
    tx: WriteTx, asking: Asking[Appointment], known: Catalog, made: Appointment, to: Move
) -> Appointment:
    """Move a locked appointment within a transaction."""
    insist_movable(made, asking.now)
    provider, service = known.provider(to.provider_id or made.provider_id), known.service(made.service_id)
    span = Span.of_minutes(to.start, made.span.minutes)
    if to.end is not None:
        if to.end <= to.start:
            raise Invalid(("end", "it must be after the start"))
        span = Span(start=to.start, end=to.end)
    gate(provider=provider, service=service, span=span, now=asking.now, on_grid=False)
    moved = replace(
        made,
        provider_id=provider.id,
        provider_name=provider.name,
        timezone=provider.timezone,
        span=span,
        overbooked=False,
        overbook_reason=None,
        change_reason=to.reason,
        calendar_sequence=made.calendar_sequence + 1,
        version=made.version + 1,
        updated_at=asking.now,
    )

    async def take(choice: Choice) -> bool:
        nonlocal moved
        moved = replace(moved, room_id=choice.room_id, unit_ids=choice.unit_ids)
        return await changes.take_anew(tx, moved, wants=choice.wants, session_key=choice.session_key)

    sought = seek(
        known,
        provider=provider,
        service=service,
        span=span,
        patient_id=made.patient_id,
        room_id=to.room_id,
        moving_id=made.id,
    )
    choice = await secure(tx, asking, _in_its_room(sought, made) if to.room_id is None else sought, take)
    await guard_again(tx, known, made)
    _tell(tx, asking, made, moved, taken=takes(choice.wants, choice.session_key))
    return moved


def _in_its_room(sought: Sought, made: Appointment) -> Sought:
    """Stay in the room: where the service wants one if that is free, else in any case."""
    if made.room_id is None:
        return sought
    if not sought.needs_room:
        return replace(sought, rooms=(made.room_id,), needs_room=True)
    return replace(sought, rooms=tuple(sorted(sought.rooms, key=lambda room: room != made.room_id)))


def _insist_same(made: Appointment, hold: Hold) -> None:
    if hold.moving_id not in {None, made.id}:
        raise Invalid(("reservationToken", "this hold is for moving another appointment"))
    if hold.service_id != made.service_id:
        raise Invalid(("reservationToken", f"this hold is not for {made.service_title}; hold another slot"))
    if hold.patient_id not in {None, made.patient_id}:
        raise Invalid(("reservationToken", "this hold is for another patient"))


def _moved(
    made: Appointment, asking: Asking[Appointment], known: Catalog, hold: Hold, reason: str | None
) -> Appointment:
    provider = known.provider(hold.provider_id)
    return replace(
        made,
        provider_id=provider.id,
        provider_name=provider.name,
        timezone=provider.timezone,
        room_id=hold.room_id,
        unit_ids=hold.unit_ids,
        span=hold.span,
        overbooked=False,
        overbook_reason=None,
        change_reason=reason,
        calendar_sequence=made.calendar_sequence + 1,
        version=made.version + 1,
        updated_at=asking.now,
    )


def _tell(
    tx: WriteTx,
    asking: Asking[Appointment],
    made: Appointment,
    moved: Appointment,
    *,
    hold_id: UUID | None = None,
    taken: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Tell of a move in one event with old and new: what it takes, or the hold that has taken it."""
    tx.say(
        asking.event(
            "appointment.rescheduled",
            made.id,
            holdId=hold_id,
            takes=taken,
            previous=before(made),
            **slot_facts(moved),
        )
    )
