"""Holds over HTTP, where they are called reservations."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.booking import Hold
from deskcal.core.localtime import find_zone, parse_instant
from deskcal.core.refusals import Invalid
from deskcal.core.slot import read_slot_id
from deskcal.flows import clinics, hold, providers
from deskcal.flows.asking import Asking
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import PROBLEMS, answers
from deskcal.wire import booking

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@post("/v1/reservations", responses=answers(booking.Reservation, 201))
async def reserve(request: Req, context: Here, data: JSONBody[booking.ReserveRequest]) -> Response[bytes]:
    """Hold a slot; nobody else can have it until the hold runs out."""
    actor = own_clinic(request, Scope.BOOKING_WRITE)
    if data.provider_id == "any":
        [clinic] = await clinics.every(context.database, actor, installation=False)
        zone = find_zone(clinic.timezone)
    else:
        zone = await _zone(context, request, UUID(data.provider_id))
    wish = _wish(data, zone)

    def spell(placed: hold.Placed) -> booking.Reservation:
        known = context.board.catalog(actor.clinic_id)
        whose = known.providers.get(placed.hold.provider_id) if known else None
        return shapes.reservation(placed.hold, placed.token, whose.zone if whose else zone, context.now())

    return await change(
        request,
        context,
        lambda asking: hold.place(context.board, asking, wish, seconds=context.hold_seconds),
        spell=spell,
        data=data,
    )


@get("/v1/reservations/{token:str}", responses=answers(booking.Reservation))
async def show(request: Req, context: Here, token: FromPath[str]) -> booking.Reservation:
    """Show one's own hold while it runs."""
    actor = own_clinic(request, Scope.BOOKING_WRITE)
    now = context.now()
    found = await hold.find(context.database, actor, token, now)
    return shapes.reservation(found, token, await _zone(context, request, found.provider_id), now)


@post("/v1/reservations/{token:str}/renew", status_code=200, responses=answers(booking.Reservation))
async def renew(request: Req, context: Here, token: FromPath[str]) -> Response[bytes]:
    """Start the time again, once."""
    actor = own_clinic(request, Scope.BOOKING_WRITE)
    found = await hold.find_any(context.database, actor, token)
    zone = await _zone(context, request, found.provider_id)

    def spell(renewed: Hold) -> booking.Reservation:
        return shapes.reservation(renewed, token, zone, context.now())

    return await change(
        request,
        context,
        lambda asking: hold.renew(context.database, asking, token, seconds=context.hold_seconds),
        spell=spell,
        status=200,
    )


@delete("/v1/reservations/{token:str}", status_code=204, responses=PROBLEMS)
async def release(request: Req, context: Here, token: FromPath[str]) -> None:
    """Give a hold back; it may be gone already."""
    actor = own_clinic(request, Scope.BOOKING_WRITE)
    await hold.release(context.database, Asking[None](actor=actor, now=context.now()), token)


def _wish(data: booking.ReserveRequest, zone: ZoneInfo) -> hold.Wish:
    wish = hold.Wish(
        provider_id=None,
        service_id=data.service_id,
        start=parse_instant(data.start, zone) if data.start else LATEST,
        patient_id=data.patient_id,
        room_id=data.room_id,
        client=data.client_id,
        moving_id=data.appointment_id,
    )
    if data.provider_id == "any":
        if data.start is None or data.timeslot_id is not None:
            raise Invalid(("start", "with any provider say when it starts, and no timeslotId"))
        return wish
    if data.timeslot_id is None or data.start is not None:
        raise Invalid(("timeslotId", "say which timeslot; a start goes with any provider only"))
    try:
        provider_id, service_id, start = read_slot_id(data.timeslot_id)
    except ValueError as error:
        raise Invalid(("timeslotId", "this is not the id of a timeslot")) from error
    if not EARLIEST <= start <= LATEST:
        raise Invalid(("timeslotId", "this is not the id of a timeslot"))
    if (provider_id, service_id) != (UUID(data.provider_id), data.service_id):
        raise Invalid(("timeslotId", "this timeslot is of another provider or service"))
    return replace(wish, provider_id=provider_id, start=start)


async def _zone(context: Context, request: Req, provider_id: UUID) -> ZoneInfo:
    known = context.board.catalog(request.user.clinic_id)
    provider = known.providers.get(provider_id) if known else None
    if provider is None:
        provider = await providers.find(context.database, request.user, provider_id)
    return provider.zone


ROUTES = (reserve, show, renew, release)
