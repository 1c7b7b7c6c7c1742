"""`deskcal bulk list`, `show`, `stop`, `resume` and `undo`: what becomes of jobs."""

from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import options_of
from deskcal.cli.out import print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.watching import Verdicts, followed, of_job, print_verdicts, verdicts
from deskcal.cli.when import said
from deskcal.wire.jobs import ItemState, Job

JobId = Annotated[str, typer.Argument(metavar="JOB", help="Its id.")]


def list_jobs(context: typer.Context) -> None:
    """List the jobs of the clinic, the latest 50 first."""

    async def work(session: Session) -> tuple[list[Job], ZoneInfo]:
        return (await session.client.jobs()).items, session.zone

    found, zone = with_clinic(context, work)
    table(
        options_of(context),
        found,
        {
            "made": lambda one: said(one.created_at, zone),
            "job": lambda one: f"undo {one.kind}" if one.undo_of else one.kind,
            "state": lambda one: one.state,
            "done": lambda one: f"{one.done} of {one.total}",
            "refused": lambda one: one.refused,
            "skipped": lambda one: one.skipped,
            "id": lambda one: one.id,
        },
        none="There are no jobs yet. See: deskcal bulk --help",
    )


def show(
    context: typer.Context,
    job: JobId,
    *,
    state: Annotated[ItemState | None, typer.Option(help="Only those appointments.")] = None,
) -> None:
    """Show what became of the appointments of a job so far; exits 3 where some were refused."""
    id_ = _id_of(job)

    async def work(session: Session) -> Verdicts:
        return await of_job(session, await session.client.job(id_), state=state)

    print_verdicts(options_of(context), with_clinic(context, work))


def stop(context: typer.Context, job: JobId) -> None:
    """Stop a job; what it has done stays done."""
    id_ = _id_of(job)

    async def work(session: Session) -> Job:
        return await session.client.turn_job(id_, "stop")

    stopped, options = with_clinic(context, work), options_of(context)
    had = stopped.done + stopped.refused + stopped.skipped
    if options.json:
        print_json(stopped)
        return
    typer.echo(f"Stopped after {had} of {stopped.total} appointments.")
    options.say(f"To go on: deskcal bulk resume {id_}")


def resume(context: typer.Context, job: JobId) -> None:
    """Go on with a job that was stopped, and wait for it."""
    id_ = _id_of(job)

    async def work(session: Session) -> Verdicts:
        return await followed(session, await session.client.turn_job(id_, "resume"))

    print_verdicts(options_of(context), with_clinic(context, work))


def undo(
    context: typer.Context,
    job: JobId,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what could come back.")] = False,
) -> None:
    """Bring back what a job did, unless somebody has the time or changed the appointment since."""
    id_, options = _id_of(job), options_of(context)
    if not dry_run:
        options.insist("Bring back what this job did? --dry-run says what would come of it.")

    async def work(session: Session) -> Verdicts:
        if dry_run:
            return await verdicts(session, await session.client.judge_undo(id_))
        return await followed(session, await session.client.undo_job(id_))

    print_verdicts(options, with_clinic(context, work))


def _id_of(text: str) -> UUID:
    id_ = read_id(text)
    if id_ is None:
        raise Failure("A job is named by its id. See: deskcal bulk list", Exit.USAGE)
    return id_
