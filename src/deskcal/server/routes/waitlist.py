"""The waitlist: freed time is kept for who waits for it, offered, and passed on."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from deskcal.core import waitlist as core
from deskcal.core.access import INSTALLATION, Actor, Scope
from deskcal.core.booking import Mode
from deskcal.core.refusals import Invalid
from deskcal.core.rota import read_stretch, wall_time
from deskcal.flows import waitlist as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_place, write_cursor
from deskcal.wire import booking, waitlist
from deskcal.wire.catalog import Times
from deskcal.wire.shape import Page


@post("/v1/waitlist", responses=answers(waitlist.Entry, 201))
async def join(request: Req, context: Here, data: JSONBody[waitlist.NewEntry]) -> Response[bytes]:
    """Join the waitlist: the first time that comes free and suits is kept and offered."""
    wanted = _wanted(own_clinic(request, Scope.BOOKING_WRITE), data, context.now())
    return await change(
        request,
        context,
        lambda asking: flows.join(context.board, asking, wanted),
        spell=lambda entry: _spelled(entry, request.user),
        data=data,
    )


@get("/v1/waitlist", responses=answers(Page[waitlist.Entry]))
async def list_entries(
    request: Req,
    context: Here,
    states: Annotated[str | None, QueryParameter(name="state", description="With commas.")] = None,
    patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
    service_id: Annotated[UUID | None, QueryParameter(name="serviceId")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[waitlist.Entry]:
    """List who waits, the longest first, with all that was offered: for staff, and to patients their own."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found = await flows.page(
        context.database,
        actor,
        patient_id=patient_id,
        service_id=service_id,
        states=[_state(name) for name in states.split(",")] if states else None,
        after=read_place(cursor),
        limit=limit + 1,
    )
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[_spelled(one, actor) for one in found[:limit]],
        next_cursor=write_cursor(last.created_at, last.id) if last else None,
    )


@post("/v1/waitlist/{entry_id:uuid}/accept", responses=answers(booking.Booking, 201))
async def accept(
    request: Req, context: Here, entry_id: FromPath[UUID], data: JSONBody[waitlist.Acceptance]
) -> Response[bytes]:
    """Book what is offered."""
    own_clinic(request, Scope.BOOKING_WRITE)
    said = flows.Acceptance(
        offer_id=data.offer_id, mode=Mode(data.mode) if data.mode else None, notes=data.notes
    )
    return await change(
        request,
        context,
        lambda asking: flows.accept(context.board, asking, entry_id, said),
        spell=shapes.booked,
        data=data,
    )


@post("/v1/waitlist/{entry_id:uuid}/decline", status_code=200, responses=answers(waitlist.Entry))
async def decline(
    request: Req, context: Here, entry_id: FromPath[UUID], data: JSONBody[waitlist.Answer]
) -> Response[bytes]:
    """Leave what is offered to the next in line, and wait on."""
    own_clinic(request, Scope.BOOKING_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.decline(context.database, asking, entry_id, data.offer_id),
        spell=lambda entry: _spelled(entry, request.user),
        data=data,
        status=200,
    )


@delete("/v1/waitlist/{entry_id:uuid}", status_code=200, responses=answers(waitlist.Entry))
async def leave(request: Req, context: Here, entry_id: FromPath[UUID]) -> Response[bytes]:
    """Leave the waitlist; what is offered goes to the next in line."""
    own_clinic(request, Scope.BOOKING_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.withdraw(context.database, asking, entry_id),
        spell=lambda entry: _spelled(entry, request.user),
        status=200,
    )


def _wanted(actor: Actor, data: waitlist.NewEntry, now: datetime) -> core.WaitlistEntry:
    patient_id = actor.booking_for(data.patient_id)
    if patient_id is None:
        raise Invalid(("patientId", "say who waits"))
    return core.WaitlistEntry(
        id=INSTALLATION,
        patient_id=patient_id,
        service_id=data.service_id,
        provider_ids=tuple(dict.fromkeys(data.provider_ids)),
        location_id=data.location_id,
        first_date=data.first_date,
        last_date=data.last_date,
        times=tuple(read_stretch(msgspec.to_builtins(one), "times") for one in data.times),
        notes=data.notes,
        priority=data.priority,
        created_by=actor.sub,
        created_at=now,
        updated_at=now,
    )


def _spelled(found: core.WaitlistEntry, actor: Actor) -> waitlist.Entry:
    """Spell an entry of the waitlist; notes on it are for staff."""
    return waitlist.Entry(
        id=found.id,
        patient_id=found.patient_id,
        patient_name=found.patient_name,
        service_id=found.service_id,
        service_title=found.service_title,
        provider_ids=list(found.provider_ids),
        location_id=found.location_id,
        first_date=found.first_date,
        last_date=found.last_date,
        times=[Times(start=wall_time(opens), end=wall_time(closes)) for opens, closes in found.times],
        notes=found.notes if actor.is_staff else None,
        priority=found.priority,
        state=found.state.value,
        appointment_id=found.appointment_id,
        offers=[
            waitlist.Offer(
                id=one.id,
                provider_id=one.provider_id,
                start=one.span.start,
                end=one.span.end,
                state=one.state.value,
                offered_at=one.offered_at,
                expires_at=one.expires_at,
            )
            for one in found.offers
        ],
        created_at=found.created_at,
        version=found.version,
    )


def _state(name: str) -> core.EntryState:
    try:
        return core.EntryState(name)
    except ValueError as error:
        raise Invalid(("state", f"{name} is none of {', '.join(core.EntryState)}")) from error


ROUTES = (join, list_entries, accept, decline, leave)
