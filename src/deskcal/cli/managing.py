"""`deskcal move`, `cancel` and `status`: what becomes of an appointment."""

from typing import Annotated, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.instead import instead
from deskcal.cli.names import appointment_of, provider_of, room_of
from deskcal.cli.options import options_of
from deskcal.cli.out import money, print_json
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import said_span, start_of
from deskcal.client.errors import Refused
from deskcal.wire.booking import Appointment, AppointmentChange, AppointmentStatus, Canceled, CancelRequest

Named = Annotated[str, typer.Argument(help="Its reference, such as B-20001, or its id.")]


def move(
    context: typer.Context,
    appointment: Named,
    start: Annotated[
        str, typer.Argument(help="2026-03-09 09:30 where the provider works, or with an offset.")
    ],
    *,
    provider: Annotated[str | None, typer.Option(help="Name or id, if somebody else.")] = None,
    room: Annotated[str | None, typer.Option(help="That room; else any that does.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit.")] = None,
) -> None:
    """Move an appointment; it keeps its reference.

    Exits 3 when the time cannot be had, with the nearest free times.
    """

    async def work(session: Session) -> Appointment:
        made = await appointment_of(session, appointment)
        who = await provider_of(session, provider) if provider else None
        where = await room_of(session, room) if room else None
        zone = ZoneInfo(who.timezone if who else made.timezone)
        request = AppointmentChange(
            start=start_of(start, zone).isoformat(),
            provider_id=who.id if who else None,
            room_id=where.id if where else None,
            reason=reason,
        )
        try:
            return await session.client.change(session.clinic.id, made.id, request, version=made.version)
        except Refused as refused:
            for line in instead(refused.problem.alternatives or [], zone):
                refused.add_note(line)
            raise

    moved = with_clinic(context, work)
    if options_of(context).json:
        print_json(moved)
        return
    when = said_span(moved.start, moved.end, ZoneInfo(moved.timezone))
    typer.echo(f"{moved.reference} is now {when} with {moved.provider_name}.")


def cancel(
    context: typer.Context,
    appointment: Named,
    *,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit.")] = None,
    waive_fee: Annotated[bool, typer.Option("--waive-fee", help="The clinic cancels: no fee.")] = False,
) -> None:
    """Cancel an appointment; on a terminal it says the fee and asks, unless --yes is given."""
    options = options_of(context)

    async def work(session: Session) -> Canceled:
        made = await appointment_of(session, appointment)
        cost = await session.client.cancellation(made.id)
        fee = 0 if waive_fee else cost.fee_cents
        refund = cost.fee_cents + cost.refund_cents - fee
        options.insist(
            f"{made.reference} of {made.patient_name}: a fee of {money(fee, cost.currency)},"
            f" and {money(refund, cost.currency)} back. Cancel it?"
        )
        request = CancelRequest(reason=reason, waive_fee=waive_fee)
        return await session.client.cancel(made.id, request, key=str(uuid4()), version=made.version)

    done = with_clinic(context, work)
    if options.json:
        print_json(done)
        return
    gone = done.appointment
    fee, refund = money(done.fee_cents, gone.currency), money(done.refund_cents, gone.currency)
    typer.echo(f"{gone.reference} is canceled. Fee {fee}, refund {refund}.")


def status(
    context: typer.Context,
    appointment: Named,
    status: Annotated[AppointmentStatus, typer.Argument(help="What it is now.")],
    *,
    missed_by: Annotated[
        Literal["patient", "provider"] | None, typer.Option(help="With no_show: who; else the patient.")
    ] = None,
    free: Annotated[
        bool, typer.Option("--free", help="With no_show: others may have the rest of its time.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why, for the audit.")] = None,
) -> None:
    """Say how an appointment goes on: who has come, is seen, is done, or did not come."""

    async def work(session: Session) -> Appointment:
        made = await appointment_of(session, appointment)
        request = AppointmentChange(
            status=None if free and made.status == status else status,
            missed_by=missed_by,
            free_time=free,
            reason=reason,
        )
        return await session.client.change(session.clinic.id, made.id, request, version=made.version)

    now = with_clinic(context, work)
    if options_of(context).json:
        print_json(now)
        return
    freed = ", and others may have its time" if now.time_freed else ""
    typer.echo(f"{now.reference} is {now.status}{freed}.")
