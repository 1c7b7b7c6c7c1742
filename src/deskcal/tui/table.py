"""A list with columns and a cursor that stays on its thing, whatever comes, goes or moves around it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip

from deskcal.tui.commands.table import ROWS
from deskcal.tui.drawn import Drawn
from deskcal.tui.mouse import RIGHT
from deskcal.tui.table_rows import STYLED, Column, Row, Styles, fitted, head_strip, row_strip

HEAD = 1


class Table(Drawn):
    """It draws what `show` is given and asks for nothing. A double click does what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [*ROWS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"table--{name}" for name in STYLED}

    @dataclass
    class Moved(Message):
        """The cursor stands on another row, or the row under it changed."""

    @dataclass
    class Opened(Message):
        """A row was double-clicked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self.rows: Sequence[Row] = ()
        self.at = 0
        self._columns: Sequence[Column] = ()
        self._words = ""
        self._changed: frozenset[Hashable] = frozenset()
        self._strips: dict[int, Strip] = {}
        self._styles: Styles = {}

    @property
    def key(self) -> Hashable | None:
        """What the row under the cursor is about."""
        return self.rows[self.at].key if self.rows else None

    def show(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        changed: frozenset[Hashable] = frozenset(),
        empty: str = "",
    ) -> None:
        """Draw rows, or a sentence where there are none; of the same things only those that changed."""
        old, was = self.rows, self._changed
        same = [row.key for row in old] == [row.key for row in rows] and self._columns == columns
        key = self.key
        self.rows, self._columns, self._changed = rows, columns, changed
        if same and self._words == empty:
            for n, (before, after) in enumerate(zip(old, rows, strict=True)):
                if before != after or (after.key in was) != (after.key in changed):
                    self._redraw(n)
        else:
            self._words = empty
            keys = {row.key: n for n, row in enumerate(rows)}
            self.at = keys.get(key, max(0, min(self.at, len(rows) - 1)))
            self.virtual_size = Size(self.size.width, len(rows) + HEAD)
            self._redraw_all()
            self._reveal()
        self.post_message(self.Moved())

    def shows_cursor(self) -> bool:
        """Tell whether the cursor is drawn here; of several tables side by side only one may have it."""
        return True

    def go_to(self, at: int) -> None:
        """Move the cursor, clamped to the rows, and bring it into view."""
        if self.rows:
            self._redraw(self.at)
            self.at = max(0, min(at, len(self.rows) - 1))
            self._redraw(self.at)
            self._reveal()
            self.post_message(self.Moved())

    def action_step(self, rows: int) -> None:
        self.go_to(self.at + rows)

    def action_screenful(self, way: int) -> None:
        self.go_to(self.at + way * max(1, self.size.height - HEAD - 1))

    def action_edge(self, last: int) -> None:
        self.go_to(len(self.rows) - 1 if last else 0)

    def on_resize(self, _: Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self.rows) + HEAD)
        self._redraw_all()
        self._reveal()

    def on_focus(self, _: Focus) -> None:
        self._redraw(self.at)
        self._reveal()

    def on_blur(self, _: Blur) -> None:
        self._redraw(self.at)

    def on_click(self, event: Click) -> None:
        at = self.scroll_offset.y + event.y - HEAD
        if event.y >= HEAD and at < len(self.rows):
            self.go_to(at)
            if event.button == RIGHT:
                self.app.action_command_palette()
            elif event.chain > 1:
                self.post_message(self.Opened())

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not self._styles:
            self._styles = {name: self.get_component_rich_style(f"table--{name}") for name in STYLED}
        if not self.rows:
            words = self._words if y == self.size.height // 3 else ""
            return Strip([Segment(words.center(width)[:width], self._styles["row"])])
        widths = fitted(self._columns, width)
        if y < HEAD:
            return head_strip(self._columns, widths, width, self._styles)
        at = self.scroll_offset.y + y - HEAD
        if at >= len(self.rows):
            return Strip.blank(width, self._styles["row"])
        if at not in self._strips:
            row, styles = self.rows[at], self._styles
            changed, at_cursor = row.key in self._changed, at == self.at and self.shows_cursor()
            self._strips[at] = row_strip(row, widths, width, styles, at_cursor=at_cursor, changed=changed)
        return self._strips[at]

    def _reveal(self) -> None:
        rows, top = self.size.height - HEAD, self.scroll_offset.y
        if not top <= self.at < top + rows and rows > 0:
            to = self.at if self.at < top else self.at - rows + 1
            self.scroll_to(y=to, animate=False, force=True)
        if self.has_focus and self.rows:
            self.app.cursor_position = self.region.offset + Offset(0, self.at - self.scroll_offset.y + HEAD)

    def _redraw(self, at: int) -> None:
        self._strips.pop(at, None)
        self.refresh(Region(0, at - self.scroll_offset.y + HEAD, self.size.width, 1))

    def _redraw_all(self) -> None:
        self._strips.clear()
        self.refresh()
