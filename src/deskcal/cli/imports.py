"""`deskcal import`: files of patients, providers and appointments, taken in and taken back."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.import_file import RowFile, column_of, open_rows
from deskcal.cli.import_recipe import Recipe, read_recipe
from deskcal.cli.import_run import Run, take_back
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import card, print_json, table
from deskcal.cli.session import Session, read_id, with_clinic
from deskcal.cli.when import said
from deskcal.core.importing import ImportKind
from deskcal.core.refusals import Invalid
from deskcal.wire.imports import Import, Imported, OnConflictName, Reverted, Verdict

app = typer.Typer(help="Import patients, providers and appointments from files.", no_args_is_help=True)

EXAMPLES = {
    ImportKind.PATIENTS: "patients.csv --map name=Name --map date_of_birth=Born",
    ImportKind.PROVIDERS: "providers.csv --create services,locations",
    ImportKind.APPOINTMENTS: "appointments.csv --map-file mapping.toml --dry-run",
}

Batch = Annotated[str, typer.Argument(help="Its id, as `deskcal import list` shows it.")]


def _reader(kind: ImportKind) -> Callable[..., None]:
    def read(
        context: typer.Context,
        file: Annotated[Path, typer.Argument(help="A CSV file whose first line names the columns.")],
        *,
        map_: Annotated[
            list[str] | None, typer.Option("--map", help="FIELD=COLUMN, or FIELD:=value for all rows.")
        ] = None,
        map_file: Annotated[
            Path | None, typer.Option(help="A mapping in TOML; see docs/importing.md.")
        ] = None,
        create: Annotated[
            list[str] | None,
            typer.Option(help="What rows name and is not there: patients,providers,locations,services."),
        ] = None,
        on_conflict: Annotated[
            OnConflictName | None,
            typer.Option(help="Something in the way: skip the row, next-free time, or fail it all."),
        ] = None,
        outside_hours: Annotated[
            Literal["refuse", "allow"] | None,
            typer.Option(help="Take the past also where it is outside the hours of today."),
        ] = None,
        delimiter: Annotated[str | None, typer.Option(help="Between columns; else what fits.")] = None,
        encoding: Annotated[str, typer.Option(help="Such as latin-1.")] = "utf-8-sig",
        out: Annotated[
            Path | None, typer.Option("-o", "--out", help="A CSV file for the rows that are refused.")
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row, and take none.")] = False,
    ) -> None:
        if out is not None and out.resolve() == file.resolve():
            raise Invalid(("out", f"{out} is the file that is read; name another"))
        rows = open_rows(file, encoding=encoding, delimiter=delimiter)
        recipe = read_recipe(
            kind,
            rows.header,
            map_file=map_file,
            words=map_ or (),
            create=create or (),
            on_conflict=on_conflict,
            outside_hours=outside_hours,
        )

        async def work(session: Session) -> tuple[Imported, ZoneInfo]:
            run = Run(session=session, file=rows, recipe=recipe)
            return await (run.check() if dry_run else run.take()), session.zone

        _tell(options_of(context), rows, recipe, *with_clinic(context, work), out=out)

    return read


for _kind, _words in EXAMPLES.items():
    app.command(
        name=_kind.value,
        help=f"Import {_kind.value} from a CSV file; typed again after a break, it goes on.",
        epilog=f"Example: deskcal import {_kind.value} {_words}",
    )(_reader(_kind))


@app.command("list", epilog="Example: deskcal import list")
def list_(context: typer.Context) -> None:
    """List the imports, the newest first."""

    async def work(session: Session) -> tuple[list[Import], ZoneInfo]:
        page = await session.client.imports()
        found = page.items
        while page.next_cursor is not None:
            page = await session.client.imports(cursor=page.next_cursor)
            found += page.items
        return found, session.zone

    found, zone = with_clinic(context, work)
    table(
        options_of(context),
        found,
        {
            "when": lambda one: said(one.created_at, zone),
            "what": lambda one: one.kind,
            "file": lambda one: one.file_name,
            "state": lambda one: one.state,
            "rows": lambda one: one.taken,
            "refused": lambda one: one.refused,
            "batch": lambda one: one.id,
        },
        none="Nothing was imported yet. Begin with: deskcal import patients FILE --dry-run",
    )


@app.command(epilog="Example: deskcal import show 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90")
def show(context: typer.Context, batch: Batch) -> None:
    """Show how far an import is, and what became of its rows."""
    id_ = _id_of(batch)
    found = with_clinic(context, lambda session: session.client.import_(id_))
    card(
        options_of(context),
        found,
        {
            "batch": found.id,
            "what": found.kind,
            "file": found.file_name,
            "state": found.state,
            "rows": found.taken,
            "accepted": found.accepted,
            "at another time": found.moved,
            "there already": found.known,
            "refused": found.refused,
        },
    )


@app.command(epilog="Example: deskcal --yes import revert 0198d6f2-6c1e-7d3a-9b57-1f0c2a4e8d90 --dry-run")
def revert(
    context: typer.Context,
    batch: Batch,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go, and do nothing.")] = False,
) -> None:
    """Take back what an import made and nobody has touched since; prints what stays."""
    id_, options = _id_of(batch), options_of(context)
    if not dry_run:
        options.insist("All that this import made goes, appointments too. Take it back?")

    async def work(session: Session) -> Reverted:
        if dry_run:
            return await session.client.revert_import(id_, dry_run=True)
        return await take_back(session, id_)

    done = with_clinic(context, work)
    if options.json:
        print_json(done)
    else:
        counts = {"appointments": done.appointments, "patients": done.patients, "providers": done.providers}
        counts |= {"services": done.services, "locations": done.locations}
        gone = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "Nothing"
        options.say(f"{gone} {'would go' if dry_run else 'went'}, {len(done.staying)} stay.")
        columns = {"what": lambda one: one.kind, "id": lambda one: one.id, "why": lambda one: one.reason}
        table(options, done.staying, columns, none="")
    if done.staying:
        raise typer.Exit(Exit.REFUSED)


def _tell(
    options: Options, rows: RowFile, recipe: Recipe, done: Imported, zone: ZoneInfo, *, out: Path | None
) -> None:
    refused = {one.number: one for one in done.verdicts if one.outcome == "refused"}
    if out is not None:
        rows.report(refused, recipe.fields, out)
    if options.json:
        print_json(done)
    else:
        columns: dict[str, Callable[[Verdict], object]] = {
            "row": lambda one: one.number,
            "column": lambda one: column_of(one, recipe.fields),
            "what": lambda one: one.reason or (one.start and f"moved to {said(one.start, zone)}"),
        }
        table(options, done.verdicts, columns, none="")
    total = done.accepted + done.moved + done.known + done.refused
    options.say(
        f"{total:,} rows: {done.accepted:,} accepted, {done.moved:,} at another time, "
        f"{done.known:,} there already, {done.refused:,} refused."
    )
    if done.import_id is not None:
        options.say(f"To take it back: deskcal import revert {done.import_id}")
    if refused:
        raise typer.Exit(Exit.REFUSED)


def _id_of(text: str) -> UUID:
    id_ = read_id(text)
    if id_ is None:
        raise Failure(f'"{text}" is not the id of an import. See: deskcal import list', Exit.USAGE)
    return id_
