"""`deskcal appointments` and `show`: what is booked, and what happened to it."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import patient_of, provider_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, lines, money, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.when import day_of, said, said_span
from deskcal.wire.booking import Appointment, AppointmentStatus

PAGE = 200


def appointments(
    context: typer.Context,
    *,
    date: Annotated[str | None, typer.Option(help="That day only: today, fri, +3 or 2026-03-09.")] = None,
    provider: Annotated[str | None, typer.Option(help="Name or id.")] = None,
    patient: Annotated[str | None, typer.Option(help="Name or id.")] = None,
    status: Annotated[AppointmentStatus | None, typer.Option(help="Only with this status.")] = None,
) -> None:
    """List appointments by start: all, or what options leave."""

    async def work(session: Session) -> list[Appointment]:
        who = await provider_of(session, provider) if provider else None
        whom = await patient_of(session, patient) if patient else None
        found: list[Appointment] = []
        while len(found) % PAGE == 0:
            page = await session.client.appointments(
                session.clinic.id,
                day=day_of(date, session.zone) if date else None,
                provider_id=who.id if who else None,
                patient_id=whom.id if whom else None,
                status=status,
                page=len(found) // PAGE + 1,
            )
            if not page:
                break
            found += page
        return found

    table(
        options_of(context),
        with_clinic(context, work),
        {
            "when": _when,
            "patient": lambda one: one.patient_name,
            "provider": lambda one: one.provider_name,
            "service": lambda one: one.service_title,
            "status": lambda one: one.status,
            "reference": lambda one: one.reference,
            "id": lambda one: one.id,
        },
        none="No appointments are found so.",
    )


def show(
    context: typer.Context,
    appointment: Annotated[str, typer.Argument(help="Its id.")],
    *,
    audit: Annotated[bool, typer.Option("--audit", help="Also who did what and when.")] = False,
) -> None:
    """Show an appointment."""
    id_ = read_id(appointment)
    if id_ is None:
        raise Failure("An appointment is shown by its id. See: deskcal appointments", Exit.USAGE)

    async def work(session: Session, wanted: UUID = id_) -> tuple[Appointment, str | None]:
        found = await session.client.appointment(wanted)
        found.audit = await session.client.audit(wanted) if audit else None
        rooms = {room.id: room.name for room in await session.client.rooms()}
        return found, rooms.get(found.room_id) if found.room_id else None

    found, room = with_clinic(context, work)
    options, zone = options_of(context), ZoneInfo(found.timezone)
    policy = found.cancellation_policy
    fields = {
        "reference": found.reference,
        "id": found.id,
        "when": _when(found),
        "patient": found.patient_name,
        "provider": found.provider_name,
        "service": found.service_title,
        "room": room,
        "status": found.status,
        "mode": found.mode,
        "session": found.session and (found.session.url or found.session.state),
        "price": money(found.price_cents, found.currency),
        "cancel free until": said(policy.refundable_until, zone),
        "fee after that": money(policy.fee_cents, found.currency),
        "notes": found.notes,
        "booked": said(found.created_at, zone),
    }
    card(options, found, fields)
    if not options.json:
        lines(
            (
                str(one.seq),
                said(one.timestamp, zone),
                one.action,
                one.actor.type,
                msgspec.json.encode(one.metadata).decode(),
            )
            for one in found.audit or ()
        )


def _when(appointment: Appointment) -> str:
    return said_span(appointment.start, appointment.end, ZoneInfo(appointment.timezone))
