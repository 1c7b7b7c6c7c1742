"""Who comes without an appointment, and who comes together: for staff."""

from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import Patient
from deskcal.core.localtime import find_zone, parse_local
from deskcal.core.refusals import Invalid
from deskcal.core.together import Adjacency
from deskcal.flows import clinics, party
from deskcal.flows.walk_in import Comer, walk_in
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import booking, series


@post("/v1/clinics/{clinic_id:uuid}/walk-ins", responses=answers(booking.Booked, 201))
async def add_walk_in(
    request: Req, context: Here, clinic_id: FromPath[UUID], data: JSONBody[series.NewWalkIn]
) -> Response[bytes]:
    """Book whoever stands at the desk for the next possible start of today, checked in at once."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_WRITE)
    if data.patient is not None:
        actor.require(Scope.PATIENTS_WRITE)
    comer = Comer(
        patient=_who(data),
        service_id=data.service_id,
        provider_id=None if data.provider_id == "any" else UUID(data.provider_id),
        notes=data.notes,
    )
    return await change(
        request,
        context,
        lambda asking: walk_in(context.board, asking, comer),
        spell=lambda made: booking.Booked(appointment=shapes.appointment(made)),
        data=data,
    )


@post("/v1/clinics/{clinic_id:uuid}/parties", responses=answers(series.PartyBooked, 201))
async def book_party(
    request: Req, context: Here, clinic_id: FromPath[UUID], data: JSONBody[series.NewParty]
) -> Response[bytes]:
    """Book several patients side by side or in a row: all of them, or none."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_WRITE)
    clinic = await clinics.find(context.database, actor)
    order = party.PartyOrder(
        patient_ids=data.patients,
        provider_ids=() if data.provider_ids == "any" else data.provider_ids,
        service_id=data.service_id,
        start=parse_local(data.start, find_zone(clinic.timezone)),
        adjacency=Adjacency(data.adjacency),
    )
    return await change(
        request,
        context,
        lambda asking: party.book_party(context.board, asking, order),
        spell=lambda made: series.PartyBooked(bookings=[shapes.appointment(one) for one in made]),
        data=data,
    )


def _who(data: series.NewWalkIn) -> UUID | Patient:
    if data.patient_id is not None and data.patient is None:
        return data.patient_id
    if data.patient is None or data.patient_id is not None:
        raise Invalid(("patientId", "say who has come: patientId, or patient for somebody new"))
    return Patient(
        id=INSTALLATION,
        name=data.patient.name,
        date_of_birth=data.patient.date_of_birth,
        phone=data.patient.phone,
        email=data.patient.email,
    )


ROUTES = (add_walk_in, book_party)
