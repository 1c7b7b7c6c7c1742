"""One line of the week grid, drawn from the model alone."""

from datetime import date

from textual.strip import Strip

from deskcal.tui.calendar.columns import Columns, across, columns_of, head
from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.strips import Styles
from deskcal.tui.calendar.week import HOUR, WeekCell, WeekModel

GUTTER, ROOMY = 7, 14


def week_columns(width: int) -> Columns:
    return columns_of(gutter=GUTTER, tall=1, width=width)


def head_strip(model: WeekModel, columns: Columns, styles: Styles, cursor: date) -> Strip:
    """Draw the days; today has a mark, and where there is room a closed day its reason."""
    today = model.now.date()
    names = [
        f"{'>' if day == today else ' '}{day:%a %d}{f' {reason}' if columns.each >= ROOMY else ''}"
        for day, reason in zip(model.days, model.reasons, strict=True)
    ]
    return head(columns, names, styles, corner="", cursor=cursor.weekday())


def row_strip(model: WeekModel, row: int, columns: Columns, styles: Styles, *, cursor: int | None) -> Strip:
    """Draw a row; `cursor` is the day of the cursor when it stands in this row."""
    is_now = row == model.now_row
    hour, minute = divmod(model.rows[row], HOUR)
    margin = (f"{hour:02}:{minute:02}{'>' if is_now else ''}", styles["now" if is_now else "gutter"])
    cells = [
        (cell_words(column[row], columns.each - 1), styles[column[row].fullness]) for column in model.columns
    ]
    return across(columns, margin, cells, styles, cursor=cursor)


def cell_words(cell: WeekCell, width: int) -> str:
    """Write how many are free, with a bar of that length; 1 to 2 or nearly none says few."""
    many = len(cell.provider_ids)
    match cell.fullness:
        case Fullness.FREE:
            return f"{many:2} {'=' * many}"[:width]
        case Fullness.FEW:
            return f"{many:2} few"
        case Fullness.FULL:
            return " FULL"
        case Fullness.CLOSED:
            return "." * (width - 1)
    return ""
