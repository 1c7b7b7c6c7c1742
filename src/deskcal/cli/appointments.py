"""`deskcal appointments` and `show`: what is booked, and what happened to it."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.names import appointment_of, patient_of, provider_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.out import card, lines, money, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import day_of, said, said_span
from deskcal.wire.booking import Appointment, AppointmentStatus


def appointments(
    context: typer.Context,
    *,
    upcoming: Annotated[bool, typer.Option("--upcoming", help="Only what is ahead and stands.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Only the rest, the latest first.")] = False,
    date: Annotated[str | None, typer.Option(help="That day only: today, fri, +3 or 2026-03-09.")] = None,
    provider: Annotated[str | None, typer.Option(help="Name or id.")] = None,
    patient: Annotated[str | None, typer.Option(help="Name or id.")] = None,
    service: Annotated[str | None, typer.Option(help="Title or id.")] = None,
    status: Annotated[AppointmentStatus | None, typer.Option(help="Only with this status.")] = None,
) -> None:
    """List appointments by start: all, or what options leave."""
    if upcoming and history:
        raise Failure("Ask for --upcoming or for --history; without both you see all.", Exit.USAGE)

    async def work(session: Session) -> list[Appointment]:
        who = await provider_of(session, provider) if provider else None
        whom = await patient_of(session, patient) if patient else None
        what = await service_of(session, service) if service else None
        return await every(
            session,
            which="upcoming" if upcoming else "history" if history else None,
            day=day_of(date, session.zone) if date else None,
            provider_id=who.id if who else None,
            patient_id=whom.id if whom else None,
            service_id=what.id if what else None,
            status=status,
        )

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


async def every(session: Session, **wanted: Any) -> list[Appointment]:
    """Fetch all pages of the clinic's list."""
    return [one async for page in pages(session, **wanted) for one in page]


async def pages(session: Session, **wanted: Any) -> AsyncIterator[list[Appointment]]:
    """Fetch the clinic's list page by page."""
    page = await session.client.appointments(session.clinic.id, **wanted)
    yield page.items
    while page.next_cursor is not None:
        page = await session.client.appointments(session.clinic.id, **wanted, cursor=page.next_cursor)
        yield page.items


def show(
    context: typer.Context,
    appointment: Annotated[str, typer.Argument(help="Its reference, such as B-20001, or its id.")],
    *,
    audit: Annotated[bool, typer.Option("--audit", help="Also who did what and when.")] = False,
) -> None:
    """Show an appointment."""

    async def work(session: Session) -> tuple[Appointment, str | None]:
        named = await appointment_of(session, appointment)
        found = await session.client.appointment(named.id, audit=audit)
        rooms = {room.id: room.name for room in await session.client.rooms()}
        if audit:
            await _tell_archived(session, found)
        return found, rooms.get(found.room_id) if found.room_id else None

    found, room = with_clinic(context, work)
    options, zone = options_of(context), ZoneInfo(found.timezone)
    policy = found.cancellation_policy
    ended = found.charged_cents or found.canceled_at
    fields = {
        "reference": found.reference,
        "id": found.id,
        "when": _when(found),
        "patient": found.patient_name,
        "provider": found.provider_name,
        "service": found.service_title,
        "room": room,
        "status": found.status,
        "missed by": found.missed_by,
        "mode": found.mode,
        "session": found.session and (found.session.url or found.session.state),
        "price": money(found.price_cents, found.currency),
        "cancel free until": said(policy.refundable_until, zone),
        "fee after that": money(policy.fee_cents, found.currency),
        "charged": money(found.charged_cents, found.currency) if ended else None,
        "refunded": money(found.refunded_cents, found.currency) if found.canceled_at else None,
        "last change because": found.change_reason,
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
                one.actor.client or one.actor.role or one.actor.type,
                msgspec.json.encode(one.metadata).decode(),
            )
            for one in found.audit or ()
        )


async def _tell_archived(session: Session, found: Appointment) -> None:
    """Say where the months of an appointment's past are that the log does not have any more."""
    for one in await session.client.archived_log():
        lived = found.created_at.date().replace(day=1) <= one.month <= found.updated_at.date()
        if lived and found.end.date() < one.kept_from:
            session.options.say(f"What happened to it in {one.month:%Y-%m} is archived in {one.file}")


def _when(appointment: Appointment) -> str:
    return said_span(appointment.start, appointment.end, ZoneInfo(appointment.timezone))
