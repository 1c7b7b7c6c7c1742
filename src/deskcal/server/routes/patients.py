"""Patients: for staff; a patient sees only themselves."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import Patient
from deskcal.flows import people as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_cursor, write_cursor
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import people
from deskcal.wire.shape import Page

Query = Annotated[str, QueryParameter(name="query", description="Parts of name, phone or birth date.")]


@get("/v1/patients", responses=answers(Page[people.Patient]))
async def search(
    request: Req, context: Here, text: Query = "", limit: Limit = 50, cursor: Cursor = None
) -> Page[people.Patient]:
    """Find patients by any parts of name, phone number or birth date, in any order."""
    actor = own_clinic(request, Scope.PATIENTS_READ)
    found = await flows.search(
        context.database, actor, query=text, after=read_cursor(cursor), limit=limit + 1
    )
    more = write_cursor(found[limit - 1].name, found[limit - 1].id) if len(found) > limit else None
    return Page(items=[shapes.patient(one) for one in found[:limit]], next_cursor=more)


@post("/v1/patients", responses=answers(people.Patient, 201))
async def add(request: Req, context: Here, data: JSONBody[people.NewPatient]) -> Response[bytes]:
    """Add a patient."""
    own_clinic(request, Scope.PATIENTS_WRITE)
    patient = Patient(
        id=INSTALLATION,
        name=data.name,
        date_of_birth=data.date_of_birth,
        phone=data.phone,
        email=data.email,
    )
    return await change(
        request,
        context,
        lambda asking: flows.add(context.database, asking, patient),
        spell=shapes.patient,
        data=data,
    )


@get("/v1/patients/{patient_id:uuid}", responses=answers(people.Patient))
async def show(request: Req, context: Here, patient_id: FromPath[UUID]) -> Response[bytes]:
    """Show a patient."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    if actor.patient_id != patient_id:
        actor.require(Scope.PATIENTS_READ)
    return shown(request, shapes.patient(await flows.find(context.database, actor, patient_id)))


@patch("/v1/patients/{patient_id:uuid}", responses=answers(people.Patient))
async def edit(
    request: Req, context: Here, patient_id: FromPath[UUID], data: JSONBody[people.PatientChange]
) -> Response[bytes]:
    """Change a patient, if it still is the version of If-Match; what is missing stays."""
    own_clinic(request, Scope.PATIENTS_WRITE)
    version = seen_version(request)
    changes = given(data)
    return await change(
        request,
        context,
        lambda asking: flows.change(context.database, asking, patient_id, changes, version=version),
        spell=shapes.patient,
        data=data,
        status=200,
    )


ROUTES = (search, add, show, edit)
