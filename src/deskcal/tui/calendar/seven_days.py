"""What the grids of month and week have in common: rows of seven days, drawn line by line, and a cursor."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, Generic, Protocol, TypeVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.events import Click, Focus, Resize
from textual.geometry import Offset, Region, Size
from textual.strip import Strip

from deskcal.tui.calendar.columns import STYLED, Columns
from deskcal.tui.calendar.strips import Styles
from deskcal.tui.commands.calendar import CURSOR
from deskcal.tui.drawn import Drawn
from deskcal.tui.mouse import RIGHT

HEAD = 1
ModelT = TypeVar("ModelT")
Place = tuple[int, int]
"""A row, and a day of it."""


class Keeper(Protocol):
    """Who acts on what a grid is told. Called, not messaged: the next key acts on what the one before did."""

    async def go(self, day: date) -> None:
        """Go to a date, in this period or another."""
        ...

    async def step(self, way: int) -> None:
        """Go one period on or back."""
        ...

    def moved(self) -> None:
        """Learn that the cursor stands on another cell."""
        ...

    async def open(self) -> None:
        """Go into the cell under the cursor."""
        ...


class SevenDays(Drawn, Generic[ModelT]):
    """Draws what `show` is given. A subclass knows its model, and where in it the cursor is."""

    BINDINGS: ClassVar[list[BindingType]] = [*CURSOR]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"seven-days--{name}" for name in STYLED}

    def __init__(self, keeper: Keeper, *, id: str) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.keeper = keeper
        self.model: ModelT | None = None
        self.day = date.min
        self.words = ""
        self.styles_by_name: Styles = {}
        self._strips: dict[int, Strip] = {}
        self._drawn_in = Size()

    def columns(self, model: ModelT) -> Columns:
        raise NotImplementedError

    def rows(self, model: ModelT) -> int:
        raise NotImplementedError

    def place(self, model: ModelT) -> Place:
        """Give where the cursor is."""
        raise NotImplementedError

    def day_at(self, model: ModelT, place: Place) -> date | None:
        """Give the date of a place, None where there is none."""
        raise NotImplementedError

    def changed(self, old: ModelT, new: ModelT) -> Iterable[Place] | None:
        """Give the cells that differ, None for all of them."""
        raise NotImplementedError

    def paint_head(self, model: ModelT, columns: Columns) -> Strip:
        raise NotImplementedError

    def paint(self, model: ModelT, row: int, line: int, columns: Columns) -> Strip:
        raise NotImplementedError

    def to_row(self, row: int) -> None:
        """Take the row of a click; where a date is in one row only there is nothing to take."""

    def clear(self, words: str) -> None:
        """Show a sentence in place of rows, until there is something to show."""
        self.words, self.model = words, None
        self._redraw_all()

    def show(self, model: ModelT) -> None:
        """Draw a model; where only cells differ from the one before, only those are drawn again."""
        old, self.model = self.model, model
        places = self.changed(old, model) if old is not None else None
        if places is None:
            self._resize(model)
            self._redraw_all()
            self.reveal()
        else:
            for place in places:
                self._redraw(place)

    def move_to(self, day: date) -> None:
        """Put the cursor on a date of this period."""
        before = None if self.model is None else self.place(self.model)
        self.day = day
        self.redraw_cursor(before)

    def redraw_cursor(self, before: Place | None) -> None:
        """Draw the cell that the cursor left, and the one it came to."""
        if self.model is not None and before is not None:
            self._redraw(before)
            self._redraw(self.place(self.model))
            self.refresh(Region(0, 0, self.size.width, HEAD))
            self.reveal()

    def reveal(self) -> None:
        """Bring the cursor into view, and the terminal's own to it."""
        if self.model is None:
            return
        columns, (row, day) = self.columns(self.model), self.place(self.model)
        first, behind, top = row * columns.tall, (row + 1) * columns.tall, self.scroll_offset.y
        room = self.size.height - HEAD
        if room > 0 and not top <= first <= behind <= top + room:
            self.scroll_to(y=first if first < top else behind - room, animate=False, force=True)
        if self.has_focus:
            at = Offset(columns.left_of(day), first - self.scroll_offset.y + HEAD)
            self.app.cursor_position = self.region.offset + at

    async def action_screenful(self, way: int) -> None:
        await self.keeper.step(way)

    async def on_click(self, event: Click) -> None:
        model = self.model
        if model is None or event.y < HEAD:
            return
        columns = self.columns(model)
        row, day = (event.y - HEAD + self.scroll_offset.y) // columns.tall, columns.column_at(event.x)
        if day is None or row >= self.rows(model) or (chosen := self.day_at(model, (row, day))) is None:
            return
        self.to_row(row)
        await self.keeper.go(chosen)
        if event.button == RIGHT:
            self.app.action_command_palette()
        elif event.chain > 1:
            await self.keeper.open()

    def on_focus(self, _: Focus) -> None:
        self.reveal()

    def on_resize(self, _: Resize) -> None:
        if self.model is not None:
            self._resize(self.model)
        if self._drawn_in != self.size:
            self._redraw_all()
        self.reveal()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.styles_by_name = {}
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        if not self.styles_by_name:
            self.styles_by_name = {
                name: self.get_component_rich_style(f"seven-days--{name}", partial=name == "gap")
                for name in STYLED
            }
        model, width = self.model, self.size.width
        if model is None:
            words = self.words if y == self.size.height // 3 else ""
            return Strip([Segment(words.center(width)[:width], self.styles_by_name["gap"])])
        columns = self.columns(model)
        if y < HEAD:
            return self.paint_head(model, columns)
        line = self.scroll_offset.y + y - HEAD
        if line >= self.rows(model) * columns.tall:
            return Strip.blank(width, self.styles_by_name["gap"])
        if line not in self._strips:
            self._strips[line] = self.paint(model, *divmod(line, columns.tall), columns)
        return self._strips[line]

    def _resize(self, model: ModelT) -> None:
        self.virtual_size = Size(self.size.width, self.rows(model) * self.columns(model).tall + HEAD)

    def _redraw(self, place: Place) -> None:
        if self.model is None:
            return
        columns, (row, day) = self.columns(self.model), place
        for line in range(row * columns.tall, (row + 1) * columns.tall):
            self._strips.pop(line, None)
        y = row * columns.tall - self.scroll_offset.y + HEAD
        self.refresh(Region(columns.left_of(day) - 1, y, columns.each + 1, columns.tall))

    def _redraw_all(self) -> None:
        self._drawn_in = self.size
        self._strips.clear()
        self.refresh()
