"""The month grid: a date is a cell, and the cursor goes from month to month."""

from collections.abc import Iterable
from datetime import date, timedelta

from textual.strip import Strip

from deskcal.tui.calendar.columns import Columns
from deskcal.tui.calendar.month import MonthModel, month_of
from deskcal.tui.calendar.month_strips import head_strip, month_columns, row_strip
from deskcal.tui.calendar.seven_days import HEAD, Place, SevenDays
from deskcal.tui.calendar.week import DAYS


class MonthGrid(SevenDays[MonthModel]):
    """Weeks by weekdays."""

    def columns(self, model: MonthModel) -> Columns:
        return month_columns(model, width=self.size.width, height=self.size.height - HEAD)

    def rows(self, model: MonthModel) -> int:
        return len(model.weeks)

    def place(self, model: MonthModel) -> Place:
        return model.place(self.day)

    def day_at(self, model: MonthModel, place: Place) -> date | None:
        row, weekday = place
        day = model.weeks[row][weekday]
        return day.date if day else None

    def changed(self, old: MonthModel, new: MonthModel) -> Iterable[Place] | None:
        if (old.first, old.today) != (new.first, new.today):
            return None
        return [
            (row, weekday)
            for row, (before, after) in enumerate(zip(old.weeks, new.weeks, strict=True))
            for weekday, (was, is_) in enumerate(zip(before, after, strict=True))
            if was != is_
        ]

    def paint_head(self, model: MonthModel, columns: Columns) -> Strip:  # noqa: ARG002  the same in every month
        return head_strip(columns, self.styles_by_name, self.day)

    def paint(self, model: MonthModel, row: int, line: int, columns: Columns) -> Strip:
        return row_strip(model, row, line, columns, self.styles_by_name, cursor=self.day)

    async def action_move(self, days: int, weeks: int) -> None:
        await self.keeper.go(self.day + timedelta(days=days + DAYS * weeks))

    async def action_edge(self, last: int) -> None:
        first = month_of(self.day)
        await self.keeper.go(month_of(first, 1) - timedelta(days=1) if last else first)
