"""Following a job of the server to its end, and printing what became of each appointment."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli.exits import Exit
from deskcal.cli.options import Options
from deskcal.cli.out import print_json, table
from deskcal.cli.progress import Bars
from deskcal.cli.session import Session
from deskcal.cli.when import said, said_span
from deskcal.client.errors import Unreachable
from deskcal.wire.jobs import ItemState, Job, JobEnded, JobItem, JobJudged, Place

LOOK_SECONDS = 0.2
AT_WORK = {"waiting", "running"}


async def followed(session: Session, job: Job) -> Job:
    """Wait until a job is over, with a bar. Whatever ends the wait, the job goes on in the server."""
    with Bars(session.options, done="had their turn") as bars:
        try:
            while True:
                job = await session.client.job(job.id)
                if job.total:
                    bars.tell("appointments", job.done + job.refused + job.skipped, job.total)
                if job.state not in AT_WORK:
                    return job
                await asyncio.sleep(LOOK_SECONDS)
        except asyncio.CancelledError:
            for line in _left(job):
                session.options.say(line)
            raise
        except Unreachable as away:
            away.add_note("The job goes on as soon as the server is back.")
            for line in _left(job):
                away.add_note(line)
            raise


def _left(job: Job) -> tuple[str, ...]:
    return (
        "Nobody waits for the job any more, but it goes on.",
        f"  see it:  deskcal bulk show {job.id}",
        f"  stop it: deskcal bulk stop {job.id}",
    )


async def ended(session: Session, job: Job, *, state: ItemState | None = None) -> JobEnded:
    """Give a job with its items: all, or those in a state."""
    items = await session.client.job_items(job.id, state=state)
    return JobEnded(**msgspec.structs.asdict(job), items=items)


def print_ended(options: Options, found: JobEnded, zone: ZoneInfo) -> None:
    """Print the verdicts of a job, and end refused where some were."""
    if options.json:
        print_json(found)
    else:
        _verdicts(options, found.items)
        left = found.total - found.done - found.refused - found.skipped
        waiting = f", {left} not yet" if left else ""
        options.say(
            f"Job {found.id} of {said(found.created_at, zone)} is {found.state}:"
            f" {found.done} done, {found.refused} refused, {found.skipped} skipped{waiting}."
        )
        if found.state in {"done", "stopped"} and found.done and found.undo_of is None:
            options.say(f"To bring them back: deskcal bulk undo {found.id}")
    if found.refused:
        raise typer.Exit(Exit.REFUSED)


def print_judged(options: Options, items: Sequence[JobItem]) -> None:
    """Print what would become of each appointment, and end refused where some would be."""
    if options.json:
        print_json(JobJudged(items=list(items)))
    else:
        _verdicts(options, items)
        refused = sum(one.state == "refused" for one in items)
        options.say(f"{len(items) - refused} could be done, {refused} would be refused. Nothing was changed.")
    if any(one.state == "refused" for one in items):
        raise typer.Exit(Exit.REFUSED)


def _verdicts(options: Options, items: Sequence[JobItem]) -> None:
    table(
        options,
        items,
        {
            "before": lambda one: _place(one, one.before),
            "after": lambda one: _place(one, one.after),
            "patient": lambda one: one.patient_name,
            "reference": lambda one: one.reference,
            "verdict": lambda one: one.state,
            "because": lambda one: one.reason,
        },
        none="No appointments are meant by this.",
    )


def _place(item: JobItem, place: Place | None) -> str | None:
    if place is None:
        return None
    return f"{said_span(place.start, place.end, ZoneInfo(item.timezone))}, {place.status}"
