"""Plots of reports on a terminal: bars, and heat of weekdays and hours."""

import os
import shutil
from collections.abc import Mapping, Sequence

import typer

HEIGHT = 18
SHADES = ("", "on grey15", "on grey23", "on dark_green", "on green4", "on green3 black")


def bars(title: str, labels: Sequence[str], heights: Sequence[float]) -> None:
    """Draw a bar for each label, as wide as the terminal."""
    import plotext

    columns, _ = shutil.get_terminal_size()
    figure = plotext.figure.clear()
    figure.theme("simple").plot_size(columns, HEIGHT).title(title)
    figure.draw(figure.bar(list(labels), list(heights)))
    typer.echo(figure.build().string(colorless="NO_COLOR" in os.environ))


def heat(rows: Sequence[str], columns: Sequence[str], cells: Mapping[tuple[int, int], int]) -> None:
    """Draw a field for each row and column, the stronger the more there is, with the number in it."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    most = max(cells.values(), default=0) or 1
    shown = Table("", *columns, box=None, padding=0, collapse_padding=True)
    for row, name in enumerate(rows):
        fields = (cells.get((row, column), 0) for column in range(len(columns)))
        shown.add_row(
            f"{name} ",
            *(
                Text(f"{many or '':>4} ", style=SHADES[-(-many * (len(SHADES) - 1) // most)])
                for many in fields
            ),
        )
    Console().print(shown)
