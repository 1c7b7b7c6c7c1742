"""The `deskcal` command: global options, every command, and how each error ends."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from deskcal.cli import (
    appointments,
    booking,
    bulk,
    calendar,
    clinic,
    day_sheet,
    demo,
    doctor,
    equipment,
    explain,
    imports,
    log,
    login,
    managing,
    parked,
    patient,
    place,
    provider,
    rehearse_dst,
    replay,
    series,
    serve,
    service,
    token,
    tui,
    user,
    waitlist,
    walk_in,
    whoami,
)
from deskcal.cli.exits import Ending, exit_of
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import print_json
from deskcal.client.errors import Refused

ANYWHERE = ("--json", "--quiet", "--yes")


class Commands(TyperGroup):
    """All commands: an error that is an answer is said in a sentence and ends with its exit code."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except Ending as error:
            if isinstance(error, Refused) and options_of(ctx).json:
                print_json(error.problem)
            for line in (f"deskcal: {error}", *getattr(error, "__notes__", ())):
                typer.echo(line, err=True)
            raise typer.Exit(exit_of(error)) from error


app = typer.Typer(
    name="deskcal",
    cls=Commands,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group, part in (
    ("clinic", clinic.app),
    ("location", place.locations),
    ("room", place.rooms),
    ("equipment", equipment.app),
    ("service", service.app),
    ("provider", provider.app),
    ("patient", patient.app),
    ("import", imports.app),
    ("series", series.app),
    ("waitlist", waitlist.app),
    ("bulk", bulk.app),
    ("parked", parked.app),
    ("token", token.app),
    ("user", user.app),
):
    app.add_typer(part, name=group)
for command, example in (
    (tui.tui, "deskcal tui"),
    (demo.demo, "deskcal demo --no-tui"),
    (serve.serve, "deskcal serve --port 8765"),
    (doctor.doctor, "deskcal doctor"),
    (login.login, "deskcal login maria@example.org --password-stdin"),
    (login.logout, "deskcal logout"),
    (whoami.whoami, "deskcal whoami"),
    (booking.free, 'deskcal free Consultation "Dr. Perez" --on tomorrow'),
    (booking.why, 'deskcal why "Dr. Perez" Consultation "tomorrow 10:30"'),
    (explain.explain, 'deskcal explain "Dr. Perez" Consultation tomorrow'),
    (booking.book, 'deskcal book "Maria Lopez 1984" Consultation "Dr. Perez" "mon 10:30"'),
    (walk_in.walk_in, 'deskcal walk-in "Maria Lopez 1984" Consultation'),
    (appointments.appointments, 'deskcal appointments --date today --provider "Dr. Perez"'),
    (appointments.show, "deskcal show B-20001 --audit"),
    (managing.move, 'deskcal move B-20001 "tomorrow 10:30"'),
    (managing.cancel, 'deskcal --yes cancel B-20001 --reason "patient asked"'),
    (managing.status, "deskcal status B-20001 checked_in"),
    (day_sheet.day_sheet, 'deskcal day-sheet tomorrow --provider "Dr. Perez"'),
    (calendar.calendar, "deskcal calendar B-20001 -o visit.ics"),
    (replay.replay_projection, "deskcal replay-projection --check"),
    (rehearse_dst.rehearse_dst, "deskcal rehearse-dst --zone America/New_York --year 2027"),
    (log.log, "deskcal log --follow --type appointment.*"),
):
    app.command(epilog=f"Example: {example}")(command)


@app.callback()
def deskcal(
    context: typer.Context,
    *,
    data_dir: Annotated[
        Path | None,
        typer.Option(envvar="DESKCAL_DATA_DIR", help="Where the database and the server's address live."),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(envvar="DESKCAL_SERVER_URL", help="The server to talk to; else the local one."),
    ] = None,
    token_: Annotated[
        str | None,
        typer.Option("--token", envvar="DESKCAL_TOKEN", help="What to show it; else this machine's token."),
    ] = None,
    clinic_: Annotated[
        str | None,
        typer.Option(
            "--clinic", envvar="DESKCAL_CLINIC", help="Id or slug; not needed while there is only one."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON value.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print data only.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what cannot be undone.")] = False,
) -> None:
    """Clinic scheduling that never books a slot twice.

    To see it with made-up patients: deskcal demo

    To start a clinic: deskcal serve, then deskcal clinic create "Riverside" --timezone America/New_York
    """
    context.obj = Options(
        data_dir=data_dir, server=server, token=token_, clinic=clinic_, json=as_json, quiet=quiet, yes=yes
    )
    if context.invoked_subcommand is not None:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        tui.tui(context)
    else:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line. People put `--json` at the end, so what all commands take may stand anywhere."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    early = [word for word in words[:end] if word in ANYWHERE]
    rest = [word for word in words[:end] if word not in ANYWHERE]
    app(args=[*early, *rest, *words[end:]], prog_name="deskcal")
