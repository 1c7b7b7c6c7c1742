"""Sending the terminal no more than what changed: a line of 32 kB a second carries 600 bytes in 20 ms."""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


class SparingCompositor(Compositor):
    """Textual's own sends a widget's whole line for one cell of it."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Draw what is dirty, and nothing beside it."""
        update = super().render_partial_update()
        return update and _Cells(update.chops, update.spans, update.chop_ends)


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
