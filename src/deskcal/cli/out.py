"""What commands print on stdout: one JSON value, a table on a terminal, or tab-separated lines in a pipe."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
import typer

from deskcal.cli.options import Options

T = TypeVar("T")


def print_json(value: Any) -> None:
    """Print one value on one line, as the server would send it."""
    typer.echo(msgspec.json.encode(value).decode())


def table(
    options: Options, items: Sequence[T], columns: Mapping[str, Callable[[T], object]], *, none: str
) -> None:
    """Print a list. `none` is the sentence for an empty one; the headings are for terminals only."""
    if options.json:
        print_json(items)
        return
    if not items:
        options.say(none)
    rows = [[_text(read(item)) for read in columns.values()] for item in items]
    if rows and sys.stdout.isatty():
        _rich(list(columns), rows)
    else:
        lines(rows)


def card(options: Options, item: Any, fields: Mapping[str, object]) -> None:
    """Print one thing, a line for each field that it has."""
    if options.json:
        print_json(item)
        return
    rows = [[name, _text(value)] for name, value in fields.items() if value is not None]
    if sys.stdout.isatty():
        _rich(None, rows)
    else:
        lines(rows)


def lines(rows: Iterable[Sequence[str]]) -> None:
    """Print rows for other programs."""
    for row in rows:
        typer.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))


def money(cents: int, currency: str) -> str:
    """Write a price: 85.00 USD."""
    return f"{cents // 100}.{cents % 100:02} {currency}"


def _text(value: object) -> str:
    return "" if value is None else "yes" if value is True else "no" if value is False else str(value)


def _rich(headings: Sequence[str] | None, rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(*(headings or ("", "")), box=SIMPLE_HEAD if headings else None, show_header=bool(headings))
    for row in rows:
        shown.add_row(*(Text(cell) for cell in row))
    Console().print(shown)
