"""One line of the day grid, drawn from the model alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from deskcal.tui.calendar.cells import State, cell_words
from deskcal.tui.calendar.day import DayModel
from deskcal.tui.marks import ASCII, Marks
from deskcal.tui.names import doctor

STYLED = (*State, "gutter", "now", "gap", "head", "head-cursor", "cursor")
GUTTER, LONG_GUTTER = 7, 11
Styles = Mapping[str, Style]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Which lanes are in view, `lane_width` columns each, one of them the gap to the next."""

    first: int
    count: int
    gutter: int
    lane_width: int
    width: int

    @property
    def lanes(self) -> range:
        return range(self.first, self.first + self.count)

    def left_of(self, lane: int) -> int:
        return self.gutter + (lane - self.first) * self.lane_width


def frame_of(model: DayModel, *, width: int, screen_width: int, cursor: int, first: int) -> Frame:
    """Fit as many lanes as are readable, keeping the cursor's in view; fewer and wider under 100 columns."""
    gutter = LONG_GUTTER if any(" " in row.label for row in model.rows) else GUTTER
    narrowest = 9 if screen_width >= 100 else 12  # noqa: PLR2004  the breakpoint of the style sheet
    room, lanes = width - gutter, max(1, len(model.lanes))
    count = max(1, min(lanes, room // narrowest))
    lane_width = max(2, min(20, room // count))
    first = min(max(first, cursor - count + 1), cursor, max(0, lanes - count))
    first = first if first + count > cursor else cursor - count + 1
    return Frame(first=first, count=count, gutter=gutter, lane_width=lane_width, width=width)


def head_strip(model: DayModel, frame: Frame, styles: Styles, cursor: int) -> Strip:
    """Draw the names over the lanes, with the minutes of who runs late; the cursor's lane stands out."""
    cells = [Segment(" " * frame.gutter, styles["head"])]
    width = frame.lane_width - 1
    titled = all(len(lane.provider.name) <= width for lane in model.lanes)
    for lane in frame.lanes:
        late = f" +{model.late[lane]}" if model.late[lane] else ""
        name = doctor(model.lanes[lane].provider.name, width - len(late), titled=titled)
        style = styles["head-cursor" if lane == cursor else "head"]
        cells.append(Segment(f"{name}{late}".ljust(frame.lane_width), style))
    return Strip(cells).adjust_cell_length(frame.width, styles["head"])


def row_strip(
    model: DayModel,
    row: int,
    frame: Frame,
    styles: Styles,
    *,
    now: datetime,
    cursor: int | None,
    private: bool,
    marks: Marks = ASCII,
) -> Strip:
    """Draw a row; `cursor` is the lane of the cursor when it stands in this row."""
    line = model.rows[row]
    is_now = line.start <= now < line.end
    pieces = [
        (
            f"{line.label}{'>' if is_now else ''}".ljust(frame.gutter - 1),
            styles["now" if is_now else "gutter"],
        ),
        (" ", styles["gap"]),
    ]
    for lane in frame.lanes:
        cell = model.columns[lane][row]
        words = cell_words(cell, frame.lane_width - 1, now, private=private, marks=marks)
        pieces.append((_filled(words, frame.lane_width - 1), styles[cell.state]))
        pieces.append((" ", styles["gap"]))
    if cursor is not None and cursor in frame.lanes:
        at = 2 + 2 * (cursor - frame.first)
        words = pieces[at][0]
        pieces[at - 1 : at + 2] = [(text, styles["cursor"]) for text in ("[", words, "]")]
    if (rest := frame.width - frame.left_of(frame.first + frame.count)) > 0:
        pieces.append((" " * rest, styles["gap"]))
    return Strip([Segment(text, style) for text, style in pieces], frame.width)


def _filled(words: str, width: int) -> str:
    """Fill up to so many columns; a name may be written in signs of two."""
    return words.ljust(width) if words.isascii() else set_cell_size(words, width)
