"""The locations of a clinic."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Actor, Scope
from deskcal.core.clinic import Clinic, Location
from deskcal.flows import clinics
from deskcal.flows import resources as flows
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import resources
from deskcal.wire.shape import Page


@post("/v1/locations", responses=answers(resources.Location, 201))
async def add_location(request: Req, context: Here, data: JSONBody[resources.NewLocation]) -> Response[bytes]:
    """Add a location, in the clinic's zone unless it has its own."""
    clinic = await _clinic(context, own_clinic(request, Scope.CATALOG_WRITE))
    return await change(
        request,
        context,
        lambda asking: flows.add_location(context.database, asking, name=data.name, timezone=data.timezone),
        spell=lambda made: _location(made, clinic),
        data=data,
    )


@get("/v1/locations", responses=answers(Page[resources.Location]))
async def list_locations(request: Req, context: Here) -> Page[resources.Location]:
    """List the clinic's locations by name."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    clinic = await _clinic(context, actor)
    return Page(items=[_location(one, clinic) for one in await flows.locations(context.database, actor)])


@get("/v1/locations/{location_id:uuid}", responses=answers(resources.Location))
async def show_location(request: Req, context: Here, location_id: FromPath[UUID]) -> Response[bytes]:
    """Show a location; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    clinic = await _clinic(context, actor)
    return shown(request, _location(await flows.location(context.database, actor, location_id), clinic))


@patch("/v1/locations/{location_id:uuid}", responses=answers(resources.Location))
async def change_location(
    request: Req, context: Here, location_id: FromPath[UUID], data: JSONBody[resources.LocationChange]
) -> Response[bytes]:
    """Change a location, if it still is the version of If-Match; another zone moves no appointment."""
    clinic = await _clinic(context, own_clinic(request, Scope.CATALOG_WRITE))
    version, changes = seen_version(request), given(data)
    return await change(
        request,
        context,
        lambda asking: flows.change_location(context.database, asking, location_id, changes, version=version),
        spell=lambda made: _location(made, clinic),
        data=data,
        status=200,
    )


async def _clinic(context: Context, actor: Actor) -> Clinic:
    [clinic] = await clinics.every(context.database, actor, installation=False)
    return clinic


def _location(made: Location, clinic: Clinic) -> resources.Location:
    return resources.Location(
        id=made.id, name=made.name, timezone=made.timezone or clinic.timezone, version=made.version
    )


ROUTES = (add_location, list_locations, show_location, change_location)
