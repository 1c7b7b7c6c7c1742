"""A list to pick from while another widget has the focus: a mark shows the pick, colour repeats it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import RenderResult
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Offset, Size
from textual.message import Message
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Input


class Picks(Widget):
    """Lines with one of them picked; `at` is None while there is none. Shows the part around the pick."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"picks--at"}

    @dataclass
    class Picked(Message):
        """A line was double-clicked."""

        at: int

    def __init__(self, lines: Sequence[str] = (), *, empty: str = "") -> None:
        super().__init__()
        self._lines = list(lines)
        self._empty = empty
        self.at = 0 if lines else None

    def show(self, lines: Sequence[str], *, empty: str = "") -> None:
        """Replace the lines and pick the first."""
        tall = len(lines) != len(self._lines)
        self._lines, self._empty, self.at = list(lines), empty, 0 if lines else None
        self.refresh(layout=tall)

    def move(self, step: int) -> None:
        """Move the pick, around the ends."""
        if self.at is not None:
            self._pick((self.at + step) % len(self._lines))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        return max(1, len(self._lines))

    def render(self) -> RenderResult:
        if self.at is None:
            return Content(self._empty)
        first = self._first
        style = Style.from_styles(self.get_component_styles("picks--at"))
        shown = self._lines[first : first + self.size.height]
        return Content("\n").join(
            Content.styled(f"> {line}", style) if first + n == self.at else Content(f"  {line}")
            for n, line in enumerate(shown)
        )

    def on_click(self, event: Click) -> None:
        at = self._first + event.y
        if at < len(self._lines):
            self._pick(at)
            if event.chain > 1:
                self.post_message(self.Picked(at))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.move(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.move(-1)

    def on_resize(self, _: Resize) -> None:
        self._point()

    def _pick(self, at: int) -> None:
        self.at = at
        self.refresh()
        self._point()

    def _point(self) -> None:
        """Bring the terminal's cursor to the pick, unless a field has it."""
        if self.at is not None and self.screen.is_current and not isinstance(self.screen.focused, Input):
            self.app.cursor_position = self.region.offset + Offset(0, self.at - self._first)

    @property
    def _first(self) -> int:
        over = len(self._lines) - self.size.height
        return max(0, min(over, (self.at or 0) - self.size.height // 2))
