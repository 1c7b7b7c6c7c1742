"""One line of a table, drawn from its cells alone."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

STYLED = ("head", "row", "quiet", "alarm", "changed", "cursor")
MARKS = 2
GAP = 1
Styles = Mapping[str, Style]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column at least `width` wide; what room is left goes to those that grow."""

    title: str
    width: int
    grows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line about one thing, known by its `key`; `look` is one of STYLED."""

    key: Hashable
    cells: tuple[str, ...]
    look: str = "row"


def fitted(columns: Sequence[Column], width: int) -> list[int]:
    """Share out the width: each column gets its least, growing ones the rest."""
    spare = width - MARKS - sum(column.width + GAP for column in columns)
    growing = sum(column.grows for column in columns)
    each = max(0, spare // growing) if growing else 0
    return [column.width + (each if column.grows else 0) for column in columns]


def row_strip(
    row: Row, widths: Sequence[int], width: int, styles: Styles, *, at_cursor: bool, changed: bool
) -> Strip:
    """Draw a row: `>` marks the cursor and `*` what changed a moment ago; looks only repeat that."""
    marks = f"{'>' if at_cursor else ' '}{'*' if changed else ' '}"
    words = " ".join(_cut(cell, room) for cell, room in zip(row.cells, widths, strict=True))
    style = styles["cursor" if at_cursor else row.look]
    if changed:
        style += styles["changed"]
    return Strip([Segment(marks + words, style)]).adjust_cell_length(width, style)


def head_strip(columns: Sequence[Column], widths: Sequence[int], width: int, styles: Styles) -> Strip:
    """Draw the titles."""
    words = " ".join(_cut(column.title, room) for column, room in zip(columns, widths, strict=True))
    return Strip([Segment(" " * MARKS + words, styles["head"])]).adjust_cell_length(width, styles["head"])


def _cut(words: str, room: int) -> str:
    return words.ljust(room) if len(words) <= room else f"{words[: room - 1]}~"
