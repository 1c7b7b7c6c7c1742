"""Freed time is held for whoever waits for it, one after the other: by a reader of the log."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import SYSTEM
from deskcal.core.clinic import Provider
from deskcal.core.refusals import Kind, Refusal, SlotTaken
from deskcal.core.session import in_force, own_window
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.core.waitlist import EntryState, Match, Offer, OfferState, matches
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.hold import take
from deskcal.flows.reading import Effect, Reader
from deskcal.flows.securing import seek
from deskcal.flows.waitlist import offer_facts
from deskcal.store import occupancy, waitlist
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.log import Entry

OWNER = "waitlist"
REACH = timedelta(days=1)
"""How far beside freed time a visit that takes some of it can reach."""
FREEING = {
    "appointment.canceled",
    "appointment.rescheduled",
    "appointment.freed",
    "waitlist.offer_declined",
    "waitlist.offer_lapsed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Freed:
    """Time of a provider that came free; whoever gave it up is not asked."""

    provider_id: UUID
    patient_id: UUID
    span: Span


def offerer_of_freed_time(board: Board, *, seconds: int) -> Reader:
    """Give the reader that keeps freed time for the waitlist: for so many seconds, or until it begins."""

    async def handle(clinic_id: UUID, entry: Entry, now: datetime) -> Effect | None:
        asking = Asking[Any](actor=replace(SYSTEM, clinic_id=clinic_id), now=now)
        if entry.event_type == "hold.lapsed":
            lapsed = partial(_lapsed, asking=asking, hold_id=entry.aggregate_id)
            return lapsed if entry.payload.get("owner") == OWNER else None
        freed = _freed(entry, now)
        return partial(_pass_on, board=board, asking=asking, freed=freed, seconds=seconds) if freed else None

    async def give_up(tx: WriteTx, entry: Entry, now: datetime) -> None:
        """Leave the time to everybody: it is not held."""

    return Reader(
        name="waitlist",
        event_types=frozenset({*FREEING, "hold.lapsed"}),
        handle=handle,
        give_up=give_up,
    )


def _freed(entry: Entry, now: datetime) -> Freed | None:
    """Read what came free; None when it is over."""
    facts = entry.payload
    gone = facts.get("previous", facts)
    start, end = (datetime.fromisoformat(gone[side]) for side in ("start", "end"))
    if end <= now:
        return None
    return Freed(
        provider_id=UUID(gone["providerId"]),
        patient_id=UUID(facts["patientId"]),
        span=Span(start=start, end=end),
    )


async def _lapsed(tx: WriteTx, *, asking: Asking[Any], hold_id: UUID) -> None:
    """Let whoever did not answer in time wait on."""
    entry_id = await waitlist.of_hold(tx, hold_id)
    entry = await waitlist.lock(tx, entry_id) if entry_id else None
    if entry is None:
        return
    offer = entry.offer(None)
    left = entry.answered(offer, OfferState.LAPSED, asking.now)
    await waitlist.write(tx, left)
    tx.say(asking.event("waitlist.offer_lapsed", entry.id, state=left.state, **offer_facts(entry, offer)))


async def _pass_on(tx: WriteTx, *, board: Board, asking: Asking[Any], freed: Freed, seconds: int) -> None:
    """Hold freed time for the first in line who can have it, and what is left of it for the next."""
    known = await board.catalog_within(tx)
    provider = known.providers.get(freed.provider_id)
    if provider is None:
        return
    waiting = await waitlist.waiting(tx, list(provider.prices), but=freed.patient_id)
    resources = [provider.id, *{entry.patient_id for entry in waiting}]
    around = Span(start=freed.span.start - REACH, end=freed.span.end + REACH)
    found = matches(
        waiting,
        freed=freed.span,
        provider=provider,
        services=known.services,
        busy=await _busy(tx, resources, around, asking.now) if waiting else {},
        now=asking.now,
    )
    left, refused = [freed.span], set[tuple[UUID, datetime]]()
    for match in found:
        place = match.service.id, match.span.start
        if place in refused or not any(one.overlaps(match.span) for one in left):
            continue
        try:
            async with tx.part():
                offered = await _offer(tx, asking, known, provider, match, seconds=seconds)
        except Refusal as refusal:
            if not _is_about_patient(refusal):
                refused.add(place)
            continue
        if offered:
            taken = own_window(match.service, match.span)
            left = [piece for one in left for piece in one.without([taken])]


async def _offer(
    tx: WriteTx, asking: Asking[Any], known: Catalog, provider: Provider, match: Match, *, seconds: int
) -> bool:
    """Hold a time for an entry; False when it does not wait any more. Raises why it cannot be held."""
    entry = await waitlist.lock(tx, match.entry.id)
    if entry is None or entry.state is not EntryState.WAITING:
        return False
    service, span = match.service, match.span
    gate(provider=provider, service=service, span=span, now=asking.now, on_grid=True)
    sought = seek(
        known, provider=provider, service=service, span=span, patient_id=entry.patient_id, room_id=None
    )
    expires_at = min(asking.now + timedelta(seconds=seconds), span.start)
    placed = await take(tx, asking, sought, owner=OWNER, client=OWNER, expires_at=expires_at)
    offer = Offer(
        id=uuid.uuid7(),
        hold_id=placed.hold.id,
        provider_id=provider.id,
        span=span,
        state=OfferState.OPEN,
        offered_at=asking.now,
        expires_at=expires_at,
    )
    offered = entry.offered(offer)
    await waitlist.write(tx, offered)
    tx.say(
        asking.event(
            "waitlist.offered",
            entry.id,
            holdId=offer.hold_id,
            expiresAt=expires_at,
            state=offered.state,
            **offer_facts(entry, offer),
        )
    )
    return True


async def _busy(tx: ReadTx, resources: Sequence[UUID], span: Span, now: datetime) -> dict[UUID, list[Span]]:
    found: dict[UUID, list[Span]] = {}
    for row in in_force(await occupancy.of_resources(tx, resources, span), now):
        found.setdefault(row.resource_id, []).append(row.span)
    return found


def _is_about_patient(refusal: Refusal) -> bool:
    return isinstance(refusal, SlotTaken) and {one.kind for one in refusal.conflicts} == {Kind.PATIENT}
