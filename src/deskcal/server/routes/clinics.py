"""Clinics."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Role, Scope
from deskcal.core.clinic import Clinic
from deskcal.flows import clinics
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import catalog
from deskcal.wire.shape import Page


@post("/v1/clinics", responses=answers(catalog.Clinic, 201))
async def create_clinic(request: Req, context: Here, data: JSONBody[catalog.NewClinic]) -> Response[bytes]:
    """Make a clinic: for `ops`."""
    request.user.require(Scope.CLINICS_WRITE)
    return await change(
        request,
        context,
        lambda asking: clinics.create(
            context.database, asking, name=data.name, timezone=data.timezone, wanted_slug=data.slug
        ),
        spell=_clinic,
        data=data,
    )


@get("/v1/clinics", responses=answers(Page[catalog.Clinic]))
async def list_clinics(request: Req, context: Here) -> Page[catalog.Clinic]:
    """List one's own clinic; `ops` sees all."""
    everywhere = request.user.role is Role.OPS and request.user.clinic_id == INSTALLATION
    found = await clinics.every(context.database, request.user, installation=everywhere)
    return Page(items=[_clinic(one) for one in found])


@get("/v1/clinics/{clinic_id:uuid}", responses=answers(catalog.Clinic))
async def show_clinic(request: Req, context: Here, clinic_id: FromPath[UUID]) -> Response[bytes]:
    """Show a clinic; its ETag is what a change must match."""
    actor = path_clinic(request, clinic_id, Scope.AVAILABILITY_READ)
    return shown(request, _clinic(await clinics.find(context.database, actor)))


@patch("/v1/clinics/{clinic_id:uuid}", responses=answers(catalog.Clinic))
async def edit_clinic(
    request: Req, context: Here, clinic_id: FromPath[UUID], data: JSONBody[catalog.ClinicChange]
) -> Response[bytes]:
    """Change a clinic, if it still is the version of If-Match; what is missing stays."""
    path_clinic(request, clinic_id, Scope.CATALOG_WRITE)
    version, changes = seen_version(request), given(data)
    return await change(
        request,
        context,
        lambda asking: clinics.change(context.database, asking, changes, version=version),
        spell=_clinic,
        data=data,
        status=200,
    )


def _clinic(made: Clinic) -> catalog.Clinic:
    return catalog.Clinic(
        id=made.id,
        slug=made.slug,
        name=made.name,
        timezone=made.timezone,
        limited_percent=made.limited_percent,
        version=made.version,
    )


ROUTES = (create_clinic, list_clinics, show_clinic, edit_clinic)
