"""The `deskcal` command: global options, every command, and how each error ends."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from deskcal.cli.commands import PARTS, SECTIONS, WIDEST, load
from deskcal.cli.options import Options, options_of

ANYWHERE = ("--json", "--quiet", "--yes")


class Commands(TyperGroup):
    """All commands, by what they are for; one is imported when it is typed.

    An error that is an answer is said in a sentence and ends with its exit code.
    """

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, part in PARTS.items():
            self.add_command(TyperCommand(name, help=part.does))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else None, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  Typer gives it
        for title, section in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(WIDEST), part.does) for name, part in section.items()])

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except Exception as error:
            from deskcal.cli.exits import Ending, exit_of
            from deskcal.cli.out import print_json
            from deskcal.client.errors import Refused

            if not isinstance(error, Ending):
                raise
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
        from deskcal.cli.tui import tui

        tui(context)
    else:
        typer.echo(context.get_help())


def main() -> None:
    """Run the command line. People put `--json` at the end, so what all commands take may stand anywhere."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    early = [word for word in words[:end] if word in ANYWHERE]
    rest = [word for word in words[:end] if word not in ANYWHERE]
    app(args=[*early, *rest, *words[end:]], prog_name="deskcal")
