"""Jobs worked off, item by item: killed at any moment, none is done twice or left half done."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from deskcal.core.access import INSTALLATION
from deskcal.core.booking import Appointment
from deskcal.core.job import AT_WORK, MOST_ITEMS, Item, ItemState, Job, JobState, Place
from deskcal.core.refusals import PreconditionFailed, Refusal
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.changing import attempt, locked
from deskcal.flows.jobs import Kind, Kinds, Turn, made, undoing
from deskcal.store import jobs
from deskcal.store.catalog import Catalog
from deskcal.store.database import Unavailable, WriteTx

JOBS_AT_ONCE = 2
"""However many there are: desks need the connections."""
SLICE = 20
"""After so many items others have their turn, and jobs are seen that were made meanwhile."""


async def judge(board: Board, kinds: Kinds, asking: Asking[list[Item]], kind: Kind) -> list[Item]:
    """Say what would come of each item of a job."""
    return await _judged(board, kinds, asking, lambda tx, known: made(tx, asking, known, kind))


async def judge_undo(board: Board, kinds: Kinds, asking: Asking[list[Item]], job_id: UUID) -> list[Item]:
    """Say what could be brought back of what a job did. Raises what `undo` raises."""
    return await _judged(board, kinds, asking, lambda tx, _: undoing(tx, asking, job_id))


async def _judged(
    board: Board,
    kinds: Kinds,
    asking: Asking[list[Item]],
    make: Callable[[WriteTx, Catalog], Awaitable[Job]],
) -> list[Item]:
    """Make a job, work it off, and undo all of that: the verdicts are those that it would have."""

    async def work(tx: WriteTx) -> list[Item]:
        known = await board.catalog_within(tx)
        job = await make(tx, known)
        while item := await jobs.next_item(tx, job):
            job = await _had_turn(tx, kinds, known, job, item, now=asking.now)
        found = await jobs.items(tx, job.id, limit=MOST_ITEMS)
        await tx.restart()
        return found

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def work_off(board: Board, kinds: Kinds, clock: Callable[[], datetime]) -> None:
    """Work on all jobs until none is left. Raises one of Unavailable while the database is away.

    Any number of processes may do so: an item has its turn in one of them.
    """
    while True:
        async with board.database.read(INSTALLATION, installation=True) as tx:
            waiting = iter(found := await jobs.at_work(tx))
        if not found:
            return

        async def work_on(waiting: Any = waiting) -> None:
            for clinic_id, job_id in waiting:
                for _ in range(SLICE):
                    if not await step(board, kinds, clinic_id, job_id, clock):
                        break

        ended = await asyncio.gather(*(work_on() for _ in range(JOBS_AT_ONCE)), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error


async def step(
    board: Board, kinds: Kinds, clinic_id: UUID, job_id: UUID, clock: Callable[[], datetime]
) -> bool:
    """Give the next item of a job its turn, in one transaction; False when the job is not at work."""

    async def turn(tx: WriteTx, failure: str | None = None) -> bool:
        job = await jobs.lock(tx, job_id)
        item = await jobs.next_item(tx, job) if job and job.state in AT_WORK else None
        if job is None or item is None:
            return False
        if failure:
            refused = replace(item, state=ItemState.REFUSED, reason=failure)
            await _written(tx, job, refused, clock())
        else:
            await _had_turn(tx, kinds, await board.catalog_within(tx), job, item, now=clock())
        return True

    try:
        return await board.database.write(clinic_id, turn)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, the items after it go on
        failure = f"Something unexpected happened: {type(error).__name__}."
        return await board.database.write(clinic_id, lambda tx: turn(tx, failure))


async def _had_turn(tx: WriteTx, kinds: Kinds, known: Catalog, job: Job, item: Item, *, now: datetime) -> Job:
    """Do or undo what is wanted of one appointment, or note why not."""
    asking = Asking[Any](actor=job.actor(tx.clinic_id), now=now, job_id=job.id)
    kind = msgspec.convert(job.request, kinds[job.kind])
    try:
        async with tx.part():
            found = await locked(tx, asking, item.appointment_id, None)
            turn = Turn(tx=tx, asking=asking, known=known, made=found)
            became = await (_undone(turn, kind, job.undo_of) if job.undo_of else kind.do(turn))
        if became is None:
            why = "Somebody changed it before its turn came: it is not meant any more."
            after = replace(item, state=ItemState.SKIPPED, reason=why)
        else:
            after = replace(item, state=ItemState.DONE, before=Place.of(found), after=Place.of(became))
    except Refusal as refusal:
        told = attempt(asking, item.appointment_id, "undo" if job.undo_of else job.kind)(refusal)
        if told is not None:
            tx.say(told)
        after = replace(item, state=ItemState.REFUSED, reason=str(refusal))
    return await _written(tx, job, after, now)


async def _undone(turn: Turn, kind: Kind, job_id: UUID) -> Appointment:
    """Bring back what a job did to one appointment, unless somebody else did more since."""
    item = await jobs.item_of(turn.tx, job_id, turn.made.id)
    if item is None or item.before is None or item.after != Place.of(turn.made):
        raise PreconditionFailed("Somebody changed it since: see what it is now, and change that.")
    back = await kind.undo(turn, item.before)
    await jobs.write_item(turn.tx, job_id, replace(item, state=ItemState.UNDONE))
    return back


async def _written(tx: WriteTx, job: Job, item: Item, now: datetime) -> Job:
    """Write down what became of an item, and of the job with its last one."""
    await jobs.write_item(tx, job.id, item)
    counted = job.counted(item, now)
    await jobs.write(tx, counted)
    if counted.state is JobState.DONE:
        asking = Asking[Any](actor=job.actor(tx.clinic_id), now=now)
        tx.say(asking.event("job.finished", job.id, action=job.kind, undoOf=job.undo_of))
        if job.undo_of and await jobs.note_undone(tx, job.undo_of):
            tx.say(asking.event("job.undone", job.undo_of, action=job.kind))
    return counted
