"""One line of the month grid, drawn from the model alone."""

from datetime import date

from textual.strip import Strip

from deskcal.tui.calendar.columns import Columns, across, columns_of, head
from deskcal.tui.calendar.fullness import Fullness
from deskcal.tui.calendar.month import MonthDay, MonthModel
from deskcal.tui.calendar.strips import Styles

GUTTER = 5
ROOMY = 4
"""So many lines a date has its counts in words; with fewer, one number beside the date."""
BAR, SHORT_BAR = 10, 6
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def month_columns(model: MonthModel, *, width: int, height: int) -> Columns:
    """Fit the weeks into the height: at most four lines of words and a blank one, at least two lines."""
    tall = max(2, min(ROOMY + 1, height // len(model.weeks)))
    return columns_of(gutter=GUTTER, tall=tall, width=width)


def head_strip(columns: Columns, styles: Styles, cursor: date) -> Strip:
    names = [f"   {name}" for name in WEEKDAYS]
    return head(columns, names, styles, corner=" Wk", cursor=cursor.weekday())


def row_strip(
    model: MonthModel, week: int, line: int, columns: Columns, styles: Styles, *, cursor: date
) -> Strip:
    """Draw one of the lines of a week."""
    days = model.weeks[week]
    blank = line >= min(columns.tall, ROOMY) or (columns.tall < ROOMY and line > 1)
    cells = [
        ("", styles["gap"])
        if blank or day is None
        else (day_lines(day, columns, model.today)[line], styles[day.fullness])
        for day in days
    ]
    number = next(day.date for day in days if day).isocalendar().week
    is_now = any(day and day.date == model.today for day in days)
    margin = (f" {number:2}" if line == 0 else "", styles["now" if is_now else "gutter"])
    at = model.place(cursor)
    return across(columns, margin, cells, styles, cursor=at[1] if at[0] == week and not blank else None)


def day_lines(day: MonthDay, columns: Columns, today: date) -> tuple[str, ...]:
    """Write a date in the lines that it has: counts in words, or one number, over a bar of its load."""
    is_today = day.date == today
    number = f"{'>' if is_today else ' '}{day.date.day:2}"
    if columns.tall < ROOMY:
        return (f"{number} {_short(day)}".rstrip(), f"   {_bar(day, SHORT_BAR)}".rstrip())
    badges = filter(None, ("TODAY" if is_today else "", "closed" if day.fullness == "closed" else ""))
    booked = f"   {day.booked} booked" if day.booked or day.fullness in _WORKED else ""
    bar = f"   {_bar(day, BAR)}".rstrip()
    return (" ".join((number, *badges)), f"   {_words(day)}".rstrip(), booked, bar)


_WORKED = frozenset({Fullness.FREE, Fullness.FEW, Fullness.FULL})


def _words(day: MonthDay) -> str:
    match day.fullness:
        case Fullness.FREE:
            return f"{day.free} free"
        case Fullness.FEW:
            return f"{day.free} free few"
        case Fullness.FULL:
            return "FULL"
        case Fullness.OVER:
            return "over"
    return day.reason


def _short(day: MonthDay) -> str:
    match day.fullness:
        case Fullness.FREE:
            return str(day.free)
        case Fullness.FEW:
            return f"{day.free}!"
        case Fullness.FULL:
            return "FULL"
        case Fullness.CLOSED:
            return f"... {day.booked}" if day.booked else "..."
    return ""


def _bar(day: MonthDay, width: int) -> str:
    if day.fullness not in _WORKED or day.load is None:
        return ""
    booked = round(day.load * width)
    return "#" * booked + "-" * (width - booked)
