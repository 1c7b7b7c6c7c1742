"""The anchor: what Textual itself needs for a header, one text and a footer. Run by the desk's benchmark."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer, Header, Static


class Bare(App[None]):
    """Its one key counts up."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "count", "count")]
    count = 0

    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("count 0")
        yield Footer()

    def action_count(self) -> None:
        self.count += 1
        self.query_one(Static).update(f"count {self.count}", layout=False)


if __name__ == "__main__":
    Bare().run()
