"""What all widgets have in common that draw their lines themselves."""

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget


class Drawn(ScrollView, can_focus=True):
    """Its strips are whole lines in their final colours, and a cursor shows where the focus is."""

    @property
    def room(self) -> Size:
        """Its size; before it is laid out, and while it is hidden, that of what it fills."""
        return self.size or (self.parent.size if isinstance(self.parent, Widget) else self.size)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Textual would style the widget anew, and have every line drawn, though none looks different."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Give the lines as they are; with a border around them Textual has to dress each."""
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = [self.render_line(y) for y in crop.line_range]
        for look in self.app.get_line_filters():
            strips = [strip.apply_filter(look, self.background_colors[1]) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips
