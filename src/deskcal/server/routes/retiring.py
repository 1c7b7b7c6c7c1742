"""The end of locations, rooms, equipment, services and providers."""

from uuid import UUID

from litestar import Response, delete
from litestar.params import FromPath

from deskcal.core.access import Scope
from deskcal.flows.retiring import retire
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.store.resources import Retirable
from deskcal.wire import resources

KINDS: dict[str, Retirable] = {
    "locations": "location",
    "rooms": "room",
    "equipment": "equipment",
    "services": "service",
    "providers": "provider",
}


@delete(
    [f"/v1/{things}/{{thing_id:uuid}}" for things in KINDS],
    status_code=200,
    responses=answers(resources.Retired),
)
async def retire_thing(request: Req, context: Here, thing_id: FromPath[UUID]) -> Response[bytes]:
    """Retire it: nothing new is booked with it. Answers the coming appointments that need it; they stay."""
    own_clinic(request, Scope.CATALOG_WRITE)
    kind = KINDS[request.url.path.split("/")[2]]
    return await change(
        request,
        context,
        lambda asking: retire(context.database, asking, kind, thing_id),
        spell=lambda standing: resources.Retired(
            appointments=[shapes.appointment(made) for made in standing]
        ),
        status=200,
    )


ROUTES = (retire_thing,)
