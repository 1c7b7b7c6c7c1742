"""How an appointment goes on: who has come, who is seen, who did not come."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment, Party, Status
from deskcal.core.lifecycle import step, stepped
from deskcal.core.refusals import Invalid, InvalidStatusChange, SlotTaken
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.cancel import canceled
from deskcal.flows.changing import attempt, give_back, locked
from deskcal.flows.page import takes
from deskcal.flows.securing import Choice, secure, seek, slot_facts
from deskcal.store import changes
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What is said of an appointment. `missed_by` goes with a no-show; `free` gives its time to others."""

    status: Status | None
    missed_by: Party | None = None
    free: bool = False
    reason: str | None = None
    waive_fee: bool = False


async def progress(
    board: Board,
    asking: Asking[Appointment],
    appointment_id: UUID,
    said: Progress,
    *,
    version: int | None,
) -> Appointment:
    """Write down how it goes on. Raises InvalidStatusChange, or SlotTaken for a freed time wanted back."""
    if said.missed_by is not None and said.status is not Status.NO_SHOW:
        raise Invalid(("missedBy", "it goes with the status no_show"))

    async def work(tx: WriteTx) -> Appointment:
        made = await locked(tx, asking, appointment_id, version)
        known = await board.catalog_within(tx)
        if said.status is Status.CANCELED:
            return await canceled(tx, asking, known, made, reason=said.reason, waive_fee=said.waive_fee)
        if said.status is not None:
            made = await _stepped(tx, asking, known, made, said)
        return await _freed(tx, asking, known, made) if said.free else made

    return await board.database.write(
        asking.clinic_id,
        work,
        claim=asking.claim,
        keep=asking.keep,
        refused=attempt(asking, appointment_id, said.status or "free"),
    )


async def _stepped(
    tx: WriteTx, asking: Asking[Appointment], known: Catalog, made: Appointment, said: Progress
) -> Appointment:
    to = said.status or made.status
    step(made, to, asking.now)
    missed_by = (said.missed_by or Party.PATIENT) if to is Status.NO_SHOW else None
    went_on = replace(
        stepped(made, to, asking.now),
        missed_by=missed_by,
        charged_cents=made.no_show_fee_cents if missed_by is Party.PATIENT else 0,
        freed=False,
        change_reason=said.reason or made.change_reason,
    )
    taken = None
    if made.freed:
        went_on, taken = await taken_back(tx, asking, known, went_on)
    else:
        await changes.write(tx, went_on)
    tx.say(
        asking.event(
            "appointment.status_changed",
            made.id,
            was=made.status,
            status=to,
            missedBy=missed_by,
            takes=taken,
            **slot_facts(made),
        )
    )
    return went_on


async def _freed(tx: WriteTx, asking: Asking[Appointment], known: Catalog, made: Appointment) -> Appointment:
    if made.status is not Status.NO_SHOW or made.freed:
        raise InvalidStatusChange("Only the time of a no-show can be given to others, and only once.")
    gone = replace(made, freed=True, version=made.version + 1, updated_at=asking.now)
    await give_back(tx, known, made)
    await changes.write(tx, gone)
    tx.say(asking.event("appointment.freed", made.id, **slot_facts(made)))
    return gone


async def taken_back(
    tx: WriteTx, asking: Asking[Any], known: Catalog, made: Appointment
) -> tuple[Appointment, list[dict[str, Any]]]:
    """Take the very time again that was given to others; other units will do.

    Raises SlotTaken when somebody has it.
    """
    back = made

    async def take(choice: Choice) -> bool:
        nonlocal back
        back = replace(made, unit_ids=choice.unit_ids)
        return await changes.take_anew(tx, back, wants=choice.wants, session_key=choice.session_key)

    service = known.service(made.service_id)
    sought = seek(
        known,
        provider=known.provider(made.provider_id),
        service=replace(service, duration_minutes=made.span.minutes, rules=()),
        span=made.span,
        patient_id=made.patient_id,
        room_id=made.room_id,
        moving_id=made.id,
    )
    try:
        choice = await secure(tx, asking, sought, take)
    except SlotTaken as taken:
        raise SlotTaken(f"The time was given to others. {taken}", conflicts=taken.conflicts) from taken
    return back, takes(choice.wants, choice.session_key)
