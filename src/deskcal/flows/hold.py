"""Holds: placed, looked at, renewed, released, lapsed."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import SYSTEM, Actor
from deskcal.core.booking import MOST_RENEWALS, Hold, HoldState
from deskcal.core.lifecycle import insist_movable
from deskcal.core.refusals import (
    HoldExpired,
    HoldRenewed,
    Invalid,
    NotFound,
    Refusal,
    SlotTaken,
)
from deskcal.core.span import Span
from deskcal.core.verdict import gate
from deskcal.flows import search
from deskcal.flows.alternatives import amended
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.changing import locked
from deskcal.flows.page import takes
from deskcal.flows.securing import Choice, Sought, lapse_expired, secure, seek, slot_facts
from deskcal.store import changes, holds, occupancy, patients
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A slot to hold, as it was asked for."""

    provider_id: UUID | None
    """None for whoever is best."""
    service_id: UUID
    start: datetime
    patient_id: UUID | None
    room_id: UUID | None
    client: str | None
    moving_id: UUID | None = None
    """The appointment that is to get this time instead of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A hold and the token that is its key, which is known only now."""

    hold: Hold
    token: str


async def place(board: Board, asking: Asking[Placed], wish: Wish, *, seconds: int) -> Placed:
    """Hold a slot for the one who asks. Raises SlotTaken with alternatives when somebody was first.

    Where anybody would do, those who are free are tried in order of rank until one is had.
    """
    patient_id = None if wish.moving_id else asking.actor.booking_for(wish.patient_id)
    order = await _order(board, asking, wish)

    async def work(tx: WriteTx) -> Placed:
        known = await board.catalog_within(tx)
        beside = None
        if wish.moving_id is not None:
            made = await locked(tx, asking, wish.moving_id, None)
            insist_movable(made, asking.now)
            if known.service(wish.service_id).capacity == 1:
                beside = await changes.beside(tx, made.id, made.provider_id)
        if patient_id is not None and await patients.find(tx, patient_id) is None:
            raise Invalid(("patientId", "there is no such patient"))
        for provider_id in order:
            try:
                sought = _sought(known, asking, wish, provider_id, patient_id)
                sought = replace(sought, beside=beside, keeps_seat=beside is None)
                return await take(
                    tx,
                    asking,
                    sought,
                    owner=asking.actor.sub,
                    client=wish.client,
                    expires_at=asking.now + timedelta(seconds=seconds),
                )
            except Refusal:
                if provider_id == order[-1]:
                    raise
                await tx.restart()
        raise SlotTaken("Nobody who offers this is free at that time.", conflicts=())

    async def amend(tx: ReadTx, refusal: Refusal) -> Refusal:
        return await amended(
            board,
            asking,
            tx,
            refusal,
            provider_id=wish.provider_id,
            service_id=wish.service_id,
            at=wish.start,
        )

    return await board.database.write(
        asking.clinic_id, work, claim=asking.claim, keep=asking.keep, amend=amend
    )


async def _order(board: Board, asking: Asking[Placed], wish: Wish) -> list[UUID]:
    if wish.provider_id is not None:
        return [wish.provider_id]
    return await search.free_providers(board, asking, service_id=wish.service_id, start=wish.start)


def _sought(
    known: Catalog, asking: Asking[Placed], wish: Wish, provider_id: UUID, patient_id: UUID | None
) -> Sought:
    provider, service = known.provider(provider_id), known.service(wish.service_id)
    span = Span.of_minutes(wish.start, service.duration_minutes)
    gate(provider=provider, service=service, span=span, now=asking.now, on_grid=True)
    return seek(
        known,
        provider=provider,
        service=service,
        span=span,
        patient_id=patient_id,
        room_id=wish.room_id,
        moving_id=wish.moving_id,
    )


async def take(
    tx: WriteTx,
    asking: Asking[Any],
    sought: Sought,
    *,
    owner: str,
    client: str | None,
    expires_at: datetime,
) -> Placed:
    """Hold what is sought within a transaction, which a refusal leaves to be undone."""
    hold = Hold(
        id=uuid.uuid7(),
        provider_id=sought.provider.id,
        service_id=sought.service.id,
        room_id=None,
        patient_id=sought.patient_id,
        span=sought.span,
        owner=owner,
        client=client,
        moving_id=sought.moving_id,
        renewals=0,
        state=HoldState.HELD,
        expires_at=expires_at,
    )
    token = secrets.token_urlsafe(24)

    async def placed(choice: Choice) -> bool:
        wanted = replace(hold, room_id=choice.room_id, unit_ids=choice.unit_ids)
        return await holds.place(tx, wanted, token=token, wants=choice.wants, session_key=choice.session_key)

    choice = await secure(tx, asking, sought, placed)
    hold = replace(hold, room_id=choice.room_id, unit_ids=choice.unit_ids)
    taken = takes(choice.wants, choice.session_key)
    tx.say(asking.event("hold.placed", hold.id, takes=taken, **_facts(hold)))
    return Placed(hold=hold, token=token)


async def find(database: Database, actor: Actor, token: str, now: datetime) -> Hold:
    """Look at one's own hold. Raises NotFound, or HoldExpired once it is over."""
    return standing(await find_any(database, actor, token), actor, now)


async def find_any(database: Database, actor: Actor, token: str) -> Hold:
    """Look at one's own hold, whatever became of it. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        return _own(await holds.find(tx, token), actor)


async def renew(database: Database, asking: Asking[Hold], token: str, *, seconds: int) -> Hold:
    """Start the time again, once. Raises HoldRenewed the second time."""

    async def work(tx: WriteTx) -> Hold:
        hold = standing(await holds.lock(tx, token), asking.actor, asking.now)
        if hold.renewals >= MOST_RENEWALS:
            raise HoldRenewed("This hold was renewed once already. Confirm it, or release it and hold again.")
        expires_at = asking.now + timedelta(seconds=seconds)
        await holds.renew(tx, hold.id, expires_at)
        renewed = replace(hold, expires_at=expires_at, renewals=hold.renewals + 1)
        tx.say(asking.event("hold.renewed", hold.id, **_facts(renewed)))
        return renewed

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def release(database: Database, asking: Asking[None], token: str) -> None:
    """Give a hold back; nothing happens when it is gone already, or not one's own."""

    async def work(tx: WriteTx) -> None:
        hold = await holds.lock(tx, token)
        if hold is None or hold.owner != asking.actor.sub or hold.state is not HoldState.HELD:
            return
        await give_back(tx, asking, hold)

    await database.write(asking.clinic_id, work)


async def give_back(tx: WriteTx, asking: Asking[Any], hold: Hold) -> None:
    """End a locked hold that nobody has ended yet."""
    await occupancy.free(tx, hold_ids=[hold.id])
    await holds.end(tx, [hold.id], HoldState.RELEASED, asking.now)
    tx.say(asking.event("hold.released", hold.id, **slot_facts(hold)))


async def sweep(database: Database, now: datetime) -> int:
    """Lapse every hold that ran out, in all clinics; gives their number."""
    async with database.read(SYSTEM.clinic_id, installation=True) as tx:
        due = await holds.clinics_due(tx, now)
    lapsed = 0
    for clinic_id in due:
        asking = Asking[int](actor=replace(SYSTEM, clinic_id=clinic_id), now=now)

        async def work(tx: WriteTx, asking: Asking[int] = asking) -> int:
            return await lapse_expired(tx, asking, None)

        lapsed += await database.write(clinic_id, work)
    return lapsed


def standing(hold: Hold | None, actor: Actor, now: datetime) -> Hold:
    """Insist that a hold is there, one's own, and not over. Raises NotFound or HoldExpired."""
    hold = _own(hold, actor)
    if not hold.stands_at(now):
        ended = {
            HoldState.CONFIRMED: "was confirmed already",
            HoldState.RELEASED: "was released",
        }.get(hold.state, "ran out")
        raise HoldExpired(f"This hold {ended}. Hold the slot again, or take one of the alternatives.")
    return hold


def _own(hold: Hold | None, actor: Actor) -> Hold:
    if hold is None or hold.owner != actor.sub:
        raise NotFound("There is no such hold of yours.")
    return hold


def _facts(hold: Hold) -> dict[str, object]:
    return slot_facts(hold) | {"expiresAt": hold.expires_at, "client": hold.client, "owner": hold.owner}
