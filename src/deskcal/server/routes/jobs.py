"""Work on many appointments at once: made, watched, stopped, taken up again and undone."""

import re
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from deskcal.core import job as core
from deskcal.core.access import Actor, Scope
from deskcal.core.booking import Status
from deskcal.core.localtime import find_zone, parse_date
from deskcal.core.refusals import Invalid
from deskcal.flows import bulk, working
from deskcal.flows import jobs as flows
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_number, read_place, write_cursor
from deskcal.wire import jobs
from deskcal.wire.shape import Page

OF_KIND = {"cancel": {"waive_fee"}, "move": {"days", "minutes", "to_date"}, "reassign": {"to_provider_id"}}
SNAKE = re.compile(r"_(\w)")
Which = Annotated[jobs.ItemState | None, QueryParameter(name="state", description="Only those.")]


@post("/v1/jobs", responses={**answers(jobs.Job, 201), **answers(jobs.JobJudged)})
async def create(request: Req, context: Here, data: JSONBody[jobs.NewJob]) -> Response[bytes]:
    """Cancel, move or reassign many appointments in the background, or with `dryRun` judge each."""
    _actor(request)
    kind = _kind(data)
    if data.dry_run:
        return await change(
            request,
            context,
            lambda asking: working.judge(context.board, context.kinds, asking, kind),
            spell=_judged,
            data=data,
            status=200,
        )
    return await change(
        request, context, lambda asking: flows.create(context.board, asking, kind), spell=_job, data=data
    )


@get("/v1/jobs", responses=answers(Page[jobs.Job]))
async def list_jobs(request: Req, context: Here, limit: Limit = 50, cursor: Cursor = None) -> Page[jobs.Job]:
    """List the clinic's jobs, the latest first."""
    found = await flows.listed(context.database, _actor(request), limit=limit + 1, after=read_place(cursor))
    more = write_cursor(found[limit - 1].created_at, found[limit - 1].id) if len(found) > limit else None
    return Page(items=[_job(one) for one in found[:limit]], next_cursor=more)


@get("/v1/jobs/{job_id:uuid}", responses=answers(jobs.Job))
async def show(request: Req, context: Here, job_id: FromPath[UUID]) -> jobs.Job:
    """Show how far a job is."""
    return _job(await flows.find(context.database, _actor(request), job_id))


@get("/v1/jobs/{job_id:uuid}/items", responses=answers(Page[jobs.JobItem]))
async def list_items(
    request: Req,
    context: Here,
    job_id: FromPath[UUID],
    which: Which = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[jobs.JobItem]:
    """List what became of the appointments of a job, in the order of their turns."""
    found = await flows.items(
        context.database,
        _actor(request),
        job_id,
        state=core.ItemState(which) if which else None,
        after=read_number(cursor),
        limit=limit + 1,
    )
    more = write_cursor(found[limit - 1].n, job_id) if len(found) > limit else None
    return Page(items=[_item(one) for one in found[:limit]], next_cursor=more)


@post("/v1/jobs/{job_id:uuid}/undo", responses={**answers(jobs.Job, 201), **answers(jobs.JobJudged)})
async def undo(
    request: Req, context: Here, job_id: FromPath[UUID], data: JSONBody[jobs.UndoRequest]
) -> Response[bytes]:
    """Bring back what a job did, by a job of its own, or with `dryRun` judge each."""
    _actor(request)
    if data.dry_run:
        return await change(
            request,
            context,
            lambda asking: working.judge_undo(context.board, context.kinds, asking, job_id),
            spell=_judged,
            data=data,
            status=200,
        )
    return await change(
        request, context, lambda asking: flows.undo(context.database, asking, job_id), spell=_job, data=data
    )


@post("/v1/jobs/{job_id:uuid}/stop", status_code=200, responses=answers(jobs.Job))
async def stop(request: Req, context: Here, job_id: FromPath[UUID]) -> Response[bytes]:
    """Stop a job: what it has done stays done."""
    _actor(request)
    return await change(
        request,
        context,
        lambda asking: flows.stop(context.database, asking, job_id),
        spell=_job,
        status=200,
    )


@post("/v1/jobs/{job_id:uuid}/resume", status_code=200, responses=answers(jobs.Job))
async def resume(request: Req, context: Here, job_id: FromPath[UUID]) -> Response[bytes]:
    """Go on with a job that was stopped."""
    _actor(request)
    return await change(
        request,
        context,
        lambda asking: flows.resume(context.database, asking, job_id),
        spell=_job,
        status=200,
    )


def _actor(request: Req) -> Actor:
    actor = own_clinic(request, Scope.BULK)
    actor.require(Scope.APPOINTMENTS_WRITE)
    return actor


def _kind(data: jobs.NewJob) -> flows.Kind:
    """Read what is wanted. Raises Invalid for what does not go together."""
    fields = {one.name: one for one in msgspec.structs.fields(data)}
    for kind, names in OF_KIND.items():
        for name in names if kind != data.kind else ():
            if getattr(data, name) != fields[name].default:
                raise Invalid((fields[name].encode_name, f"this goes with the kind {kind}"))
    if data.provider_id is None and data.location_id is None:
        raise Invalid(("providerId", "say whose appointments are meant, or at which locationId"))
    first, last = parse_date(data.first, field="from"), parse_date(data.last, field="to")
    if last < first:
        raise Invalid(("to", "the last day is before the first"))
    selection = bulk.Selection(
        first=first,
        last=last,
        provider_id=data.provider_id,
        location_id=data.location_id,
        service_id=data.service_id,
        status=Status(data.status) if data.status else None,
    )
    if data.kind == "cancel":
        return bulk.Cancel(selection=selection, reason=data.reason, waive_fee=data.waive_fee)
    if data.kind == "move":
        if bool(data.days or data.minutes) == bool(data.to_date):
            raise Invalid(("days", "say how far: by days and minutes, or to which toDate"))
        return bulk.Move(
            selection=selection,
            reason=data.reason,
            days=data.days,
            minutes=data.minutes,
            to_date=parse_date(data.to_date, field="toDate") if data.to_date else None,
        )
    if data.to_provider_id is None:
        raise Invalid(("toProviderId", "say to whom they are given"))
    return bulk.Reassign(selection=selection, reason=data.reason, to_provider_id=data.to_provider_id)


def _job(found: core.Job) -> jobs.Job:
    return jobs.Job(
        id=found.id,
        kind=found.kind,
        request=_camel(found.request),
        state=found.state.value,
        total=found.total,
        done=found.done,
        refused=found.refused,
        skipped=found.skipped,
        undo_of=found.undo_of,
        created_by=found.created_by,
        created_at=found.created_at,
        finished_at=found.finished_at,
    )


def _camel(value: Any) -> Any:
    """Spell names as the wire does, however deep."""
    if not isinstance(value, dict):
        return value
    return {SNAKE.sub(lambda found: found[1].upper(), name): _camel(one) for name, one in value.items()}


def _judged(found: list[core.Item]) -> jobs.JobJudged:
    return jobs.JobJudged(items=[_item(one) for one in found])


def _item(found: core.Item) -> jobs.JobItem:
    zone = find_zone(found.timezone)
    return jobs.JobItem(
        n=found.n,
        appointment_id=found.appointment_id,
        reference=found.reference,
        patient_name=found.patient_name,
        timezone=found.timezone,
        state=found.state.value,
        before=_place(found.before, zone),
        after=_place(found.after, zone),
        reason=found.reason,
    )


def _place(found: core.Place | None, zone: ZoneInfo) -> jobs.Place | None:
    if found is None:
        return None
    return jobs.Place(
        status=found.status.value,
        provider_id=found.provider_id,
        room_id=found.room_id,
        start=found.start.astimezone(zone),
        end=found.end.astimezone(zone),
    )


ROUTES = (create, list_jobs, show, list_items, undo, stop, resume)
