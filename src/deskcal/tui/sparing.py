"""Sending the terminal no more than what changed: a line of 32 kB a second carries 600 bytes in 20 ms."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip


class SparingCompositor(Compositor):
    """Textual's draws all lines of a widget for one of them, and sends a whole line for one cell."""

    _dirty_lines: frozenset[int] = frozenset()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw what is dirty, and nothing beside it."""
        self._dirty_lines = frozenset(y for region in self._dirty_regions for y in region.line_range)
        update = super().render_partial_update()
        self._dirty_lines = frozenset()
        return update and _Cells(update.chops, update.spans, update.chop_ends)

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        if crop is None or not self._dirty_lines:
            yield from super()._get_renders(crop)
            return
        runs = [*_runs(self._dirty_lines)]
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            for first, last in runs:
                lines = Region(seen.x, first, seen.width, last - first + 1).intersection(seen)
                if lines and crop.overlaps(lines):
                    yield lines, lines, widget.render_lines(lines.translate(-region.offset))


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give first and last of each run of neighbours."""
    for _, run in groupby(enumerate(sorted(numbers)), lambda place: place[1] - place[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]


class _Cells(ChopsUpdate):
    def render_segments(self, console: Console) -> str:
        """Write the spans, each cut out of the pieces of its line."""
        written: list[str] = []
        for y, left, right in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                begin, until = max(x, left), min(end, right)
                if strip is not None and begin < until:
                    whole = (begin, until) == (x, end)
                    written.append(Control.move_to(begin, y).segment.text)
                    written.append((strip if whole else strip.crop(begin - x, until - x)).render(console))
        return "".join(written)
