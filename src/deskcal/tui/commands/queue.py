"""Commands of the queue."""

from deskcal.tui.command import Command, bindings


class InQueue(Command):
    """A command for a draft, or for what waits for the server."""

    group = "Lists"


class OpenEntry(InQueue):
    """Open."""

    keys, action, display, footer = "enter", "open", "Enter", True


class EditEntry(InQueue):
    """Edit."""

    keys, action, footer = "e", "edit", True


class DiscardEntry(InQueue):
    """Discard."""

    keys, action, display, footer = "delete", "discard", "del", True


class PrintQueue(InQueue):
    """Print to work on paper."""

    keys, action, footer = "p", "print_queue", True


QUEUE = bindings(OpenEntry, EditEntry, DiscardEntry, PrintQueue)
