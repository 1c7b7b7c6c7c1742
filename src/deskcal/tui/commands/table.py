"""Commands of lists with columns, and of the areas that show them."""

from deskcal.tui.command import Command, bindings


class InTable(Command):
    """A command of a list with columns."""

    group = "Lists"


class OpenRow(InTable):
    """Open."""

    keys, action, display, footer = "enter", "open", "Enter", True


class RowAbove(InTable):
    """Row above."""

    keys, action, display = "up,k", "step(-1)", "up k"


class RowBelow(InTable):
    """Row below."""

    keys, action, display = "down,j", "step(1)", "down j"


class FirstRow(InTable):
    """First row."""

    keys, action, display = "home", "edge(0)", "Home"


class LastRow(InTable):
    """Last row."""

    keys, action, display = "end", "edge(1)", "End"


class RowsUp(InTable):
    """A screen up."""

    keys, action, display = "pageup", "screenful(-1)", "PgUp"


class RowsDown(InTable):
    """A screen down."""

    keys, action, display = "pagedown", "screenful(1)", "PgDn"


class Sort(InTable):
    """Sort by the next column."""

    keys = "S"


class NextTab(InTable):
    """Next list."""

    keys, action, display, footer = "tab,right,l", "tab(1)", "tab", True


class PreviousTab(InTable):
    """Previous list."""

    keys, action, display = "left,h", "tab(-1)", "left"


ROWS = bindings(RowAbove, RowBelow, FirstRow, LastRow, RowsUp, RowsDown)
TABS = bindings(OpenRow, NextTab, PreviousTab, Sort)


class KeepFilter(InTable):
    """Back to the list."""

    keys, display, footer = "enter,down", "Enter", True


class DropFilter(InTable):
    """Show all again."""

    keys, display, footer = "escape", "esc", True


FILTERING = bindings(KeepFilter, DropFilter)


class Discard(InTable):
    """Throw away."""

    keys, display, footer = "delete", "del", True


DRAFTS = bindings(Discard)
