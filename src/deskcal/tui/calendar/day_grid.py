"""The day grid: one widget that draws lanes, header and time gutter line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.events import Click, Focus, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip

from deskcal.tui.calendar.cells import Cell, State
from deskcal.tui.calendar.day import DayModel
from deskcal.tui.calendar.rows import Row
from deskcal.tui.calendar.strips import STYLED, Frame, Styles, frame_of, head_strip, row_strip
from deskcal.tui.commands.calendar import CURSOR
from deskcal.tui.drawn import Drawn
from deskcal.tui.marks import Marks
from deskcal.tui.mouse import RIGHT
from deskcal.wire.calendar import Lane

HEAD = 1
COUNTING = frozenset({State.MINE, State.HELD})


class DayGrid(Drawn):
    """Lanes by rows, with a cursor. It draws what `show` is given and asks for nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [*CURSOR]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"day-grid--{name}" for name in STYLED}

    @dataclass
    class Moved(Message):
        """The cursor stands on another cell, the cell under it changed, or other lanes are in view."""

    @dataclass
    class Opened(Message):
        """A cell was double-clicked."""

    def __init__(self, marks: Marks, *, id: str | None = None) -> None:  # noqa: A002  Textual's own name
        super().__init__(id=id)
        self._marks = marks
        self.model: DayModel | None = None
        self.words = ""
        self.row = self.lane = 0
        self._first = 0
        self._now = datetime.min.replace(tzinfo=UTC)
        self._private = False
        self._strips: dict[int, Strip] = {}
        self._drawn_in = Size()
        self._framed: tuple[tuple[DayModel, int, int, int, int], Frame] | None = None
        self._styles: Styles = {}

    @property
    def cell(self) -> Cell | None:
        """The cell under the cursor."""
        if self.model is None or not self.model.rows or not self.model.lanes:
            return None
        return self.model.columns[self.lane][self.row]

    @property
    def cursor_lane(self) -> Lane | None:
        return self.model.lanes[self.lane] if self.model and self.model.lanes else None

    @property
    def frame(self) -> Frame | None:
        """Which lanes are in view."""
        if self.model is None or not self.is_attached:
            return None
        of = self.model, self.room.width, self.screen.size.width, self.lane, self._first
        if self._framed is None or any(one is not was for one, was in zip(of, self._framed[0], strict=True)):
            model, width, wide, lane, first = of
            self._framed = of, frame_of(model, width=width, screen_width=wide, cursor=lane, first=first)
        return self._framed[1]

    @property
    def cursor_row(self) -> Row | None:
        return self.model.rows[self.row] if self.model and self.model.rows else None

    @property
    def lanes_words(self) -> str:
        """Which providers are in view: `12 providers`, or `providers 1-6 of 12 (< >)`."""
        frame = self.frame
        if frame is None or self.model is None:
            return ""
        total = len(self.model.lanes)
        if frame.count >= total:
            return f"{total} provider{'' if total == 1 else 's'}"
        return f"providers {frame.first + 1}-{frame.first + frame.count} of {total} (< >)"

    def clear(self, words: str) -> None:
        """Show a sentence in place of rows, until there is a day to show."""
        self.words = words
        if self.model and self.model.rows:
            self.model = None
        self._redraw_all()

    def show(self, model: DayModel, now: datetime) -> None:
        """Draw a model; where only cells differ from the one before, only those are drawn again."""
        old, self.model, self._now = self.model, model, now
        if old is not None and old.rows == model.rows and _ids(old) == _ids(model):
            if old.late != model.late:
                self.refresh(Region(0, 0, self.size.width, HEAD))
            for lane, (before, after) in enumerate(zip(old.columns, model.columns, strict=True)):
                if before is not after:
                    self._redraw_changed(lane, before, after)
        else:
            self._keep_cursor(old, model)
            self.virtual_size = Size(self.size.width, len(model.rows) + HEAD)
            self._redraw_all()
            self._reveal()
        self.post_message(self.Moved())

    def tick(self, now: datetime) -> None:
        """Let time pass: countdowns, and the mark of the present row."""
        before, self._now = self._now, now
        if self.model is None:
            return
        passed = {self.model.row_at(before), self.model.row_at(now)}
        if len(passed) > 1:
            for row in passed - {None}:
                self._redraw_row(row or 0)
        for lane, column in enumerate(self.model.columns):
            for row, cell in enumerate(column):
                if cell.state in COUNTING and not cell.goes_on:
                    self._redraw(lane, row)

    def hide_names(self, *, private: bool) -> None:
        self._private = private
        self._redraw_all()

    def go_to(self, lane: int, row: int) -> None:
        """Move the cursor, clamped to the day, and bring it into view."""
        if self.model is None or not self.model.rows:
            return
        before = self.lane, self.row
        self.lane = max(0, min(lane, len(self.model.lanes) - 1))
        self.row = max(0, min(row, len(self.model.rows) - 1))
        self._reveal()
        for place in (before, (self.lane, self.row)):
            self._redraw(*place)
            if self.lane != before[0]:
                self._redraw_head(place[0])
        self.post_message(self.Moved())

    def action_move(self, lanes: int, rows: int) -> None:
        self.go_to(self.lane + lanes, self.row + rows)

    def action_screenful(self, way: int) -> None:
        self.go_to(self.lane, self.row + way * max(1, self.size.height - HEAD - 1))

    def action_edge(self, last: int) -> None:
        self.go_to(self.lane, len(self.model.rows) - 1 if last and self.model else 0)

    def action_page(self, way: int) -> None:
        """Turn to the next block of providers."""
        if frame := self.frame:
            lanes = len(self.model.lanes) if self.model else 0
            self._first = max(0, min(self._first + way * frame.count, lanes - frame.count))
            self.go_to(self.lane + way * frame.count, self.row)

    def on_focus(self, _: Focus) -> None:
        self._reveal()

    def on_resize(self, _: Resize) -> None:
        self.virtual_size = Size(self.size.width, (len(self.model.rows) if self.model else 0) + HEAD)
        if self._drawn_in != self.size:
            self._redraw_all()
        self._reveal()
        self.post_message(self.Moved())

    def on_click(self, event: Click) -> None:
        if (frame := self.frame) and event.y >= HEAD and event.x >= frame.gutter:
            lane = frame.first + (event.x - frame.gutter) // frame.lane_width
            self.go_to(lane, self.scroll_offset.y + event.y - HEAD)
            if event.button == RIGHT:
                self.app.action_command_palette()
            elif event.chain > 1:
                self.post_message(self.Opened())

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles = {}
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        frame, model = self.frame, self.model
        if not self._styles:
            self._styles = {
                name: self.get_component_rich_style(f"day-grid--{name}", partial=name == "gap")
                for name in STYLED
            }
        if model is None or frame is None or not model.rows:
            words = self.words if y == self.size.height // 3 else ""
            return Strip.blank(self.size.width, self._styles["gap"]) if not words else self._said(words)
        if y < HEAD:
            return head_strip(model, frame, self._styles, self.lane)
        row = self.scroll_offset.y + y - HEAD
        if row >= len(model.rows):
            return Strip.blank(self.size.width, self._styles["gap"])
        if row not in self._strips:
            self._strips[row] = row_strip(
                model,
                row,
                frame,
                self._styles,
                now=self._now,
                cursor=self.lane if row == self.row else None,
                private=self._private,
                marks=self._marks,
            )
        return self._strips[row]

    def _said(self, words: str) -> Strip:
        return Strip([Segment(words.center(self.size.width)[: self.size.width], self._styles["gap"])])

    def _keep_cursor(self, old: DayModel | None, new: DayModel) -> None:
        if old is None or not old.rows or not old.lanes:
            self.row = new.row_at(self._now) or 0
        else:
            here = old.rows[self.row]
            at = new.row_at(here.start)
            later = (n for n, row in enumerate(new.rows) if row.label >= here.label)
            self.row = next(later, len(new.rows) - 1) if at is None else at
            provider = old.lanes[self.lane].provider.id
            self.lane = new.lane_of(provider) or 0
        self.row, self.lane = max(0, self.row), max(0, min(self.lane, len(new.lanes) - 1))

    def _reveal(self) -> None:
        frame = self.frame
        if frame is None:
            return
        if frame.first != self._first:
            self._first = frame.first
            self._redraw_all()
        rows, top = self.size.height - HEAD, self.scroll_offset.y
        if not top <= self.row < top + rows and rows > 0:
            to = self.row if self.row < top else self.row - rows + 1
            self.scroll_to(y=to, animate=False, force=True)
        if self.has_focus:
            x, y = frame.left_of(self.lane), self.row - self.scroll_offset.y + HEAD
            self.app.cursor_position = self.region.offset + Offset(x, y)

    def _redraw_changed(self, lane: int, before: Sequence[Cell], after: Sequence[Cell]) -> None:
        for row, (was, is_) in enumerate(zip(before, after, strict=True)):
            if was != is_:
                self._redraw(lane, row)

    def _redraw(self, lane: int, row: int) -> None:
        """Draw a cell again, with the brackets of the cursor around it."""
        self._strips.pop(row, None)
        frame = self.frame
        if frame and lane in frame.lanes:
            y = row - self.scroll_offset.y + HEAD
            self.refresh(Region(frame.left_of(lane) - 1, y, frame.lane_width + 1, 1))

    def _redraw_head(self, lane: int) -> None:
        frame = self.frame
        if frame and lane in frame.lanes:
            self.refresh(Region(frame.left_of(lane), 0, frame.lane_width, HEAD))

    def _redraw_row(self, row: int) -> None:
        self._strips.pop(row, None)
        self.refresh(Region(0, row - self.scroll_offset.y + HEAD, self.size.width, 1))

    def _redraw_all(self) -> None:
        self._drawn_in = self.size
        self._strips.clear()
        self.refresh()


def _ids(model: DayModel) -> list[object]:
    return [lane.provider.id for lane in model.lanes]
