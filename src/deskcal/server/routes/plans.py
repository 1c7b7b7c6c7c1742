"""Sick days: new places for the patients of a provider who is away, as a plan to apply, undo or give up."""

from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Scope
from deskcal.core.job import ItemState
from deskcal.core.localtime import find_zone, parse_date
from deskcal.core.plan import Where
from deskcal.core.span import Span
from deskcal.flows import plans as flows
from deskcal.flows import sick_day
from deskcal.flows.asking import Asking
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import PROBLEMS, answers
from deskcal.store.catalog import Catalog
from deskcal.wire import plans

OUTCOMES: dict[ItemState, plans.ItemState] = {
    ItemState.WAITING: "waiting",
    ItemState.DONE: "moved",
    ItemState.REFUSED: "refused",
    ItemState.SKIPPED: "skipped",
    ItemState.UNDONE: "moved_back",
}
BACK: dict[ItemState, plans.ItemState] = {
    ItemState.WAITING: "moving_back",
    ItemState.DONE: "moved_back",
    ItemState.REFUSED: "not_moved_back",
    ItemState.SKIPPED: "not_moved_back",
}


@post("/v1/providers/{provider_id:uuid}/sick-days", responses=answers(plans.Plan, 201))
async def plan_sick_day(
    request: Req, context: Here, provider_id: FromPath[UUID], data: JSONBody[plans.NewSickDay]
) -> Response[bytes]:
    """Propose and hold a new place for each appointment of a day; or answer the plan that holds them now."""
    own_clinic(request, Scope.BULK)
    sick = sick_day.SickDay(
        provider_id=provider_id,
        day=parse_date(data.date),
        days=data.days,
        seconds=context.plan_seconds,
    )
    return await change(
        request,
        context,
        lambda asking: sick_day.plan(context.board, asking, sick),
        spell=_plan,
        data=data,
    )


@get("/v1/plans/{plan_id:uuid}", responses=answers(plans.Plan))
async def show_plan(request: Req, context: Here, plan_id: FromPath[UUID]) -> plans.Plan:
    """Show a plan with what became of each appointment: the call list."""
    actor = own_clinic(request, Scope.APPOINTMENTS_WRITE)
    return _plan(await flows.find(context.board, actor, plan_id, context.now()))


@post("/v1/plans/{plan_id:uuid}/apply", status_code=200, responses=answers(plans.Plan))
async def apply_plan(
    request: Req, context: Here, plan_id: FromPath[UUID], data: JSONBody[plans.ApplyPlan]
) -> Response[bytes]:
    """Give the provider the day off, and move all or some in the background."""
    own_clinic(request, Scope.BULK).require(Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.apply(context.board, asking, plan_id, data.items),
        spell=_plan,
        data=data,
        status=200,
    )


@post("/v1/plans/{plan_id:uuid}/undo", status_code=200, responses=answers(plans.Plan))
async def undo_plan(request: Req, context: Here, plan_id: FromPath[UUID]) -> Response[bytes]:
    """Take the day off back, and move everybody back, in the background, whose time is still free."""
    own_clinic(request, Scope.BULK).require(Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.undo(context.board, asking, plan_id),
        spell=_plan,
        status=200,
    )


@delete("/v1/plans/{plan_id:uuid}", status_code=204, responses=PROBLEMS)
async def discard_plan(request: Req, context: Here, plan_id: FromPath[UUID]) -> None:
    """Give up a plan that was not applied, and the places that it holds."""
    actor = own_clinic(request, Scope.BULK)
    await flows.discard(context.board, Asking[None](actor=actor, now=context.now()), plan_id)


def _plan(shown: flows.Shown) -> plans.Plan:
    plan = shown.plan
    provider = shown.catalog.providers.get(plan.provider_id)
    zone = provider.zone if provider else find_zone(shown.catalog.clinic.timezone)
    return plans.Plan(
        id=plan.id,
        provider_id=plan.provider_id,
        provider_name=provider.name if provider else None,
        date=plan.day,
        timezone=zone.key,
        state=plan.state.value,
        created_at=plan.created_at,
        expires_at=plan.expires_at,
        items=[_item(line, shown.catalog, zone) for line in shown.lines],
    )


def _item(line: flows.Line, known: Catalog, zone: ZoneInfo) -> plans.PlanItem:
    made, to, told = line.appointment, line.item.to, line.back or line.outcome
    if line.outcome and line.outcome.after:
        moved = line.outcome.after
        span = Span(start=moved.start, end=moved.end)
        to = Where(provider_id=moved.provider_id, room_id=moved.room_id, span=span)
    before = _place(line.item.was, known, zone)
    after = _place(to, known, zone) if to else None
    return plans.PlanItem(
        appointment_id=made.id,
        reference=made.reference,
        patient_id=made.patient_id,
        patient_name=made.patient_name,
        phone=line.phone,
        service_title=made.service_title,
        before=before,
        after=after,
        changed=_changed(before, after) if after else [],
        state=_state(line),
        reason=told.reason if told else line.item.reason,
        job_id=line.job_id,
    )


def _state(line: flows.Line) -> plans.ItemState:
    if line.back is not None:
        return BACK[line.back.state]
    if line.outcome is not None:
        return OUTCOMES[line.outcome.state]
    if line.item.to is None:
        return "no_place"
    return "held" if line.held else "lapsed"


def _changed(
    before: plans.PlanPlace, after: plans.PlanPlace
) -> list[Literal["day", "time", "provider", "room"]]:
    differ: dict[Literal["day", "time", "provider", "room"], bool] = {
        "day": before.start.date() != after.start.date(),
        "time": before.start.time() != after.start.time(),
        "provider": before.provider_id != after.provider_id,
        "room": before.room_id != after.room_id,
    }
    return [what for what, differs in differ.items() if differs]


def _place(where: Where, known: Catalog, zone: ZoneInfo) -> plans.PlanPlace:
    provider = known.providers.get(where.provider_id)
    rooms = {room.id: room.name for room in known.rooms}
    return plans.PlanPlace(
        provider_id=where.provider_id,
        provider_name=provider.name if provider else None,
        room_id=where.room_id,
        room_name=rooms.get(where.room_id) if where.room_id else None,
        start=where.span.start.astimezone(zone),
        end=where.span.end.astimezone(zone),
    )


ROUTES = (plan_sick_day, show_plan, apply_plan, undo_plan, discard_plan)
