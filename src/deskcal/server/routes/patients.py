"""Patients: for staff; a patient sees only themselves."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import Patient
from deskcal.core.refusals import Invalid
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

MOST_IDS = 200
Ids = Annotated[str | None, QueryParameter(description="Instead of a query: ids with commas, 200 at most.")]
Query = Annotated[str, QueryParameter(name="query", description="Parts of name, phone or birth date.")]


@get("/v1/patients", responses=answers(Page[people.Patient]))
async def search(
    request: Req,
    context: Here,
    text: Query = "",
    ids: Ids = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[people.Patient]:
    """Find patients by any parts of name, phone number or birth date, in any order; or by their ids."""
    actor = own_clinic(request, Scope.PATIENTS_READ)
    if ids is not None:
        named = await flows.of_ids(context.database, actor, _read_ids(ids))
        return Page(items=[shapes.patient(one) for one in named])
    found = await flows.search(
        context.database, actor, query=text, after=read_cursor(cursor), limit=limit + 1
    )
    return _page(found, limit)


@get("/v1/exports/patients", responses=answers(Page[people.Patient]))
async def export(
    request: Req, context: Here, limit: Limit = 200, cursor: Cursor = None
) -> Page[people.Patient]:
    """List all patients by name, to take them elsewhere: for admins."""
    actor = own_clinic(request, Scope.EXPORT)
    found = await flows.search(context.database, actor, query="", after=read_cursor(cursor), limit=limit + 1)
    return _page(found, limit)


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


def _page(found: Sequence[Patient], limit: int) -> Page[people.Patient]:
    more = write_cursor(found[limit - 1].name, found[limit - 1].id) if len(found) > limit else None
    return Page(items=[shapes.patient(one) for one in found[:limit]], next_cursor=more)


def _read_ids(text: str) -> list[UUID]:
    words = text.split(",")
    if len(words) > MOST_IDS:
        raise Invalid(("ids", f"there are {len(words)}; ask for {MOST_IDS} at a time"))
    try:
        return [UUID(word) for word in words]
    except ValueError as error:
        raise Invalid(("ids", "write ids with commas between")) from error


ROUTES = (search, export, add, show, edit)
