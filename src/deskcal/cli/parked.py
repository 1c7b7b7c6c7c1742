"""`deskcal parked`: events that a reader of the log could not handle."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, table
from deskcal.cli.session import Session, with_clinic
from deskcal.cli.when import said
from deskcal.wire.operating import DropRequest, Parked

app = typer.Typer(help="Events that could not be handled: list, show, retry, drop.", no_args_is_help=True)
Ids = Annotated[list[str] | None, typer.Argument(help="As `parked list` shows them: sessions-17.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say which, and change nothing.")]


@app.command("list", epilog="Example: deskcal parked list")
def list_(
    context: typer.Context,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Those that wait for another try, and those dropped, too.")
    ] = False,
) -> None:
    """List the events that wait for your decision, oldest first."""

    async def work(session: Session) -> list[Parked]:
        found = await session.client.all_parked()
        return [one for one in found if every or one.state == "parked"]

    _table(options_of(context), with_clinic(context, work))


@app.command(epilog="Example: deskcal parked show sessions-17")
def show(context: typer.Context, id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one with its error and its entry of the log."""

    async def work(session: Session) -> tuple[Session, Parked]:
        return session, await session.client.parked(id_)

    session, found = with_clinic(context, work)
    zone = session.zone
    card(
        options_of(context),
        found,
        {
            "id": found.id,
            "state": found.state,
            "event": f"{found.event_type} of {found.aggregate_id}",
            "happened": said(found.occurred_at, zone),
            "attempts": found.attempts,
            "error": found.error,
            "next try": said(found.next_try_at, zone) if found.next_try_at else None,
            "dropped": f"{said(found.dropped_at, zone)} by {found.dropped_by}" if found.dropped_at else None,
            "because": found.drop_reason,
            "facts": found.event.payload if found.event else "not in the log any more",
        },
    )


@app.command(epilog="Example: deskcal parked retry --all")
def retry(
    context: typer.Context,
    ids: Ids = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that are parked.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Have events tried once more, at once; what fails again is parked again."""
    _each(
        context,
        ids,
        every=every,
        dry_run=dry_run,
        do=lambda session, one: session.client.retry_parked(one.id),
    )


@app.command(epilog='Example: deskcal --yes parked drop sessions-17 --reason "visit is over"')
def drop(
    context: typer.Context,
    ids: Ids = None,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stays with the event.")],
    dry_run: DryRun = False,
) -> None:
    """Give events up for good. The log keeps them; who dropped them, when and why stays on record."""

    async def dropped(session: Session, one: Parked) -> Parked:
        session.options.insist(f"{one.id} ({one.event_type}) is never tried again. Drop it?")
        return await session.client.drop_parked(one.id, DropRequest(reason=reason))

    _each(context, ids, every=False, dry_run=dry_run, do=dropped)


def _each(
    context: typer.Context,
    ids: list[str] | None,
    *,
    every: bool,
    dry_run: bool,
    do: Callable[[Session, Parked], Awaitable[Parked]],
) -> None:
    """Do something with those named, or all that are parked; interrupted, the rest stays as it is."""
    if bool(ids) == every:
        raise Failure("Say which: ids as in `deskcal parked list`, or all with `retry --all`.", Exit.USAGE)

    async def work(session: Session) -> list[Parked]:
        client = session.client
        if every:
            found = [one for one in await client.all_parked() if one.state == "parked"]
        else:
            found = [await client.parked(id_) for id_ in dict.fromkeys(ids or ())]
        return found if dry_run else [await do(session, one) for one in found]

    _table(options_of(context), with_clinic(context, work))


def _table(options: Options, found: list[Parked]) -> None:
    table(
        options,
        found,
        {
            "id": lambda one: one.id,
            "state": lambda one: one.state,
            "event": lambda one: one.event_type,
            "of": lambda one: one.aggregate_id,
            "attempts": lambda one: one.attempts,
            "error": lambda one: one.error,
        },
        none="Nothing is parked: every event was handled.",
    )
