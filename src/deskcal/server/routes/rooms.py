"""The rooms of a clinic."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import Room
from deskcal.flows import resources as flows
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import resources
from deskcal.wire.shape import Page


@post("/v1/rooms", responses=answers(resources.Room, 201))
async def add_room(request: Req, context: Here, data: JSONBody[resources.NewRoom]) -> Response[bytes]:
    """Add a room; a service finds it by its type and features."""
    own_clinic(request, Scope.CATALOG_WRITE)
    room = Room(
        id=INSTALLATION,
        name=data.name,
        type=data.type,
        location_id=data.location_id,
        features=data.features,
        capacity=data.capacity,
    )
    return await change(
        request,
        context,
        lambda asking: flows.add_room(context.database, asking, room),
        spell=_room,
        data=data,
    )


@get("/v1/rooms", responses=answers(Page[resources.Room]))
async def list_rooms(request: Req, context: Here) -> Page[resources.Room]:
    """List the clinic's rooms by name."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[_room(one) for one in await flows.rooms(context.database, actor)])


@get("/v1/rooms/{room_id:uuid}", responses=answers(resources.Room))
async def show_room(request: Req, context: Here, room_id: FromPath[UUID]) -> Response[bytes]:
    """Show a room; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return shown(request, _room(await flows.room(context.database, actor, room_id)))


@patch("/v1/rooms/{room_id:uuid}", responses=answers(resources.Room))
async def change_room(
    request: Req, context: Here, room_id: FromPath[UUID], data: JSONBody[resources.RoomChange]
) -> Response[bytes]:
    """Change a room, if it still is the version of If-Match; appointments in it stay."""
    own_clinic(request, Scope.CATALOG_WRITE)
    version, changes = seen_version(request), given(data)
    return await change(
        request,
        context,
        lambda asking: flows.change_room(context.database, asking, room_id, changes, version=version),
        spell=_room,
        data=data,
        status=200,
    )


def _room(made: Room) -> resources.Room:
    return resources.Room(
        id=made.id,
        name=made.name,
        type=made.type,
        location_id=made.location_id,
        features=sorted(made.features),
        capacity=made.capacity,
        version=made.version,
    )


ROUTES = (add_room, list_rooms, show_room, change_room)
