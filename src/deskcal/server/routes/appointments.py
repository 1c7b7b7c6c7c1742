"""Appointments read: one, its audit, and the clinic's list."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from deskcal.core.access import Scope
from deskcal.core.booking import Status
from deskcal.core.localtime import parse_date
from deskcal.core.refusals import Invalid
from deskcal.flows import appointments, sessions
from deskcal.server import shapes
from deskcal.server.changes import JSON, Req
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Limit
from deskcal.wire import booking
from deskcal.wire.shape import Page

DateRange = Annotated[str | None, QueryParameter(name="dateRange", description="`start,end`, dates.")]


@get("/v1/appointments/{appointment_id:uuid}", responses=answers(booking.Appointment))
async def show(request: Req, context: Here, appointment_id: FromPath[UUID]) -> Response[bytes]:
    """Show an appointment; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found = shapes.whole(
        await sessions.show(context.database, context.sessions, actor, appointment_id, context.now())
    )
    etag = f'"{found.version}"'
    # A session becomes ready, and its tokens run out, without a new version.
    if found.session is None and request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers={"ETag": etag})
    return Response(msgspec.json.encode(found), media_type=JSON, headers={"ETag": etag})


@get("/v1/appointments/{appointment_id:uuid}/audit", responses=answers(Page[booking.AuditEntry]))
async def audit(request: Req, context: Here, appointment_id: FromPath[UUID]) -> Page[booking.AuditEntry]:
    """List who did what to an appointment and when, oldest first."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found, entries = await appointments.audit(context.database, actor, appointment_id)
    return Page(items=[shapes.audit_entry(entry, found.id) for entry in entries])


@get("/v1/clinics/{clinic_id:uuid}/appointments", responses=answers(Page[booking.Appointment]))
async def list_appointments(
    request: Req,
    context: Here,
    clinic_id: FromPath[UUID],
    provider_id: Annotated[UUID | None, QueryParameter(name="providerId")] = None,
    patient_id: Annotated[UUID | None, QueryParameter(name="patientId")] = None,
    location_id: Annotated[UUID | None, QueryParameter(name="locationId")] = None,
    on: Annotated[str | None, QueryParameter(name="date")] = None,
    date_range: Annotated[
        str | None, QueryParameter(name="dateRange", description="`start,end`, dates.")
    ] = None,
    status: Annotated[str | None, QueryParameter(description="Statuses, with commas.")] = None,
    page: Annotated[int, QueryParameter(ge=1, le=10_000)] = 1,
    limit: Limit = 50,
) -> Page[booking.Appointment]:
    """List the clinic's appointments by start: for staff, and to patients their own."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_READ)
    first, last = _dates(on, date_range)
    found = await appointments.within(
        context.database,
        actor,
        first=first,
        last=last,
        provider_id=provider_id,
        patient_id=actor.patient_id or patient_id,
        location_id=location_id,
        statuses=[_status(name) for name in status.split(",")] if status else None,
        offset=(page - 1) * limit,
        limit=limit,
    )
    return Page(items=[shapes.appointment(made) for made in found])


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


ROUTES = (show, audit, list_appointments)
