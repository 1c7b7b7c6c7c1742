"""`deskcal db`: the database itself, whether or not a server runs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, print_json, table
from deskcal.cli.progress import Bars

app = typer.Typer(help="The database: status, upgrade, backup, restore, archive.", no_args_is_help=True)

DRY_RUN = typer.Option("--dry-run", help="Say what would be done, and do nothing.")


@app.command(epilog="Example: deskcal db status")
def status(context: typer.Context) -> None:
    """Show version, migrations, size and rows of every table, and how far the log is archived."""
    from deskcal.store import upkeep

    options = options_of(context)
    with _database(options) as url:
        found = upkeep.status(url)
    if options.json:
        print_json(found)
        return
    facts = {
        "postgresql": found.postgresql,
        "migration": found.migration,
        "missing": "; ".join(found.pending) or None,
        "size": _size(found.bytes),
        "log archived before": found.archived_before,
    }
    card(options, found, facts)
    columns = {
        "table": lambda one: one.name,
        "rows": lambda one: one.rows,
        "size": lambda one: _size(one.bytes),
    }
    table(options, found.tables, columns, none="There is no table yet. Make them: deskcal db upgrade")


@app.command(epilog="Example: deskcal db upgrade --dry-run")
def upgrade(context: typer.Context, *, dry_run: Annotated[bool, DRY_RUN] = False) -> None:
    """Bring the database to this version of deskcal; `deskcal serve` does it by itself."""
    from deskcal.store import migrate, upkeep

    options = options_of(context)
    with _database(options) as url:
        with upkeep.connected(url) as connection:
            at = upkeep.revision(connection)
        if at is not None and not migrate.known(at):
            raise Failure("This database is of a newer deskcal. Update deskcal first.", Exit.REFUSED)
        pending = migrate.pending(at)
        if not dry_run:
            migrate.upgrade(url)
    if options.json:
        print_json({"from": at, "to": migrate.newest(), "migrations": pending, "dryRun": dry_run})
        return
    for one in pending:
        typer.echo(one)
    done = "would be run" if dry_run else "run"
    options.say(f"{len(pending)} migrations {done}." if pending else "The database is up to date.")


@app.command(epilog="Example: deskcal db backup clinic.deskcal")
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="Where to; replaced once it is whole.")]
) -> None:
    """Back up everything, as it is at one moment, while the clinic goes on.

    The file is a zip with a dump that pg_restore reads, too. Keep the data folder's secret.key, or
    DESKCAL_SECRET_KEY, with it: without that sealed texts cannot be read.
    """
    from deskcal.store.backup import back_up

    options = options_of(context)
    with _database(options) as url, Bars(options, done="summed up") as bars:
        made = back_up(url, file, tell=bars.tell)
    rows = sum(one.rows for one in made.tables.values())
    if options.json:
        print_json(made)
    options.say(f"{file} has {rows} rows in {_size(file.stat().st_size)}.")


@app.command(epilog="Example: deskcal --yes db restore clinic.deskcal --replace")
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="What `deskcal db backup` wrote.")],
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Give up the clinics that are there.")] = False,
    dry_run: Annotated[bool, DRY_RUN] = False,
) -> None:
    """Restore a backup, once it is proved whole; until then the database stays as it is.

    No server may run on it meanwhile.
    """
    from deskcal.store import backup as backups
    from deskcal.store import restoring

    options = options_of(context)
    if dry_run:
        with _told(), backups.opened(file) as (made, _):
            pass
        options.say(f"Would restore {file}, made at {made.made_at:%Y-%m-%d %H:%M} UTC.")
    else:
        if replace:
            options.insist("The clinics that are in the database now are given up. Restore?")
        with _database(options) as url, Bars(options, done="proved") as bars:
            made = restoring.restore(url, file, replace=replace, tell=bars.tell)
        options.say(f"Everything is as of {made.made_at:%Y-%m-%d %H:%M} UTC. Start the server: deskcal serve")
    if options.json:
        print_json(made)


@app.command(epilog="Example: deskcal --yes db archive --before 2025-01 --dry-run")
def archive(
    context: typer.Context,
    *,
    before: Annotated[str, typer.Option(help="The first month that stays: YYYY-MM.")],
    to: Annotated[Path | None, typer.Option(help="Folder; else `archive` in the data folder.")] = None,
    dry_run: Annotated[bool, DRY_RUN] = False,
) -> None:
    """Move old months of the log to files, which `deskcal log` then names.

    What is about appointments of later months stays in the log as well.
    """
    from deskcal.store.archive import archive as take_out

    options = options_of(context)
    first = _month(before)
    if not dry_run:
        options.insist(f"The log from before {before} leaves the database for files. Archive it?")
    folder = to or options.settings().data_dir / "archive"
    with _database(options) as url, Bars(options, done="looked at") as bars:
        months = take_out(url, first, folder, dry_run=dry_run, tell=bars.tell)
    table(
        options,
        months,
        {
            "month": lambda one: f"{one.month:%Y-%m}",
            "entries": lambda one: one.entries,
            "clinics": lambda one: one.clinics,
            "file": lambda one: one.file,
            "sha256": lambda one: one.sha256,
        },
        none=f"The log has nothing from before {before}.",
    )


@contextmanager
def _database(options: Options) -> Iterator[str]:
    from deskcal.server.at_hand import at_hand

    with _told(), at_hand(options.settings()) as url:
        yield url


@contextmanager
def _told() -> Iterator[None]:
    """End with a sentence where the database, or a file, refuses."""
    from deskcal.store.embedded import ClusterRefusal
    from deskcal.store.upkeep import DatabaseRefusal

    try:
        yield
    except (DatabaseRefusal, ClusterRefusal) as refusal:
        raise Failure(str(refusal), Exit.REFUSED) from refusal
    except FileNotFoundError as error:
        raise Failure(f"There is no {error.filename}.", Exit.NOT_FOUND) from error
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise Failure(f"{error.filename or 'The file'}: {why}.", Exit.REFUSED) from error


def _month(text: str) -> date:
    try:
        month = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise Failure(f'"{text}" is not a month; write 2026-01.', Exit.USAGE) from error
    if month > datetime.now(UTC).date():
        raise Failure(f"{text} is still to come: this month and later ones stay.", Exit.USAGE)
    return month


def _size(bytes_: int) -> str:
    return f"{bytes_ / 1_000_000:,.1f} MB"
