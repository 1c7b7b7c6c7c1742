"""Seven days beside each other: how wide they are, and a line across them."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.strips import Styles

STYLED = (*Fullness, "gutter", "now", "gap", "head", "head-cursor", "cursor")
DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """`each` columns a day, one of them the gap to the next; a row is `tall` lines."""

    gutter: int
    each: int
    tall: int
    width: int

    def left_of(self, column: int) -> int:
        return self.gutter + column * self.each

    def column_at(self, x: int) -> int | None:
        """Give the day that a column of the screen belongs to."""
        column = (x - self.gutter) // self.each
        return column if 0 <= column < DAYS else None


def columns_of(*, gutter: int, tall: int, width: int) -> Columns:
    """Share the room of `width` columns among seven days."""
    return Columns(gutter=gutter, each=max(2, (width - gutter) // DAYS), tall=tall, width=width)


def head(columns: Columns, names: Sequence[str], styles: Styles, *, corner: str, cursor: int) -> Strip:
    """Draw the names over the days; the cursor's day stands out."""
    cells = [Segment(corner.ljust(columns.gutter), styles["head"])]
    for n, name in enumerate(names):
        style = styles["head-cursor" if n == cursor else "head"]
        words = name[: columns.each - 1].ljust(columns.each - 1)
        cells += [Segment(words, style), Segment(" ", styles["head"])]
    return Strip(cells).adjust_cell_length(columns.width, styles["head"])


def across(
    columns: Columns,
    margin: tuple[str, Style],
    cells: Sequence[tuple[str, Style]],
    styles: Styles,
    *,
    cursor: int | None,
) -> Strip:
    """Draw one line of seven cells; the cursor's brackets stand in the gaps beside its cell."""
    words, style = margin
    pieces = [(words.ljust(columns.gutter - 1), style), (" ", styles["gap"])]
    for text, look in cells:
        pieces += [(text[: columns.each - 1].ljust(columns.each - 1), look), (" ", styles["gap"])]
    if cursor is not None:
        at = 2 + 2 * cursor
        words = pieces[at][0]
        pieces[at - 1 : at + 2] = [(text, styles["cursor"]) for text in ("[", words, "]")]
    segments = [Segment(text, look) for text, look in pieces]
    return Strip(segments).adjust_cell_length(columns.width, styles["gap"])
