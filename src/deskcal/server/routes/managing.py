"""What becomes of appointments: moved, canceled, come to, missed."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.booking import Appointment, Party, Status
from deskcal.core.lifecycle import cancellation_fee
from deskcal.core.localtime import find_zone, parse_instant
from deskcal.core.refusals import Invalid, NotAllowed
from deskcal.flows import appointments, cancel, move, progress
from deskcal.flows.asking import Asking
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import seen_version
from deskcal.wire import booking


@post(
    "/v1/appointments/{appointment_id:uuid}/reschedule",
    status_code=200,
    responses=answers(booking.Appointment),
)
async def reschedule(
    request: Req, context: Here, appointment_id: FromPath[UUID], data: JSONBody[booking.RescheduleRequest]
) -> Response[bytes]:
    """Give an appointment the time of a hold; it keeps its id."""
    own_clinic(request, Scope.BOOKING_WRITE)
    return await change(
        request,
        context,
        lambda asking: move.reschedule(
            context.board,
            asking,
            appointment_id,
            token=data.reservation_token,
            reason=data.reason,
            version=_version(request),
        ),
        spell=lambda made: shapes.shown(made, request.user),
        data=data,
        status=200,
    )


@get("/v1/appointments/{appointment_id:uuid}/cancellation", responses=answers(booking.Cancellation))
async def cancellation(request: Req, context: Here, appointment_id: FromPath[UUID]) -> booking.Cancellation:
    """Say what canceling would cost now."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found = await appointments.find(context.database, actor, appointment_id)
    fee = cancellation_fee(found, context.now())
    return booking.Cancellation(
        fee_cents=fee,
        refund_cents=found.price_cents - fee,
        currency=found.currency,
        refundable_until=found.refundable_until,
    )


@post("/v1/appointments/{appointment_id:uuid}/cancel", status_code=200, responses=answers(booking.Canceled))
async def cancel_one(
    request: Req, context: Here, appointment_id: FromPath[UUID], data: JSONBody[booking.CancelRequest]
) -> Response[bytes]:
    """Cancel an appointment, at the fee of this moment."""
    own_clinic(request, Scope.BOOKING_WRITE)
    return await change(
        request,
        context,
        lambda asking: cancel.cancel(
            context.board,
            asking,
            appointment_id,
            reason=data.reason,
            version=_version(request),
            waive_fee=data.waive_fee,
        ),
        spell=lambda made: booking.Canceled(
            appointment=shapes.shown(made, request.user),
            fee_cents=made.charged_cents,
            refund_cents=made.refunded_cents,
        ),
        data=data,
        status=200,
    )


@patch(
    "/v1/clinics/{clinic_id:uuid}/appointments/{appointment_id:uuid}", responses=answers(booking.Appointment)
)
async def change_one(
    request: Req,
    context: Here,
    clinic_id: FromPath[UUID],
    appointment_id: FromPath[UUID],
    data: JSONBody[booking.AppointmentChange],
) -> Response[bytes]:
    """Move an appointment, or say how it goes on: for staff."""
    if not path_clinic(request, clinic_id, Scope.APPOINTMENTS_READ).is_staff:
        raise NotAllowed("This is for staff. You can reschedule and cancel your own appointments.")
    version = seen_version(request)
    to = await _move(context, request, appointment_id, data)

    async def flow(asking: Asking[Appointment]) -> Appointment:
        if to is not None:
            return await move.move(context.board, asking, appointment_id, to, version=version)
        said = progress.Progress(
            status=Status(data.status) if data.status else None,
            missed_by=Party(data.missed_by) if data.missed_by else None,
            free=data.free_time,
            reason=data.reason,
            waive_fee=data.waive_fee,
        )
        return await progress.progress(context.board, asking, appointment_id, said, version=version)

    return await change(request, context, flow, spell=shapes.appointment, data=data, status=200)


async def _move(
    context: Context, request: Req, appointment_id: UUID, data: booking.AppointmentChange
) -> move.Move | None:
    """Read where to move; None when it is not about a move. Raises Invalid for a bit of both."""
    moves = data.start is not None
    if not moves and (data.end or data.provider_id or data.room_id):
        raise Invalid(("start", "say when it starts, also when only the end, provider or room changes"))
    if moves and (data.status or data.free_time):
        raise Invalid(("status", "move it or change its status, one at a time"))
    if not moves and data.status is None and not data.free_time:
        raise Invalid(("body", "say what is to change"))
    if data.start is None:
        return None
    found = await appointments.find(context.database, request.user, appointment_id)
    zone = find_zone(found.timezone)
    return move.Move(
        start=parse_instant(data.start, zone),
        end=parse_instant(data.end, zone, field="end") if data.end else None,
        provider_id=data.provider_id,
        room_id=data.room_id,
        reason=data.reason,
    )


def _version(request: Req) -> int | None:
    """Give the version that the caller saw, if they said it."""
    return seen_version(request) if "if-match" in request.headers else None


ROUTES = (reschedule, cancellation, cancel_one, change_one)
