"""What every change of an appointment begins and ends with: who may, at which version, and what was tried."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from deskcal.core.access import Role, Scope
from deskcal.core.booking import Appointment, Want, pieces
from deskcal.core.refusals import Kind, NotAllowed, NotFound, PreconditionFailed, Refusal, SlotTaken
from deskcal.core.session import own_window
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.store import appointments, changes, locks, occupancy
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx
from deskcal.store.log import NewEvent

REACH = timedelta(days=1)


async def locked(tx: WriteTx, asking: Asking[Any], appointment_id: UUID, version: int | None) -> Appointment:
    """Lock an appointment that the caller may change, at the version that they saw; None is any.

    Patients change their own, providers those of their calendar. Raises NotFound, NotAllowed or
    PreconditionFailed.
    """
    found = await appointments.lock(tx, appointment_id)
    actor = asking.actor
    if found is None or (actor.role is Role.PATIENT and found.patient_id != actor.patient_id):
        raise NotFound("There is no such appointment.")
    if actor.role is Role.PROVIDER and found.provider_id != actor.provider_id:
        raise NotAllowed("This appointment is with somebody else; the front desk can change it.")
    if actor.role not in {Role.PATIENT, Role.PROVIDER}:
        actor.require(Scope.APPOINTMENTS_WRITE)
    if version is not None and version != found.version:
        raise PreconditionFailed("Someone else changed this appointment meanwhile. Look again.")
    await locks.stack(tx, found.provider_id)
    await tx.settle()
    return found


def attempt(asking: Asking[Any], appointment_id: UUID, action: str) -> Callable[[Refusal], NewEvent | None]:
    """Tell the log of an attempt that failed; what is not there for the caller leaves no trace."""

    def refused(refusal: Refusal) -> NewEvent | None:
        if isinstance(refusal, NotFound):
            return None
        error = type(refusal).__name__
        return asking.event("appointment.refused", appointment_id, action=action, error=error)

    return refused


def before(made: Appointment) -> Mapping[str, Any]:
    """Spell in an event where an appointment was."""
    return {
        "providerId": made.provider_id,
        "roomId": made.room_id,
        "start": made.span.start,
        "end": made.span.end,
    }


async def give_back(tx: WriteTx, known: Catalog, made: Appointment) -> None:
    """Let others have the time of an appointment; what lay on top of it is guarded from now on."""
    await changes.free(tx, made.id)
    await guard_again(tx, known, made)


async def guard_again(tx: WriteTx, known: Catalog, gone: Appointment) -> None:
    """Guard overbookings where what they lay on is gone: nothing else may come between.

    Nobody can have taken that time yet, as it is given back by this same transaction.
    """
    service = known.services.get(gone.service_id)
    window = own_window(service, gone.span) if service else gone.span
    around = Span(start=window.start - REACH, end=window.end + REACH)
    rows = await changes.on_top_of(tx, gone.provider_id, around)
    for appointment_id, own in groupby(rows, key=lambda row: row.appointment_id):
        spans = [row.span for row in own]
        whole = Span(start=min(span.start for span in spans), end=max(span.end for span in spans))
        others = await occupancy.of_resources(tx, [gone.provider_id], whole)
        over = [row.span for row in others if row.appointment_id != appointment_id and not row.overbooked]
        cut = pieces(whole, over)
        wants = [
            Want(
                resource_id=gone.provider_id,
                kind=Kind.PROVIDER,
                span=piece,
                seat=number,
                capacity=len(cut),
                overbooked=taken,
            )
            for number, (piece, taken) in enumerate(cut, 1)
        ]
        if appointment_id and not await changes.guard(tx, appointment_id, gone.provider_id, wants):
            raise SlotTaken("Others are changing this time just now. Try again.", conflicts=())
