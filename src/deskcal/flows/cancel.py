"""Appointments are canceled, by the policy that they were made under."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from deskcal.core.booking import Appointment, Status
from deskcal.core.lifecycle import cancellation_fee, step
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.changing import attempt, give_back, locked
from deskcal.flows.securing import slot_facts
from deskcal.store import changes
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx


async def cancel(
    board: Board,
    asking: Asking[Appointment],
    appointment_id: UUID,
    *,
    reason: str | None,
    version: int | None,
    waive_fee: bool = False,
) -> Appointment:
    """Cancel an appointment; the fee and the refund of this moment are kept with it.

    `waive_fee` is for staff, when it is the clinic that cancels. Raises InvalidStatusChange or TooLate.
    """

    async def work(tx: WriteTx) -> Appointment:
        made = await locked(tx, asking, appointment_id, version)
        return await canceled(
            tx, asking, await board.catalog_within(tx), made, reason=reason, waive_fee=waive_fee
        )

    return await board.database.write(
        asking.clinic_id,
        work,
        claim=asking.claim,
        keep=asking.keep,
        refused=attempt(asking, appointment_id, "cancel"),
    )


async def canceled(
    tx: WriteTx,
    asking: Asking[Any],
    known: Catalog,
    made: Appointment,
    *,
    reason: str | None,
    waive_fee: bool = False,
) -> Appointment:
    """Cancel a locked appointment within a transaction."""
    step(made, Status.CANCELED, asking.now)
    fee = 0 if waive_fee and asking.actor.is_staff else cancellation_fee(made, asking.now)
    gone = replace(
        made,
        status=Status.CANCELED,
        charged_cents=fee,
        refunded_cents=made.price_cents - fee,
        canceled_at=asking.now,
        change_reason=reason,
        calendar_sequence=made.calendar_sequence + 1,
        version=made.version + 1,
        updated_at=asking.now,
    )
    await give_back(tx, known, made)
    await changes.write(tx, gone)
    money = {"feeCents": gone.charged_cents, "refundCents": gone.refunded_cents}
    tx.say(asking.event("appointment.canceled", made.id, was=made.status, money=money, **slot_facts(made)))
    return gone
