"""Rules of services: when a booking may not start, and what it needs besides."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.rule import Rule
from deskcal.core.rules import payload_of
from deskcal.core.unreadable import Unreadable
from deskcal.flows import rules as flows
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import rules
from deskcal.wire.shape import Page


@get("/v1/services/{service_id:uuid}/rules", responses=answers(Page[rules.Rule]))
async def list_rules(request: Req, context: Here, service_id: FromPath[UUID]) -> Page[rules.Rule]:
    """List the rules of a service, the highest priority first."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[_rule(one) for one in await flows.every(context.database, actor, service_id)])


@post("/v1/services/{service_id:uuid}/rules", responses=answers(rules.Rule, 201))
async def add_rule(
    request: Req, context: Here, service_id: FromPath[UUID], data: JSONBody[rules.NewRule]
) -> Response[bytes]:
    """Give a service a rule; several of one type all hold."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.add(
            context.database,
            asking,
            service_id,
            type_=data.type,
            payload=data.payload,
            priority=data.priority,
        ),
        spell=_rule,
        data=data,
    )


@delete("/v1/services/{service_id:uuid}/rules/{rule_id:uuid}", status_code=200, responses=answers(rules.Rule))
async def remove_rule(
    request: Req, context: Here, service_id: FromPath[UUID], rule_id: FromPath[UUID]
) -> Response[bytes]:
    """Take a rule away from a service; answers the rule."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.remove(context.database, asking, service_id, rule_id),
        spell=_rule,
        status=200,
    )


def _rule(found: Rule) -> rules.Rule:
    if isinstance(found, Unreadable):
        return rules.Rule(
            id=found.id,
            type=found.kept_type,
            payload=dict(found.payload),
            priority=found.priority,
            wrong=found.wrong,
        )
    return rules.Rule(id=found.id, type=found.type, payload=payload_of(found), priority=found.priority)


ROUTES = (list_rules, add_rule, remove_rule)
