"""Appointments read: one, its audit, a user's own, and the clinic's list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from deskcal.core.access import Actor, Scope
from deskcal.core.booking import Appointment, Status
from deskcal.core.localtime import find_zone, parse_date, parse_instant
from deskcal.core.refusals import Invalid
from deskcal.flows import appointments, sessions
from deskcal.server import shapes
from deskcal.server.audit import spelled
from deskcal.server.changes import JSON, Req
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_place, write_cursor
from deskcal.store.listing import Filter
from deskcal.wire import booking
from deskcal.wire.shape import Page

Include = Annotated[Literal["audit"] | None, QueryParameter(description="`audit` comes with it.")]
Which = Annotated[
    Literal["upcoming", "history"] | None,
    QueryParameter(name="filter", description="What is ahead, or else the rest, the latest first."),
]
Edge = Annotated[str | None, QueryParameter(description="A date, or an instant.")]


@get("/v1/appointments/{appointment_id:uuid}", responses=answers(booking.Appointment))
async def show(
    request: Req, context: Here, appointment_id: FromPath[UUID], include: Include = None
) -> Response[bytes]:
    """Show an appointment; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found = shapes.whole(
        await sessions.show(context.database, context.sessions, actor, appointment_id, context.now()), actor
    )
    if include:
        found.audit = spelled(*await appointments.audit(context.database, actor, appointment_id), actor)
    etag = f'"{found.version}"'
    # A session becomes ready, its tokens run out, and changes are refused without a new version.
    settled = found.session is None and found.audit is None
    if settled and request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers={"ETag": etag})
    return Response(msgspec.json.encode(found), media_type=JSON, headers={"ETag": etag})


@get("/v1/appointments/{appointment_id:uuid}/audit", responses=answers(Page[booking.AuditEntry]))
async def audit(request: Req, context: Here, appointment_id: FromPath[UUID]) -> Page[booking.AuditEntry]:
    """List who did what to an appointment and when, oldest first."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    return Page(items=spelled(*await appointments.audit(context.database, actor, appointment_id), actor))


@get("/v1/users/{user_id:str}/appointments", responses=answers(Page[booking.Appointment]))
async def list_of_user(
    request: Req,
    context: Here,
    user_id: FromPath[str],
    which: Which = "upcoming",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[booking.Appointment]:
    """List a user's appointments: `me`, one's own id, or for staff a patient."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    wanted = _seen_from(context, await appointments.whose(context.database, actor, user_id), which)
    found = await appointments.listed(
        context.database, actor, wanted, limit=limit + 1, after=read_place(cursor)
    )
    return _page(found, limit, actor)


@get("/v1/bookings/{user_id:str}", responses=answers(Page[booking.Booking]))
async def list_bookings(
    request: Req,
    context: Here,
    user_id: FromPath[str],
    start: Edge = None,
    end: Edge = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[booking.Booking]:
    """List a user's bookings that stand between two instants or dates: what lies over their calendar."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    theirs = await appointments.whose(context.database, actor, user_id)
    found = await appointments.listed(
        context.database,
        actor,
        replace(theirs, statuses=frozenset(Status) - {Status.CANCELED}),
        first=_edge(start, "start"),
        last=_edge(end, "end"),
        limit=limit + 1,
        after=read_place(cursor),
    )
    return Page(items=[shapes.booked(made) for made in found[:limit]], next_cursor=_next(found, limit))


@get("/v1/clinics/{clinic_id:uuid}/appointments", responses=answers(Page[booking.Appointment]))
async def list_appointments(
    request: Req,
    context: Here,
    clinic_id: FromPath[UUID],
    provider_id: Annotated[UUID | None, QueryParameter(name="providerId")] = None,
    patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
    location_id: Annotated[UUID | None, QueryParameter(name="locationId")] = None,
    service_id: Annotated[UUID | None, QueryParameter(name="serviceId")] = None,
    on: Annotated[str | None, QueryParameter(name="date")] = None,
    date_range: Annotated[
        str | None, QueryParameter(name="dateRange", description="`start,end`, dates.")
    ] = None,
    which: Which = None,
    status: Annotated[str | None, QueryParameter(description="Statuses, with commas.")] = None,
    walk_in: Annotated[bool | None, QueryParameter(name="walkIn")] = None,
    reference: Annotated[
        str | None, QueryParameter(name="query", description="A reference, such as B-20001.")
    ] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000, description="Instead of a cursor.")] = 1,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[booking.Appointment]:
    """List the clinic's appointments by start: for staff, and to patients their own."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_READ)
    if cursor and page > 1:
        raise Invalid(("page", "go on by cursor or by page, not by both"))
    first, last = _dates(on, date_range)
    wanted = Filter(
        provider_id=provider_id,
        patient_id=actor.patient_id or patient_id,
        location_id=location_id,
        service_id=service_id,
        statuses=frozenset(_status(name) for name in status.split(",")) if status else None,
        walk_in=walk_in,
        reference=reference.strip() if reference else None,
    )
    found = await appointments.listed(
        context.database,
        actor,
        _seen_from(context, wanted, which),
        first=first,
        last=last,
        limit=limit + 1,
        offset=(page - 1) * limit,
        after=read_place(cursor),
    )
    return _page(found, limit, actor)


def _seen_from(context: Context, wanted: Filter, which: str | None) -> Filter:
    now = context.now()
    return replace(
        wanted,
        ahead_of=now if which == "upcoming" else None,
        behind=now if which == "history" else None,
    )


def _page(found: Sequence[Appointment], limit: int, actor: Actor) -> Page[booking.Appointment]:
    return Page(items=[shapes.shown(made, actor) for made in found[:limit]], next_cursor=_next(found, limit))


def _next(found: Sequence[Appointment], limit: int) -> str | None:
    return write_cursor(found[limit - 1].span.start, found[limit - 1].id) if len(found) > limit else None


def _edge(text: str | None, field: str) -> date | None:
    if text is None:
        return None
    if "T" in text.upper() or " " in text:
        return parse_instant(text, find_zone("UTC"), field=field)
    return parse_date(text, field=field)


def _dates(on: str | None, date_range: str | None) -> tuple[date | None, date | None]:
    if date_range is not None:
        first, comma, last = date_range.partition(",")
        if not comma:
            raise Invalid(("dateRange", "write two dates with a comma between"))
        return parse_date(first, field="dateRange"), parse_date(last, field="dateRange")
    day = parse_date(on) if on else None
    return day, day


def _status(name: str) -> Status:
    try:
        return Status(name)
    except ValueError as error:
        raise Invalid(("status", f"{name} is none of {', '.join(Status)}")) from error


ROUTES = (show, audit, list_of_user, list_bookings, list_appointments)
