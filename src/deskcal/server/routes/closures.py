"""Closures: days on which the clinic or a location is shut."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core import clinic
from deskcal.core.access import INSTALLATION, Scope
from deskcal.flows import closures as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import closures
from deskcal.wire.shape import Page


@get("/v1/closures", responses=answers(Page[closures.Closure]))
async def list_closures(request: Req, context: Here) -> Page[closures.Closure]:
    """List the closures by date."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[_closure(one) for one in await flows.every(context.database, actor)])


@post("/v1/closures", responses=answers(closures.Closed, 201))
async def close(request: Req, context: Here, data: JSONBody[closures.NewClosure]) -> Response[bytes]:
    """Close the clinic or a location on some days; answers the appointments that fall on them."""
    own_clinic(request, Scope.CATALOG_WRITE)
    wanted = clinic.Closure(
        id=INSTALLATION,
        first=data.first,
        last=data.last or data.first,
        reason=data.reason.strip(),
        location_id=data.location_id,
    )
    return await change(
        request,
        context,
        lambda asking: flows.close(context.database, asking, [wanted], dry_run=data.dry_run),
        spell=_closed,
        data=data,
    )


@post("/v1/closures/holidays", responses=answers(closures.Closed, 201))
async def close_holidays(
    request: Req, context: Here, data: JSONBody[closures.PublicHolidays]
) -> Response[bytes]:
    """Close on each public holiday of a year, once; answers the appointments that fall on them."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.close_holidays(
            context.database,
            asking,
            country=data.country,
            subdivision=data.subdivision,
            year=data.year,
            location_id=data.location_id,
            dry_run=data.dry_run,
        ),
        spell=_closed,
        data=data,
    )


@delete("/v1/closures/{closure_id:uuid}", status_code=200, responses=answers(closures.Closure))
async def reopen(request: Req, context: Here, closure_id: FromPath[UUID]) -> Response[bytes]:
    """Take a closure away; answers it."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.reopen(context.database, asking, closure_id),
        spell=_closure,
        status=200,
    )


def _closed(done: flows.Closed) -> closures.Closed:
    return closures.Closed(
        closures=[_closure(one) for one in done.closures],
        added=done.added,
        appointments=[shapes.appointment(one) for one in done.appointments],
    )


def _closure(found: clinic.Closure) -> closures.Closure:
    return closures.Closure(
        id=found.id,
        first=found.first,
        last=found.last,
        reason=found.reason,
        location_id=found.location_id,
        source=found.source,
    )


ROUTES = (list_closures, close, close_holidays, reopen)
