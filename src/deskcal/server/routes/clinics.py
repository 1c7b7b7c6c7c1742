"""Clinics, their locations and rooms."""

from litestar import Response, get, post
from litestar.params import JSONBody

from deskcal.core.access import INSTALLATION, Role, Scope
from deskcal.core.clinic import Clinic, Location, Room
from deskcal.flows import clinics
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
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


@post("/v1/locations", responses=answers(catalog.Location, 201))
async def add_location(request: Req, context: Here, data: JSONBody[catalog.NewLocation]) -> Response[bytes]:
    """Add a location, in the clinic's zone unless it has its own."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    [clinic] = await clinics.every(context.database, actor, installation=False)
    return await change(
        request,
        context,
        lambda asking: clinics.add_location(context.database, asking, name=data.name, timezone=data.timezone),
        spell=lambda made: _location(made, clinic),
        data=data,
    )


@get("/v1/locations", responses=answers(Page[catalog.Location]))
async def list_locations(request: Req, context: Here) -> Page[catalog.Location]:
    """List the clinic's locations by name."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    [clinic] = await clinics.every(context.database, actor, installation=False)
    found = await clinics.locations(context.database, actor)
    return Page(items=[_location(one, clinic) for one in found])


@post("/v1/rooms", responses=answers(catalog.Room, 201))
async def add_room(request: Req, context: Here, data: JSONBody[catalog.NewRoom]) -> Response[bytes]:
    """Add a room; a service finds it by its type."""
    own_clinic(request, Scope.CATALOG_WRITE)
    room = Room(id=INSTALLATION, name=data.name, type=data.type, location_id=data.location_id)
    return await change(
        request,
        context,
        lambda asking: clinics.add_room(context.database, asking, room),
        spell=_room,
        data=data,
    )


@get("/v1/rooms", responses=answers(Page[catalog.Room]))
async def list_rooms(request: Req, context: Here) -> Page[catalog.Room]:
    """List the clinic's rooms by name."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[_room(one) for one in await clinics.rooms(context.database, actor)])


def _clinic(made: Clinic) -> catalog.Clinic:
    return catalog.Clinic(id=made.id, slug=made.slug, name=made.name, timezone=made.timezone)


def _location(made: Location, clinic: Clinic) -> catalog.Location:
    return catalog.Location(
        id=made.id, name=made.name, timezone=made.timezone or clinic.timezone, version=made.version
    )


def _room(made: Room) -> catalog.Room:
    return catalog.Room(
        id=made.id, name=made.name, type=made.type, location_id=made.location_id, version=made.version
    )


ROUTES = (create_clinic, list_clinics, add_location, list_locations, add_room, list_rooms)
