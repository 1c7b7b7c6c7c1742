"""Bookings: a hold confirmed, or staff booking directly."""

from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.booking import Mode
from deskcal.core.localtime import parse_instant
from deskcal.core.refusals import Invalid, NaiveTime
from deskcal.flows import book, providers
from deskcal.flows.confirm import Decision, confirm, confirm_all
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import answers
from deskcal.store.sealed import Sealed
from deskcal.wire import booking


@post("/v1/bookings", responses=answers(booking.Booking, 201))
async def create(request: Req, context: Here, data: JSONBody[booking.ConfirmRequest]) -> Response[bytes]:
    """Confirm a hold: from now on it is an appointment."""
    own_clinic(request, Scope.BOOKING_WRITE)
    decision = _decision(context, data)
    return await change(
        request,
        context,
        lambda asking: confirm(context.board, asking, decision),
        spell=shapes.booked,
        data=data,
    )


@post("/v1/bookings/batch", responses=answers(booking.Batch, 201))
async def create_batch(request: Req, context: Here, data: JSONBody[booking.BatchRequest]) -> Response[bytes]:
    """Confirm several holds, for several patients: all of them, or none."""
    own_clinic(request, Scope.BOOKING_WRITE)
    decisions = [_decision(context, item) for item in data.items]
    return await change(
        request,
        context,
        lambda asking: confirm_all(context.board, asking, decisions),
        spell=lambda made: booking.Batch(bookings=[shapes.booked(one) for one in made]),
        data=data,
    )


@post("/v1/clinics/{clinic_id:uuid}/appointments", responses=answers(booking.Booked, 201))
async def book_directly(
    request: Req, context: Here, clinic_id: FromPath[UUID], data: JSONBody[booking.BookRequest]
) -> Response[bytes]:
    """Book without a hold: for staff."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_WRITE)
    if data.room_selection_mode == "fixed" and data.room_id is None:
        raise Invalid(("roomId", "say which room, or let roomSelectionMode be auto"))
    if data.availability_fetched_at and data.availability_fetched_at.tzinfo is None:
        raise NaiveTime("availabilityFetchedAt has no offset; send fetchedAt as it was answered")
    provider = await providers.find(context.database, actor, data.provider_id)
    order = book.Order(
        patient_id=data.patient_id,
        provider_id=data.provider_id,
        service_id=data.service_id,
        start=parse_instant(data.start, provider.zone),
        end=parse_instant(data.end, provider.zone, field="end") if data.end else None,
        room_id=data.room_id,
        mode=_mode(data.mode),
        notes=data.notes,
        medical_info=_sealed(context, data.medical_info),
        seen_at=data.availability_fetched_at,
        overbook_reason=data.overbook.reason if data.overbook else None,
    )
    return await change(
        request,
        context,
        lambda asking: book.book(context.board, asking, order),
        spell=lambda made: booking.Booked(appointment=shapes.appointment(made)),
        data=data,
    )


def _decision(context: Context, data: booking.Confirmation) -> Decision:
    modes = {data.mode, data.consult_mode, data.consult_mode_as_ever} - {None}
    if len(modes) > 1:
        raise Invalid(("consultMode", "it says something else than mode; send one of them"))
    return Decision(
        token=data.reservation_token,
        patient_id=data.patient_id,
        mode=_mode(next(iter(modes), None)),
        notes=data.notes,
        medical_info=_sealed(context, data.medical_info),
    )


def _mode(name: str | None) -> Mode | None:
    return Mode(name) if name else None


def _sealed(context: Context, text: str | None) -> Sealed | None:
    return context.sessions.seal.close(text) if text else None


ROUTES = (create, create_batch, book_directly)
