"""The clinic's log over HTTP: the same cursor as the live feed."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import QueryParameter

from deskcal.core.access import Scope
from deskcal.flows import appointments
from deskcal.server import shapes
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Limit
from deskcal.wire import realtime
from deskcal.wire.shape import Page


@get("/v1/log", responses=answers(Page[realtime.LogEntry]))
async def read_log(
    request: Req,
    context: Here,
    since: Annotated[int, QueryParameter(ge=0)] = 0,
    limit: Limit = 50,
    aggregate_id: Annotated[UUID | None, QueryParameter(name="aggregateId")] = None,
    event_type: Annotated[str | None, QueryParameter(name="type", description="May end in `.*`.")] = None,
    actor_id: Annotated[str | None, QueryParameter(name="actorId", description="Who did it.")] = None,
) -> Page[realtime.LogEntry]:
    """Read the log on from a seq, oldest first; the last seq is the next `since`."""
    actor = own_clinic(request, Scope.LOG_READ)
    found = await appointments.read_log(
        context.database,
        actor,
        since=since,
        limit=limit,
        aggregate_id=aggregate_id,
        event_type=event_type,
        actor_id=actor_id,
    )
    more = str(found[-1].seq) if len(found) == limit else None
    return Page(items=[shapes.log_entry(entry) for entry in found], next_cursor=more)


@get("/v1/log/archives", responses=answers(Page[realtime.ArchivedLog]))
async def list_archives(request: Req, context: Here) -> Page[realtime.ArchivedLog]:
    """List the months that are in files: between their seqs the log has gaps."""
    actor = own_clinic(request, Scope.LOG_READ)
    found = await appointments.archived_log(context.database, actor)
    return Page(items=[msgspec.convert(one, realtime.ArchivedLog, from_attributes=True) for one in found])


ROUTES = (read_log, list_archives)
