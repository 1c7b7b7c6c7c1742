"""What commands print on stdout: one JSON value, a table on a terminal, or tab-separated lines in a pipe."""

from typing import Any

import msgspec
import typer


def print_json(value: Any) -> None:
    typer.echo(msgspec.json.encode(value).decode())
