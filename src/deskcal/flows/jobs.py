"""Jobs: work on many appointments that is made once, can be stopped, taken up again, and undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeAlias
from uuid import UUID

import msgspec
import uuid_utils.compat as uuid

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.core.job import AT_WORK, MOST_ITEMS, Item, ItemState, Job, JobState, Place
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotFound
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.store import jobs
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx, WriteTx


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The turn of one appointment, which is locked; all that happens to it is undone if it is refused."""

    tx: WriteTx
    asking: Asking[Any]
    known: Catalog
    made: Appointment


class Kind(Protocol):
    """A sort of work, and what is wanted of it: a dataclass, which is kept with the job as JSON.

    `do` and `undo` are called within the transaction that writes down that they were.
    """

    name: ClassVar[str]

    async def choose(self, tx: ReadTx, known: Catalog) -> Sequence[UUID]:
        """List the appointments that are meant, in the order in which they have their turns."""

    async def do(self, turn: Turn) -> Appointment | None:
        """Do it to one; None where it is not meant any more. Raises the Refusal that is against it."""

    async def undo(self, turn: Turn, was: Place) -> Appointment:
        """Bring back to where it was one that is still where `do` left it. Raises a Refusal likewise."""


Kinds: TypeAlias = Mapping[str, type[Kind]]
"""By name, every sort of work that there may be a job of."""


async def create(board: Board, asking: Asking[Job], kind: Kind) -> Job:
    """Make a job of what is chosen now; whoever has the duty works on it. Raises Invalid for too much."""

    async def work(tx: WriteTx) -> Job:
        return await made(tx, asking, await board.catalog_within(tx), kind)

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def made(tx: WriteTx, asking: Asking[Any], known: Catalog, kind: Kind) -> Job:
    """Make a job within a transaction."""
    chosen = await kind.choose(tx, known)
    if len(chosen) > MOST_ITEMS:
        raise Invalid(("to", f"that is more than {MOST_ITEMS} appointments; choose fewer days at a time"))
    return await begun(tx, asking, kind.name, msgspec.to_builtins(kind), chosen)


async def begun(
    tx: WriteTx,
    asking: Asking[Any],
    kind: str,
    request: Mapping[str, Any],
    chosen: Sequence[UUID],
    *,
    undo_of: UUID | None = None,
) -> Job:
    """Write a job down; one of nothing is done."""
    job = Job(
        id=uuid.uuid7(),
        kind=kind,
        request=request,
        state=JobState.WAITING if chosen else JobState.DONE,
        total=len(chosen),
        undo_of=undo_of,
        created_by=asking.actor.sub,
        created_role=asking.actor.role,
        created_at=asking.now,
        finished_at=None if chosen else asking.now,
    )
    await jobs.add(tx, job, chosen)
    tx.say(asking.event("job.created", job.id, action=job.kind, undoOf=undo_of))
    return job


async def find(database: Database, actor: Actor, job_id: UUID) -> Job:
    """Look one up. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        found = await jobs.find(tx, job_id)
    if found is None:
        raise NotFound("There is no such job.")
    return found


async def listed(
    database: Database, actor: Actor, *, limit: int, after: tuple[datetime, UUID] | None
) -> list[Job]:
    """List the clinic's jobs, the latest first."""
    async with database.read(actor.clinic_id) as tx:
        return await jobs.listed(tx, limit=limit, after=after)


async def items(
    database: Database, actor: Actor, job_id: UUID, *, state: ItemState | None, after: int, limit: int
) -> list[Item]:
    """List the items of a job by number, those after one. Raises NotFound."""
    await find(database, actor, job_id)
    async with database.read(actor.clinic_id) as tx:
        return await jobs.items(tx, job_id, state=state, after=after, limit=limit)


async def stop(database: Database, asking: Asking[Job], job_id: UUID) -> Job:
    """Let nothing more of a job have its turn; what it has done stays done."""

    async def work(tx: WriteTx) -> Job:
        job = await _locked(tx, job_id)
        if job.state not in AT_WORK:
            raise InvalidStatusChange(f"This job is {job.state}: there is nothing to stop.")
        return await _turned(tx, asking, job, JobState.STOPPED)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def resume(database: Database, asking: Asking[Job], job_id: UUID) -> Job:
    """Go on with what was stopped, where it was."""

    async def work(tx: WriteTx) -> Job:
        job = await _locked(tx, job_id)
        if job.state is not JobState.STOPPED:
            raise InvalidStatusChange(f"This job is {job.state}: only a stopped one can go on.")
        if await jobs.undoing(tx, job_id):
            raise InvalidStatusChange("This job is being undone. Let that end first.")
        return await _turned(tx, asking, job, JobState.WAITING)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def undo(database: Database, asking: Asking[Job], job_id: UUID) -> Job:
    """Make the job that brings back what another did, the last first; one that is not over goes on."""

    async def work(tx: WriteTx) -> Job:
        return await undoing(tx, asking, job_id)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def undoing(tx: WriteTx, asking: Asking[Any], job_id: UUID) -> Job:
    """Make it within a transaction. Raises InvalidStatusChange where there is nothing to undo."""
    job = await _locked(tx, job_id)
    if job.undo_of is not None:
        raise InvalidStatusChange("This job brought back what another did: do that again instead.")
    if job.state in AT_WORK:
        raise InvalidStatusChange("This job is at work. Stop it first, or let it end.")
    if going := await jobs.undoing(tx, job_id):
        stopped = going.state is JobState.STOPPED
        return await _turned(tx, asking, going, JobState.WAITING) if stopped else going
    chosen = await jobs.to_undo(tx, job_id)
    if not chosen:
        raise InvalidStatusChange("Nothing that this job did still stands: there is nothing to undo.")
    return await begun(tx, asking, job.kind, job.request, chosen, undo_of=job.id)


async def _locked(tx: WriteTx, job_id: UUID) -> Job:
    found = await jobs.lock(tx, job_id)
    if found is None:
        raise NotFound("There is no such job.")
    return found


async def _turned(tx: WriteTx, asking: Asking[Any], job: Job, state: JobState) -> Job:
    turned = replace(job, state=state)
    await jobs.write(tx, turned)
    tx.say(asking.event("job.changed", job.id, state=state))
    return turned
