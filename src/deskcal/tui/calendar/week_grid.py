"""The week grid: half an hour of a day is a cell; hours where half hours do not fit."""

from collections.abc import Iterable
from datetime import date, timedelta

from textual.events import Resize
from textual.strip import Strip

from deskcal.tui.calendar.columns import Columns
from deskcal.tui.calendar.seven_days import HEAD, Keeper, Place, SevenDays
from deskcal.tui.calendar.week import WeekCell, WeekModel, in_hours
from deskcal.tui.calendar.week_strips import head_strip, row_strip, week_columns


class WeekGrid(SevenDays[WeekModel]):
    """Times by days. `minute` is where in the day the cursor is, whatever the rows are cut to."""

    def __init__(self, keeper: Keeper, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(keeper, id=id)
        self.minute = 0
        self._halves: WeekModel | None = None

    @property
    def cell(self) -> WeekCell | None:
        """The cell under the cursor."""
        if self.model is None:
            return None
        row, day = self.place(self.model)
        return self.model.columns[day][row]

    @property
    def row_minute(self) -> int:
        """The minute of the day at which the cursor's row begins."""
        return self.model.rows[self.place(self.model)[0]] if self.model else self.minute

    def show(self, model: WeekModel) -> None:
        self._halves = model
        room = self.room.height - HEAD
        super().show(model if len(model.rows) <= room else in_hours(model))

    def on_resize(self, _: Resize) -> None:
        if self._halves is not None:
            self.show(self._halves)

    def columns(self, model: WeekModel) -> Columns:  # noqa: ARG002  as wide in every week
        return week_columns(self.size.width)

    def rows(self, model: WeekModel) -> int:
        return len(model.rows)

    def place(self, model: WeekModel) -> Place:
        return model.row_of(self.minute), self.day.weekday()

    def day_at(self, model: WeekModel, place: Place) -> date | None:
        return model.days[place[1]]

    def changed(self, old: WeekModel, new: WeekModel) -> Iterable[Place] | None:
        if (old.first, old.rows, old.now_row, old.now.date()) != (
            new.first,
            new.rows,
            new.now_row,
            new.now.date(),
        ):
            return None
        return [
            (row, day)
            for day, (before, after) in enumerate(zip(old.columns, new.columns, strict=True))
            for row, (was, is_) in enumerate(zip(before, after, strict=True))
            if was != is_
        ]

    def paint_head(self, model: WeekModel, columns: Columns) -> Strip:
        return head_strip(model, columns, self.styles_by_name, self.day)

    def paint(self, model: WeekModel, row: int, line: int, columns: Columns) -> Strip:  # noqa: ARG002  it has one
        at, day = self.place(model)
        return row_strip(model, row, columns, self.styles_by_name, cursor=day if at == row else None)

    def to_row(self, row: int) -> None:
        if self.model is None:
            return
        before = self.place(self.model)
        self.minute = self.model.rows[max(0, min(row, len(self.model.rows) - 1))]
        self.redraw_cursor(before)

    async def action_move(self, days: int, rows: int) -> None:
        if rows and self.model:
            self.to_row(self.place(self.model)[0] + rows)
            self.keeper.moved()
        if days:
            await self.keeper.go(self.day + timedelta(days=days))

    def action_edge(self, last: int) -> None:
        if self.model:
            self.to_row(len(self.model.rows) - 1 if last else 0)
            self.keeper.moved()
