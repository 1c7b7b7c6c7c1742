"""The equipment of a clinic: pools of equal units."""

from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import Equipment
from deskcal.flows import resources as flows
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import resources
from deskcal.wire.shape import Page


@post("/v1/equipment", responses=answers(resources.Equipment, 201))
async def add_equipment(
    request: Req, context: Here, data: JSONBody[resources.NewEquipment]
) -> Response[bytes]:
    """Add a pool of equal units; a service finds it by its type."""
    own_clinic(request, Scope.CATALOG_WRITE)
    pool = Equipment(id=INSTALLATION, name=data.name, type=data.type, location_id=data.location_id, units=())
    return await change(
        request,
        context,
        lambda asking: flows.add_equipment(context.database, asking, pool, quantity=data.quantity),
        spell=_equipment,
        data=data,
    )


@get("/v1/equipment", responses=answers(Page[resources.Equipment]))
async def list_equipment(request: Req, context: Here) -> Page[resources.Equipment]:
    """List the clinic's pools by name, each with its units."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[_equipment(one) for one in await flows.equipment(context.database, actor)])


@get("/v1/equipment/{equipment_id:uuid}", responses=answers(resources.Equipment))
async def show_equipment(request: Req, context: Here, equipment_id: FromPath[UUID]) -> Response[bytes]:
    """Show a pool; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return shown(request, _equipment(await flows.pool(context.database, actor, equipment_id)))


@patch("/v1/equipment/{equipment_id:uuid}", responses=answers(resources.Equipment))
async def change_equipment(
    request: Req, context: Here, equipment_id: FromPath[UUID], data: JSONBody[resources.EquipmentChange]
) -> Response[bytes]:
    """Change a pool, if it still is the version of If-Match; a unit that is booked does not go."""
    own_clinic(request, Scope.CATALOG_WRITE)
    version, changes = seen_version(request), given(data)
    quantity = changes.pop("quantity", None)
    return await change(
        request,
        context,
        lambda asking: flows.change_equipment(
            context.database, asking, equipment_id, changes, quantity=quantity, version=version
        ),
        spell=_equipment,
        data=data,
        status=200,
    )


def _equipment(made: Equipment) -> resources.Equipment:
    return resources.Equipment(
        id=made.id,
        name=made.name,
        type=made.type,
        location_id=made.location_id,
        quantity=len(made.units),
        units=[resources.Unit(id=unit.id, number=unit.number) for unit in made.units],
        version=made.version,
    )


ROUTES = (add_equipment, list_equipment, show_equipment, change_equipment)
