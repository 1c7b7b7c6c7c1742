"""What another time zone would change, before it is set: for admins and ops."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import FromPath, QueryParameter

from deskcal.core.access import Scope
from deskcal.core.clinic import Provider
from deskcal.flows import rezoning as flows
from deskcal.flows.rezoning import Rezoning
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.routes.clock_changes import MINUTE, kind_of
from deskcal.wire import clock_changes as wire

Timezone = Annotated[str, QueryParameter(description="The IANA name to try.")]
OrClinics = Annotated[str | None, QueryParameter(description="The IANA name to try; else the clinic's.")]


@get("/v1/clinics/{clinic_id:uuid}/timezone-preview", responses=answers(wire.Rezoning))
async def preview_of_clinic(
    request: Req, context: Here, clinic_id: FromPath[UUID], timezone: Timezone
) -> wire.Rezoning:
    """Say what another zone of the clinic would change. Nothing is changed."""
    actor = path_clinic(request, clinic_id, Scope.CATALOG_WRITE)
    return _spelled(
        await flows.preview(context.database, actor, context.now(), location_id=None, timezone=timezone)
    )


@get("/v1/locations/{location_id:uuid}/timezone-preview", responses=answers(wire.Rezoning))
async def preview_of_location(
    request: Req, context: Here, location_id: FromPath[UUID], timezone: OrClinics = None
) -> wire.Rezoning:
    """Say what another zone of a location would change. Nothing is changed."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    return _spelled(
        await flows.preview(
            context.database, actor, context.now(), location_id=location_id, timezone=timezone
        )
    )


def _spelled(found: Rezoning) -> wire.Rezoning:
    return wire.Rezoning(
        before=found.before.key,
        after=found.after.key,
        shift_minutes=found.shift // MINUTE,
        hours=[
            wire.HoursMoved(
                kind=kind_of(one),
                id=one.id,
                name=one.name,
                weekly_hours=isinstance(one, Provider) and bool(one.openings),
                windows=len(one.windows),
            )
            for one in found.things
        ],
        appointments=[
            wire.Rezoned(
                id=one.made.id,
                reference=one.made.reference,
                provider_name=one.made.provider_name,
                start=one.made.span.start.astimezone(found.before),
                then=one.made.span.start.astimezone(found.after),
                outside=one.outside,
            )
            for one in found.coming
        ],
    )


ROUTES = (preview_of_clinic, preview_of_location)
