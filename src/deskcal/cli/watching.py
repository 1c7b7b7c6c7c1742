"""Following a job of the server to its end, and printing what became of each appointment."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.exits import Exit
from deskcal.cli.names import providers
from deskcal.cli.options import Options
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session
from deskcal.cli.when import said, said_span
from deskcal.client.errors import Unreachable
from deskcal.wire.jobs import ItemState, Job, JobItem, JobJudged, Place

LOOK_SECONDS = 0.2
AT_WORK = {"waiting", "running"}


class Told(Job, kw_only=True):
    """A job with what became of its appointments, as one JSON value."""

    items: list[JobItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What became of appointments; without a job, what would."""

    job: Job | None
    items: list[JobItem]
    providers: Mapping[UUID, str]
    zone: ZoneInfo


async def followed(session: Session, job: Job) -> Verdicts:
    """Wait until a job is over, with a bar. Whatever ends the wait, the job goes on in the server."""
    from deskcal.cli.progress import Bars

    with Bars(session.options, done="had their turn") as bars:
        try:
            while True:
                job = await session.client.job(job.id)
                if job.total:
                    bars.tell("appointments", job.done + job.refused + job.skipped, job.total)
                if job.state not in AT_WORK:
                    break
                await asyncio.sleep(LOOK_SECONDS)
        except asyncio.CancelledError:
            for line in _left(job):
                session.options.say(line)
            raise
        except Unreachable as away:
            for line in _left(job):
                away.add_note(line)
            raise
    return await of_job(session, job)


def _left(job: Job) -> tuple[str, ...]:
    return (
        "Nobody waits for the job any more, but it goes on in the server.",
        f"  see it:  deskcal bulk show {job.id}",
        f"  stop it: deskcal bulk stop {job.id}",
    )


async def of_job(session: Session, job: Job, *, state: ItemState | None = None) -> Verdicts:
    """Fetch the verdicts of a job: all, or those in a state."""
    return await verdicts(session, await session.client.job_items(job.id, state=state), job)


async def verdicts(session: Session, items: Sequence[JobItem], job: Job | None = None) -> Verdicts:
    """Fetch what it takes to print verdicts."""
    names = {one.id: one.name for one in await providers(session)}
    return Verdicts(job=job, items=list(items), providers=names, zone=session.zone)


def print_verdicts(options: Options, found: Verdicts) -> None:
    """Print a line for each appointment, and end refused where some were, or would be."""
    job, items = found.job, found.items
    refused = job.refused if job else sum(one.state == "refused" for one in items)
    if options.json:
        print_json(Told(**msgspec.structs.asdict(job), items=items) if job else JobJudged(items=items))
    else:
        table(
            options,
            items,
            {
                "before": lambda one: _said(found, one, one.before),
                "after": lambda one: _said(found, one, one.after),
                "patient": lambda one: one.patient_name,
                "reference": lambda one: one.reference,
                "verdict": lambda one: one.state,
                "because": lambda one: one.reason,
            },
            none="No appointments are meant by this.",
        )
        if job:
            _sum_up(options, job, found.zone)
        else:
            options.say(f"{len(items) - refused} can be done, {refused} cannot. Nothing was changed.")
    if refused:
        raise typer.Exit(Exit.REFUSED)


def _sum_up(options: Options, job: Job, zone: ZoneInfo) -> None:
    left = job.total - job.done - job.refused - job.skipped
    waiting = f", {left} not yet" if left else ""
    options.say(
        f"Job {job.id} of {said(job.created_at, zone)} is {job.state}:"
        f" {job.done} done, {job.refused} refused, {job.skipped} skipped{waiting}."
    )
    if job.state in {"done", "stopped"} and job.done and job.undo_of is None:
        options.say(f"To bring them back: deskcal bulk undo {job.id}")


def _said(found: Verdicts, item: JobItem, place: Place | None) -> str | None:
    if place is None:
        return None
    when = said_span(place.start, place.end, ZoneInfo(item.timezone))
    return ", ".join(filter(None, (when, found.providers.get(place.provider_id), place.status)))
