"""`deskcal bulk`: many appointments canceled, moved or reassigned, as one job of the server."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec
import typer

from deskcal.cli import jobs
from deskcal.cli.names import location_of, provider_of, service_of
from deskcal.cli.options import options_of
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.watching import AT_WORK, Verdicts, followed, print_verdicts, verdicts
from deskcal.cli.when import day_of, said
from deskcal.wire.booking import AppointmentStatus
from deskcal.wire.jobs import NewJob

A_WHILE = timedelta(seconds=5)

app = typer.Typer(name="bulk", help="Many appointments at once.", no_args_is_help=True)

Provider = Annotated[str | None, typer.Option(help="Whose appointments, by name or id.")]
Location = Annotated[str | None, typer.Option(help="Or those at a location.")]
First = Annotated[str, typer.Option("--from", help="First day: today, fri, +3, 24 dec or 2026-12-24.")]
Last = Annotated[str, typer.Option("--to", help="Last day.")]
Service = Annotated[str | None, typer.Option(help="Only those of a service.")]
Status = Annotated[AppointmentStatus | None, typer.Option(help="Only those; else who has not come yet.")]
Reason = Annotated[str | None, typer.Option(help="Why, for the audit.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would come of each, and do nothing.")]
Again = Annotated[bool, typer.Option("--again", help="Do it once more, although it was done already.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What was typed to be done, names and days still as words."""

    provider: str | None
    location: str | None
    first: str
    last: str
    service: str | None
    status: AppointmentStatus | None
    reason: str | None
    dry_run: bool
    again: bool
    to_date: str | None = None
    to_provider: str | None = None

    async def request(self, session: Session, **rest: Any) -> NewJob:
        """Find what the words mean; `rest` are the fields that are no words."""
        who = await provider_of(session, self.provider) if self.provider else None
        where = await location_of(session, self.location) if self.location else None
        what = await service_of(session, self.service) if self.service else None
        zone = ZoneInfo((who or where or session.clinic).timezone)
        return NewJob(
            provider_id=who.id if who else None,
            location_id=where.id if where else None,
            service_id=what.id if what else None,
            first=str(day_of(self.first, zone, field="from")),
            last=str(day_of(self.last, zone, field="to")),
            status=self.status,
            reason=self.reason,
            to_date=str(day_of(self.to_date, zone, field="toDate")) if self.to_date else None,
            to_provider_id=(await provider_of(session, self.to_provider)).id if self.to_provider else None,
            dry_run=self.dry_run,
            **rest,
        )


def _do(context: typer.Context, work: Work, question: str, **rest: Any) -> None:
    """Judge the work, or have it done; asked again while it is not over, it goes on as the same job."""
    options = options_of(context)
    if not work.dry_run:
        options.insist(f"{question} --dry-run says what would come of each.")

    async def done(session: Session) -> Verdicts:
        request = await work.request(session, **rest)
        if work.dry_run:
            return await verdicts(session, await session.client.judge_job(request))
        key = str(uuid4()) if work.again else hashlib.sha256(msgspec.json.encode(request)).hexdigest()
        job = await session.client.job((await session.client.start_job(request, key=key)).id)
        if job.state == "stopped":
            options.say("This was stopped; it goes on.")
            job = await session.client.turn_job(job.id, "resume")
        elif job.state not in AT_WORK and datetime.now(UTC) - job.created_at > A_WHILE:
            options.say(f"This was done at {said(job.created_at, session.zone)}. To do it once more: --again")
        return await followed(session, job)

    print_verdicts(options, with_clinic(context, done))


@app.command(
    epilog='Example: deskcal --yes bulk cancel --provider "Dr. Perez" --from "24 dec" --to "31 dec" --reason'
    " holidays"
)
def cancel(
    context: typer.Context,
    *,
    first: First,
    last: Last,
    provider: Provider = None,
    location: Location = None,
    service: Service = None,
    status: Status = None,
    by_policy: Annotated[
        bool, typer.Option("--by-policy", help="Take the fees of their policies; else there is none.")
    ] = False,
    reason: Reason = None,
    dry_run: DryRun = False,
    again: Again = False,
) -> None:
    """Cancel appointments for the clinic, without a fee; prints what became of each."""
    work = Work(
        provider=provider,
        location=location,
        first=first,
        last=last,
        service=service,
        status=status,
        reason=reason,
        dry_run=dry_run,
        again=again,
    )
    _do(context, work, "Cancel these appointments?", kind="cancel", waive_fee=not by_policy)


@app.command(
    epilog='Example: deskcal bulk move --provider "Dr. Perez" --from fri --to fri --days 7 --dry-run'
)
def move(
    context: typer.Context,
    *,
    first: First,
    last: Last,
    provider: Provider = None,
    location: Location = None,
    service: Service = None,
    status: Status = None,
    days: Annotated[int, typer.Option(help="By so many days, at the same time; back with a minus.")] = 0,
    minutes: Annotated[int, typer.Option(help="By so many minutes on the wall clock.")] = 0,
    to_date: Annotated[str | None, typer.Option(help="Or to one day, at the same time.")] = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    again: Again = False,
) -> None:
    """Move appointments; what cannot be had stays where it is, and is told with the reason."""
    work = Work(
        provider=provider,
        location=location,
        first=first,
        last=last,
        service=service,
        status=status,
        to_date=to_date,
        reason=reason,
        dry_run=dry_run,
        again=again,
    )
    _do(context, work, "Move these appointments?", kind="move", days=days, minutes=minutes)


@app.command(
    epilog="Example: deskcal bulk reassign --provider perez --from fri --to fri --to-provider chen --dry-run"
)
def reassign(
    context: typer.Context,
    *,
    first: First,
    last: Last,
    to_provider: Annotated[str, typer.Option(help="To whom they are given, by name or id.")],
    provider: Provider = None,
    location: Location = None,
    service: Service = None,
    status: Status = None,
    reason: Reason = None,
    dry_run: DryRun = False,
    again: Again = False,
) -> None:
    """Give appointments to another provider, at their times; what cannot be had stays as it is."""
    work = Work(
        provider=provider,
        location=location,
        first=first,
        last=last,
        service=service,
        status=status,
        to_provider=to_provider,
        reason=reason,
        dry_run=dry_run,
        again=again,
    )
    _do(context, work, "Give these appointments to somebody else?", kind="reassign")


A_JOB = "0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90"
app.command("list", epilog="Example: deskcal bulk list")(jobs.list_jobs)
for command in (jobs.show, jobs.stop, jobs.resume, jobs.undo):
    yes = "--yes " if command is jobs.undo else ""
    app.command(epilog=f"Example: deskcal {yes}bulk {command.__name__} {A_JOB}")(command)
