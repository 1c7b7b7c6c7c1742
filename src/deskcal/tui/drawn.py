"""What all widgets have in common that draw their lines themselves."""

from textual.scroll_view import ScrollView


class Drawn(ScrollView, can_focus=True):
    """The cursor shows where the focus is, so no style of it depends on that, and none is computed anew."""

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Textual would style the widget and all its parts again, and have every line drawn anew."""
