"""What a clinic offers."""

from typing import Any
from uuid import UUID

from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.clinic import CancellationPolicy, Modality, Service
from deskcal.flows import services as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import catalog
from deskcal.wire.shape import Page


@post("/v1/services", responses=answers(catalog.Service, 201))
async def add_service(request: Req, context: Here, data: JSONBody[catalog.NewService]) -> Response[bytes]:
    """Add a service; providers offer it once they are given it."""
    own_clinic(request, Scope.CATALOG_WRITE)
    facts = _core(given(data))
    facts["slot_step_minutes"] = data.slot_step_minutes or data.duration_minutes
    service = Service(id=INSTALLATION, **facts)
    return await change(
        request,
        context,
        lambda asking: flows.add(context.database, asking, service),
        spell=shapes.service,
        data=data,
    )


@get("/v1/services", responses=answers(Page[catalog.Service]))
async def list_services(request: Req, context: Here) -> Page[catalog.Service]:
    """List the clinic's services by title."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[shapes.service(one) for one in await flows.every(context.database, actor)])


@get("/v1/services/{service_id:uuid}", responses=answers(catalog.Service))
async def show_service(request: Req, context: Here, service_id: FromPath[UUID]) -> Response[bytes]:
    """Show a service; its ETag is what a change must match."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return shown(request, shapes.service(await flows.find(context.database, actor, service_id)))


@patch("/v1/services/{service_id:uuid}", responses=answers(catalog.Service))
async def change_service(
    request: Req, context: Here, service_id: FromPath[UUID], data: JSONBody[catalog.ServiceChange]
) -> Response[bytes]:
    """Change a service, if it still is the version of If-Match; appointments keep what was agreed."""
    own_clinic(request, Scope.CATALOG_WRITE)
    version, changes = seen_version(request), _core(given(data))
    return await change(
        request,
        context,
        lambda asking: flows.change(context.database, asking, service_id, changes, version=version),
        spell=shapes.service,
        data=data,
        status=200,
    )


def _core(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn the fields of a body, named as in core, into what core has."""
    if "modality" in fields:
        fields["modality"] = Modality(fields["modality"])
    if "cancellation_policy" in fields:
        policy = fields.pop("cancellation_policy")
        fields["policy"] = CancellationPolicy(
            free_until_hours=policy.free_until_hours,
            fee_cents=policy.fee_cents,
            no_show_fee_cents=policy.no_show_fee_cents,
        )
    return fields


ROUTES = (add_service, list_services, show_service, change_service)
