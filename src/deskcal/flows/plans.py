"""Plans for days on which a provider is away: looked at, applied as jobs, undone, or given up."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from deskcal.core.access import INSTALLATION, Actor
from deskcal.core.booking import Appointment, HoldState
from deskcal.core.hours import hours_of, open_spans
from deskcal.core.job import Item, ItemState, Place
from deskcal.core.lifecycle import WAITING, insist_movable
from deskcal.core.plan import Plan, PlanItem, PlanState, Where
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotFound, SlotTaken
from deskcal.core.window import Window, WindowKind
from deskcal.flows import jobs, windows
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.bulk import moved_back
from deskcal.flows.confirm import make_way
from deskcal.flows.hold import give_back
from deskcal.flows.move import Move, moved_onto, moved_to
from deskcal.flows.securing import MOST_TRIES
from deskcal.flows.windows import resource_of
from deskcal.store import holds, plans
from deskcal.store import jobs as job_store
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx, WriteTx

REASON = "sick day"
ALL_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item as the call list has it: with its appointment as it is now, and what its job has made of it.

    `held` tells that the new place is still kept, `back` what came of moving it back; `job_id` is the last.
    """

    item: PlanItem
    appointment: Appointment
    phone: str | None
    held: bool
    outcome: Item | None
    back: Item | None
    job_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A plan with all that a person wants to see of it."""

    plan: Plan
    catalog: Catalog
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehouse:
    """The kind of job that moves appointments to what a plan has for them, held or still free."""

    name: ClassVar = "plan"

    plan_id: UUID
    appointment_ids: tuple[UUID, ...]

    async def choose(self, tx: ReadTx, known: Catalog) -> Sequence[UUID]:  # noqa: ARG002  the protocol's
        return self.appointment_ids

    async def do(self, turn: jobs.Turn) -> Appointment | None:
        """Move one, unless somebody did since the plan was made."""
        plan = _there_is(await plans.find(turn.tx, self.plan_id))
        [item] = [one for one in plan.items if one.appointment_id == turn.made.id]
        if item.to is None or item.was != Where.of(turn.made) or turn.made.status not in WAITING:
            return None
        insist_movable(turn.made, turn.asking.now)
        for _ in range(MOST_TRIES):
            held = await holds.lock_one(turn.tx, item.hold_id) if item.hold_id else None
            if held is None or not held.stands_at(turn.asking.now):
                return await _there(turn, item.to)
            moved = await moved_onto(turn.tx, turn.asking, turn.known, turn.made, held, reason=REASON)
            if moved is not None:
                return moved
            await turn.tx.restart()
            await make_way(turn.tx, turn.asking, replace(turn.made, span=held.span))
        raise SlotTaken("Others are booking this patient just now.", conflicts=())

    async def undo(self, turn: jobs.Turn, was: Place) -> Appointment:
        return await moved_back(turn, was)


async def find(board: Board, actor: Actor, plan_id: UUID, now: datetime) -> Shown:
    """Look a plan up. Raises NotFound."""
    async with board.database.read(actor.clinic_id) as tx:
        known = await board.catalog_within(tx)
        return await shown(tx, known, _there_is(await plans.find(tx, plan_id)), now)


async def shown(tx: ReadTx, known: Catalog, plan: Plan, now: datetime) -> Shown:
    """Read what belongs to a plan."""
    held = await plans.held(tx, plan.id, now)
    made = await plans.appointments(tx, plan.id)
    phones = await plans.phones(tx, plan.id)
    undoing = await plans.undoing(tx, _jobs_of(plan))
    items: dict[tuple[UUID | None, UUID], Item] = {
        (job_id, one.appointment_id): one
        for job_id in (*_jobs_of(plan), *undoing.values())
        for one in await job_store.items(tx, job_id, limit=len(plan.items))
    }
    lines = [
        Line(
            item=item,
            appointment=made[item.appointment_id],
            phone=phones[item.appointment_id],
            held=item.hold_id in held,
            outcome=items.get((item.job_id, item.appointment_id)),
            back=items.get((undone_by, item.appointment_id)),
            job_id=undone_by or item.job_id,
        )
        for item in plan.items
        for undone_by in [undoing.get(item.job_id) if item.job_id else None]
    ]
    return Shown(plan=plan, catalog=known, lines=tuple(lines))


async def apply(board: Board, asking: Asking[Shown], plan_id: UUID, only: Collection[UUID] | None) -> Shown:
    """Give the provider the day off, and make a job that moves all that have a place, or some of them.

    What is moved, or about to be, is left alone: asking again is for what is left, or was refused.
    """

    async def work(tx: WriteTx) -> Shown:
        plan = _there_is(await plans.lock(tx, plan_id))
        known = await board.catalog_within(tx)
        if plan.state in {PlanState.GIVEN_UP, PlanState.UNDONE}:
            raise InvalidStatusChange(f"This plan is {plan.state}. Make a new one.".replace("_", " "))
        chosen = _chosen(await shown(tx, known, plan, asking.now), only)
        window_id = await _day_off(tx, asking, known, plan)
        await plans.become(tx, plan.id, PlanState.APPLIED, window_id=window_id)
        if chosen:
            job = await jobs.made(tx, asking, known, Rehouse(plan_id=plan.id, appointment_ids=chosen))
            await plans.give_to_job(tx, plan.id, chosen, job.id)
            tx.say(asking.event("plan.applied", plan.id, providerId=plan.provider_id))
        return await _again(tx, asking, known, plan)

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def undo(board: Board, asking: Asking[Shown], plan_id: UUID) -> Shown:
    """Take the day off back, and make jobs that move everybody back whose time is still free.

    Raises InvalidStatusChange while it is still being applied.
    """

    async def work(tx: WriteTx) -> Shown:
        plan = _there_is(await plans.lock(tx, plan_id))
        if plan.state not in {PlanState.APPLIED, PlanState.UNDONE}:
            raise InvalidStatusChange("This plan was not applied: there is nothing to undo.")
        if plan.state is PlanState.APPLIED:
            await _release(tx, asking, plan)
            if plan.window_id:
                with suppress(NotFound):
                    provider = await resource_of(tx, "provider", plan.provider_id)
                    await windows.removed(tx, asking, provider, plan.window_id)
            for job_id in _jobs_of(plan):
                if await job_store.to_undo(tx, job_id):
                    await jobs.undoing(tx, asking, job_id)
            await plans.become(tx, plan.id, PlanState.UNDONE)
            tx.say(asking.event("plan.undone", plan.id, providerId=plan.provider_id))
        return await _again(tx, asking, await board.catalog_within(tx), plan)

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def discard(board: Board, asking: Asking[None], plan_id: UUID) -> None:
    """Give an open plan up, and its places back; nothing happens to one that was given up before."""

    async def work(tx: WriteTx) -> None:
        plan = _there_is(await plans.lock(tx, plan_id))
        if plan.state in {PlanState.APPLIED, PlanState.UNDONE}:
            raise InvalidStatusChange("This plan was applied. Undo it instead.")
        if plan.state is PlanState.OPEN:
            await give_up(tx, asking, plan)

    await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def give_up(tx: WriteTx, asking: Asking[Any], plan: Plan) -> None:
    """Give up an open plan that is locked."""
    await _release(tx, asking, plan)
    await plans.become(tx, plan.id, PlanState.GIVEN_UP)
    tx.say(asking.event("plan.given_up", plan.id, providerId=plan.provider_id))


async def _release(tx: WriteTx, asking: Asking[Any], plan: Plan) -> None:
    for hold_id in sorted(item.hold_id for item in plan.items if item.hold_id):
        held = await holds.lock_one(tx, hold_id)
        if held is not None and held.state is HoldState.HELD:
            await give_back(tx, asking, held)


async def _day_off(tx: WriteTx, asking: Asking[Any], known: Catalog, plan: Plan) -> UUID | None:
    """Give the provider the day off; None where they do not work then anyway."""
    if not open_spans(hours_of(known.provider(plan.provider_id)), plan.day):
        return None
    midnight = datetime.combine(plan.day, time())
    window = Window(
        id=INSTALLATION,
        kind=WindowKind.UNAVAILABLE,
        start=midnight,
        end=midnight + ALL_DAY,
        all_day=True,
        reason=REASON,
    )
    provider = await resource_of(tx, "provider", plan.provider_id)
    return (await windows.added(tx, asking, provider, window)).window.id


async def _there(turn: jobs.Turn, to: Where) -> Appointment:
    """Move to a place that is not held any more, if nobody has it."""
    wanted = Move(start=to.span.start, end=to.span.end, provider_id=to.provider_id, reason=REASON)
    return await moved_to(turn.tx, turn.asking, turn.known, turn.made, wanted)


async def _again(tx: ReadTx, asking: Asking[Any], known: Catalog, plan: Plan) -> Shown:
    return await shown(tx, known, _there_is(await plans.find(tx, plan.id)), asking.now)


def _there_is(found: Plan | None) -> Plan:
    if found is None:
        raise NotFound("There is no such plan.")
    return found


def _chosen(now: Shown, only: Collection[UUID] | None) -> tuple[UUID, ...]:
    """List what is still to be moved, of all or of some. Raises Invalid for what is not in the plan."""
    if only is not None and not set(only) <= {line.appointment.id for line in now.lines}:
        raise Invalid(("items", "this is not an appointment of the plan"))
    return tuple(
        line.appointment.id
        for line in now.lines
        if line.item.to and (line.outcome is None or line.outcome.state is ItemState.REFUSED)
        if only is None or line.appointment.id in only
    )


def _jobs_of(plan: Plan) -> list[UUID]:
    return list(dict.fromkeys(item.job_id for item in plan.items if item.job_id))
