"""Carrying out one deed: the steps that the server is asked for, each with the key of its attempt."""

from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from deskcal.client.errors import ClientError, Refused
from deskcal.tui.link import Link
from deskcal.tui.memory.intents import Become, Book, Cancel, Intent, Move
from deskcal.tui.spoken import money
from deskcal.wire.booking import (
    ConfirmRequest,
    RescheduleRequest,
    ReserveRequest,
)
from deskcal.wire.problem import Problem

LAPSED = "RESERVATION_EXPIRED"
NOT_NOW = frozenset({401, 429})
SERVER_FAULT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A deed come true: in what words, and what version its appointment has now."""

    words: str
    appointment_id: UUID
    version: int


async def carry_out(link: Link, intent: Intent) -> Done:
    """Ask for it. A step sent again in the same attempt has no second effect. Raises ClientError."""
    match intent.deed:
        case Book() | Move():
            return await _through_a_hold(link, intent, intent.deed)
        case Cancel(seen=seen, request=request):
            canceled = await link.cancel(seen.id, request, key=intent.key("change"), version=seen.version)
            made = canceled.appointment
            fee = money(canceled.fee_cents, made.currency) if canceled.fee_cents else "no"
            return Done(words=f"canceled, {fee} fee", appointment_id=made.id, version=made.version)
        case Become(seen=seen, request=change):
            key = intent.key("change")
            made = await link.change(link.clinic.id, seen.id, change, version=seen.version, key=key)
            return Done(words="noted", appointment_id=made.id, version=made.version)


def is_for_later(problem: Problem) -> bool:
    """Tell a server that cannot answer just now from one that says no."""
    in_progress = problem.error == "IDEMPOTENCY_IN_PROGRESS"
    return in_progress or problem.status >= SERVER_FAULT or problem.status in NOT_NOW


async def _through_a_hold(link: Link, intent: Intent, deed: Book | Move) -> Done:
    token = intent.asked.token if intent.asked else None
    token = token or await _hold(link, intent, deed)
    try:
        return await _settled(link, intent, deed, token)
    except Refused as refused:
        if refused.problem.error != LAPSED and not is_for_later(refused.problem):
            with suppress(ClientError):
                await link.release(token)
        raise


async def _hold(link: Link, intent: Intent, deed: Book | Move) -> str:
    request = ReserveRequest(
        provider_id=str(deed.slot.provider_id),
        service_id=deed.slot.service_id,
        timeslot_id=deed.slot.id,
        patient_id=deed.patient.id,
        client_id=intent.by,
        appointment_id=intent.appointment_id,
    )
    return (await link.reserve(request, key=intent.key("reserve"))).reservation_token


async def _settled(link: Link, intent: Intent, deed: Book | Move, token: str) -> Done:
    key = intent.key("confirm")
    if isinstance(deed, Move):
        move = RescheduleRequest(reservation_token=token, reason=deed.reason or None)
        made = await link.reschedule(deed.seen.id, move, key=key, version=deed.seen.version)
        return Done(words=f"moved {made.reference}", appointment_id=made.id, version=made.version)
    request = ConfirmRequest(reservation_token=token, patient_id=deed.patient.id, notes=deed.reason or None)
    booked = await link.confirm(request, key=key)
    return Done(words=f"booked {booked.reference}", appointment_id=booked.id, version=booked.version)
