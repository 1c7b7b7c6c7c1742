"""The waitlist: joined, left, and what is offered from it accepted or declined."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import Actor, Role
from deskcal.core.booking import Appointment, Hold, HoldState, Mode
from deskcal.core.localtime import find_zone
from deskcal.core.refusals import HoldExpired, Invalid, InvalidStatusChange, NotAllowed, NotFound, Refusal
from deskcal.core.waitlist import EntryState, Offer, OfferState, WaitlistEntry
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.confirm import drawn_up, settled
from deskcal.flows.hold import give_back
from deskcal.store import clinics, holds, patients, waitlist
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Which offer is accepted, None for the newest, and how they want to meet."""

    offer_id: UUID | None
    mode: Mode | None
    notes: str | None


async def join(board: Board, asking: Asking[WaitlistEntry], wanted: WaitlistEntry) -> WaitlistEntry:
    """Put somebody on the waitlist; notes and priority are the clinic's own. Raises Invalid or NotFound."""
    if not asking.actor.is_staff and (wanted.notes or wanted.priority):
        raise NotAllowed("Notes and priority are for the clinic's staff.")

    async def work(tx: WriteTx) -> WaitlistEntry:
        known = await board.catalog_within(tx)
        _insist(known, wanted, asking.now)
        patient = await patients.find(tx, wanted.patient_id)
        if patient is None:
            raise Invalid(("patientId", "there is no such patient"))
        if wanted.location_id and not await clinics.has_location(tx, wanted.location_id):
            raise Invalid(("locationId", "there is no such location"))
        title = known.service(wanted.service_id).title
        entry = replace(wanted, id=uuid.uuid7(), patient_name=patient.name, service_title=title)
        await waitlist.add(tx, entry)
        tx.say(
            asking.event(
                "waitlist.added",
                entry.id,
                patientId=entry.patient_id,
                serviceId=entry.service_id,
                state=entry.state,
            )
        )
        return entry

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def page(
    database: Database,
    actor: Actor,
    *,
    patient_id: UUID | None,
    service_id: UUID | None,
    states: Collection[EntryState] | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[WaitlistEntry]:
    """List the clinic's waitlist, who waits longest first; to patients their own entries."""
    async with database.read(actor.clinic_id) as tx:
        return await waitlist.page(
            tx,
            patient_id=actor.patient_id or patient_id,
            service_id=service_id,
            states=states,
            after=after,
            limit=limit,
        )


async def accept(board: Board, asking: Asking[Appointment], entry_id: UUID, said: Acceptance) -> Appointment:
    """Book what is offered. Raises HoldExpired with alternatives once the offer is over."""
    tried: tuple[WaitlistEntry, Offer] | None = None

    async def work(tx: WriteTx) -> Appointment:
        nonlocal tried
        entry = await _locked(tx, asking, entry_id)
        offer = entry.offer(said.offer_id)
        tried = entry, offer
        hold = await _held(tx, asking, entry, offer)
        known = await board.catalog_within(tx)
        drawn = await drawn_up(
            tx, asking, known, hold, patient_id=entry.patient_id, mode=said.mode, notes=said.notes
        )
        made = await settled(tx, asking, drawn, hold, ())
        if made is None:
            raise NotFound("This service is not there any more.")
        booked = entry.answered(offer, OfferState.ACCEPTED, asking.now, appointment_id=made.id)
        await waitlist.write(tx, booked)
        tx.say(
            asking.event(
                "waitlist.booked",
                entry.id,
                appointmentId=made.id,
                state=booked.state,
                **offer_facts(entry, offer),
            )
        )
        return made

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        if tried is None:
            return refusal
        entry, offer = tried
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=offer.provider_id,
            service_id=entry.service_id,
            at=offer.span.start,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def decline(
    database: Database, asking: Asking[WaitlistEntry], entry_id: UUID, offer_id: UUID | None
) -> WaitlistEntry:
    """Leave what is offered to the next in line; the entry waits on. Raises HoldExpired."""

    async def work(tx: WriteTx) -> WaitlistEntry:
        entry = await _locked(tx, asking, entry_id)
        offer = entry.offer(offer_id)
        hold = await _held(tx, asking, entry, offer)
        return await _declined(tx, asking, entry, offer, hold)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def withdraw(database: Database, asking: Asking[WaitlistEntry], entry_id: UUID) -> WaitlistEntry:
    """Take an entry off the waitlist; what is offered to it goes to the next in line."""

    async def work(tx: WriteTx) -> WaitlistEntry:
        entry = await _locked(tx, asking, entry_id)
        if entry.state is EntryState.WITHDRAWN:
            return entry
        if entry.state is EntryState.BOOKED:
            raise InvalidStatusChange("What was waited for is booked. Cancel the appointment instead.")
        gone = entry.withdrawn(asking.now)
        await waitlist.write(tx, gone)
        tx.say(asking.event("waitlist.withdrawn", entry.id, patientId=entry.patient_id, state=gone.state))
        if entry.state is EntryState.WAITING:
            return gone
        offer = gone.offer(None)
        hold = await holds.lock_one(tx, offer.hold_id)
        # A hold that was lapsed a moment ago is passed on by whoever reads of that.
        if hold is None or hold.state is not HoldState.HELD:
            return gone
        return await _declined(tx, asking, gone, offer, hold)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


def offer_facts(entry: WaitlistEntry, offer: Offer) -> dict[str, Any]:
    """Say in an event which offer it is about, to whom."""
    return {
        "offerId": offer.id,
        "patientId": entry.patient_id,
        "providerId": offer.provider_id,
        "serviceId": entry.service_id,
        "start": offer.span.start,
        "end": offer.span.end,
    }


async def _declined(
    tx: WriteTx, asking: Asking[Any], entry: WaitlistEntry, offer: Offer, hold: Hold
) -> WaitlistEntry:
    await give_back(tx, asking, hold)
    left = entry.answered(offer, OfferState.DECLINED, asking.now)
    await waitlist.write(tx, left)
    tx.say(asking.event("waitlist.offer_declined", entry.id, state=left.state, **offer_facts(entry, offer)))
    return left


async def _locked(tx: WriteTx, asking: Asking[Any], entry_id: UUID) -> WaitlistEntry:
    """Lock an entry of the caller's. To a patient another's is not there."""
    entry, actor = await waitlist.lock(tx, entry_id), asking.actor
    if entry is None or (actor.role is Role.PATIENT and entry.patient_id != actor.patient_id):
        raise NotFound("There is no such entry on the waitlist.")
    return entry


async def _held(tx: WriteTx, asking: Asking[Any], entry: WaitlistEntry, offer: Offer) -> Hold:
    """Lock the hold of an offer that can be answered. Raises InvalidStatusChange or HoldExpired."""
    if entry.state is EntryState.BOOKED:
        raise InvalidStatusChange("What was waited for is booked already.")
    if entry.state is EntryState.WITHDRAWN:
        raise InvalidStatusChange("This was taken off the waitlist. Join it again.")
    if offer.state is OfferState.DECLINED:
        raise InvalidStatusChange("This offer was declined. The next time that comes free may be offered.")
    hold = await holds.lock_one(tx, offer.hold_id)
    if hold is None or not hold.stands_at(asking.now):
        raise HoldExpired(
            "This offer ran out, and you wait on. Take one of the alternatives, or the next offer."
        )
    return hold


def _insist(known: Catalog, wanted: WaitlistEntry, now: datetime) -> None:
    service = known.service(wanted.service_id)
    for provider in map(known.provider, wanted.provider_ids):
        if service.id not in provider.prices:
            raise Invalid(("providerIds", f"{provider.name} does not offer {service.title}"))
    first, last = wanted.first_date, wanted.last_date
    if last is not None and last < (first or now.astimezone(find_zone(known.clinic.timezone)).date()):
        raise Invalid(("lastDate", f"{last} is {'before the first date' if first else 'over'}"))
