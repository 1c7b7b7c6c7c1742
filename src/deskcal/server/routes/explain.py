"""Why availability is as it is: for admins and ops."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from deskcal.core.access import Scope
from deskcal.flows import explain, providers
from deskcal.flows.asking import Asking
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.period import End, Start, read_period
from deskcal.server.routes.calendar import ServiceId
from deskcal.wire.explain import ExplainedStep, Explanation, Statement

ProviderId = Annotated[UUID, QueryParameter(name="providerId")]


@get("/v1/admin/explain-availability", responses=answers(Explanation))
async def explain_availability(
    request: Req,
    context: Here,
    provider_id: ProviderId,
    service_id: ServiceId,
    start: Start = None,
    end: End = None,
) -> Explanation:
    """Say step by step what is read, from where, what that takes away, and how long it takes."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    asking = Asking[None](actor=actor, now=context.now())
    zone = (await providers.find(context.database, actor, provider_id)).zone
    found = await explain.explain(
        context.board,
        asking,
        provider_id=provider_id,
        service_id=service_id,
        window=read_period(start, end, zone, now=asking.now),
    )
    return Explanation(
        provider_id=found.provider.id,
        service_id=found.service.id,
        start=found.window.start.astimezone(zone),
        end=found.window.end.astimezone(zone),
        timezone=zone.key,
        seq=found.view.seq,
        steps=[ExplainedStep(**asdict(step)) for step in found.steps],
        sql=[Statement(name=name, plan=list(plan)) for name, plan in found.plans.items()],
    )


ROUTES = (explain_availability,)
