"""Appointments in calendars outside: a file for one, and subscriptions for whoever has their address."""

import asyncio
from hashlib import blake2b
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.refusals import NotConfigured, NotFound
from deskcal.flows import calendars
from deskcal.flows.asking import Asking
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import PROBLEMS, answers
from deskcal.store.calendars import SharedCalendar
from deskcal.wire import booking, ics
from deskcal.wire.shape import Page

FOR_A_WHILE = f"private, max-age={int(ics.REFRESH.total_seconds())}"
HTTP_DATE = "%a, %d %b %Y %H:%M:%S GMT"


@post(
    "/v1/bookings/{appointment_id:uuid}/calendar",
    status_code=200,
    responses=answers(str, media_type=ics.MEDIA_TYPE),
)
async def take_along(
    request: Req, context: Here, appointment_id: FromPath[UUID], data: JSONBody[booking.CalendarRequest]
) -> Response[bytes]:
    """Give an appointment as a calendar file."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    clinic, shown = await calendars.take_along(
        context.database, context.sessions, actor, appointment_id, context.now()
    )
    if data.target == "caldav":
        raise NotConfigured(
            "This server puts nothing into calendars itself. Ask for target ics, or subscribe."
        )
    name = f'attachment; filename="{shown.appointment.reference}.ics"'
    headers = {"Content-Disposition": name}
    return Response(ics.file_of(shown, clinic), media_type=ics.MEDIA_TYPE, headers=headers)


@post("/v1/calendars", responses=answers(booking.SharedCalendar, 201))
async def share(request: Req, context: Here, data: JSONBody[booking.NewCalendar]) -> Response[bytes]:
    """Share a calendar to subscribe to: one's own, for the desk a patient's or a provider's."""
    own_clinic(request, Scope.APPOINTMENTS_READ)

    def spell(made: tuple[SharedCalendar, str]) -> booking.SharedCalendar:
        calendar, token = made
        return _spelled(calendar, f"{request.base_url}v1/calendars/{token}.ics")

    return await change(
        request,
        context,
        lambda asking: calendars.share(
            context.database, asking, patient_id=data.patient_id, provider_id=data.provider_id
        ),
        spell=spell,
        data=data,
    )


@get("/v1/calendars", responses=answers(Page[booking.SharedCalendar]))
async def list_shared(request: Req, context: Here) -> Page[booking.SharedCalendar]:
    """List the calendars that are shared, without their addresses: patients and providers see their own."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    return Page(items=[_spelled(one) for one in await calendars.every(context.database, actor)])


@delete("/v1/calendars/{calendar_id:uuid}", status_code=204, responses=PROBLEMS)
async def revoke(request: Req, context: Here, calendar_id: FromPath[UUID]) -> None:
    """Close a calendar: whoever has its address reads nothing any more."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    await calendars.revoke(context.database, Asking[None](actor=actor, now=context.now()), calendar_id)


@get("/v1/calendars/{feed_token:str}", security=[{}], responses=answers(str, media_type=ics.MEDIA_TYPE))
async def subscribe(
    request: Request[Any, Any, Any], context: Here, feed_token: FromPath[str]
) -> Response[bytes]:
    """Give the calendar that a token opens, as `{feedToken}.ics`; nobody needs to sign in."""
    token, dot, _ = feed_token.rpartition(".ics")
    if not dot:
        raise NotFound("The address of a calendar ends in .ics.")
    found = await calendars.read(context.database, token, context.now())
    etag = f'"{blake2b(repr(found).encode(), digest_size=12).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": FOR_A_WHILE}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    if found.shown:
        latest = max(one.appointment.updated_at for one in found.shown)
        headers["Last-Modified"] = latest.strftime(HTTP_DATE)
    body = await asyncio.to_thread(ics.subscription, found.shown, found.clinic, found.name)
    return Response(body, media_type=ics.MEDIA_TYPE, headers=headers)


def _spelled(found: SharedCalendar, url: str | None = None) -> booking.SharedCalendar:
    return booking.SharedCalendar(
        id=found.id,
        patient_id=found.patient_id,
        provider_id=found.provider_id,
        created_at=found.created_at,
        url=url,
    )


ROUTES = (take_along, share, list_shared, revoke, subscribe)
