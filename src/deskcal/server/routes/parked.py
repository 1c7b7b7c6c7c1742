"""Events that readers of the log put aside: for admins and ops."""

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.flows import parked
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.store.log import Entry
from deskcal.store.parked import Aside
from deskcal.wire import operating
from deskcal.wire.shape import Page


@get("/v1/parked", responses=answers(Page[operating.Parked]))
async def list_parked(request: Req, context: Here) -> Page[operating.Parked]:
    """List the events that failed and wait for another try, or for ops, and those dropped; oldest first."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    return Page(items=[_spelled(one) for one in await parked.every(context.database, actor)])


@get("/v1/parked/{parked_id:str}", responses=answers(operating.Parked))
async def show_parked(request: Req, context: Here, parked_id: FromPath[str]) -> operating.Parked:
    """Show one with its error and its entry of the log."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    found, entry = await parked.show(context.database, actor, parked_id)
    return _spelled(found, entry)


@post("/v1/parked/{parked_id:str}/retry", status_code=200, responses=answers(operating.Parked))
async def retry_parked(request: Req, context: Here, parked_id: FromPath[str]) -> Response[bytes]:
    """Have its reader try it at once; what fails again is parked again."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: parked.retry(context.database, asking, parked_id),
        spell=_spelled,
        status=200,
    )


@post("/v1/parked/{parked_id:str}/drop", status_code=200, responses=answers(operating.Parked))
async def drop_parked(
    request: Req, context: Here, parked_id: FromPath[str], data: JSONBody[operating.DropRequest]
) -> Response[bytes]:
    """Never try it again; who dropped it stays with it, and why. The log keeps the event."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: parked.drop(context.database, asking, parked_id, reason=data.reason),
        spell=_spelled,
        data=data,
        status=200,
    )


def _spelled(one: Aside, entry: Entry | None = None) -> operating.Parked:
    return operating.Parked(
        id=parked.name_of(one),
        state=one.state,
        reader=one.reader,
        seq=one.seq,
        event_type=one.event_type,
        aggregate_id=one.aggregate_id,
        occurred_at=one.occurred_at,
        attempts=one.attempts,
        error=one.error,
        next_try_at=one.next_try_at,
        dropped_at=one.dropped_at,
        dropped_by=one.dropped_by,
        drop_reason=one.drop_reason,
        event=shapes.log_entry(entry) if entry else None,
    )


ROUTES = (list_parked, show_parked, retry_parked, drop_parked)
