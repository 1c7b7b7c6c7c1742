"""The global options, as every command finds them in its context."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from deskcal.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What stands before the command; None where the setting of that name decides."""

    data_dir: Path | None = None
    server: str | None = None
    token: str | None = None
    clinic: str | None = None
    json: bool = False
    quiet: bool = False
    yes: bool = False

    def settings(self) -> "Settings":
        """Read the settings, with these options over them; Failure names the variable that is wrong."""
        from pydantic import ValidationError

        from deskcal.cli.exits import Exit, Failure
        from deskcal.settings import Settings

        given = {
            "data_dir": self.data_dir,
            "server_url": self.server,
            "token": self.token,
            "clinic": self.clinic,
        }
        try:
            return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            wrong = "; ".join(f"DESKCAL_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
            raise Failure(wrong, Exit.USAGE) from error

    def insist(self, question: str) -> None:
        """Ask a person before what cannot be undone, and end where they say no; scripts are not asked."""
        if sys.stdin.isatty() and not self.yes:
            typer.confirm(question, abort=True, err=True)

    def say(self, words: str) -> None:
        """Tell the person something that is not data; `--quiet` silences it."""
        if not self.quiet:
            typer.echo(words, err=True)


def options_of(context: typer.Context) -> Options:
    found = context.find_root().obj
    return found if isinstance(found, Options) else Options()
