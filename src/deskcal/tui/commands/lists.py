"""Commands of dialogs and lists."""

from deskcal.tui.command import Command, bindings
from deskcal.tui.commands.anywhere import HelpWhileTyping


class InLists(Command):
    """A command of dialogs and lists."""

    group = "Lists"


class PickAbove(InLists):
    """Up."""

    keys, action, display = "up", "highlight(-1)", "up"


class PickBelow(InLists):
    """Pick."""

    keys, action, display, footer = "down", "highlight(1)", "up/down", True


class RunIt(InLists):
    """Run it."""

    keys, action, display, footer = "enter", "run", "Enter", True


class Close(InLists):
    """Close."""

    keys, action, display, footer = "escape", "leave", "esc", True


class GoOn(InLists):
    """Go on."""

    keys, action, display, footer = "enter", "answer", "Enter", True


class Save(InLists):
    """Save."""

    keys, action, display, footer = "enter", "save", "Enter", True


class FieldAbove(InLists):
    """Field above."""

    keys, action = "up", "app.focus_previous"


class FieldBelow(InLists):
    """Next field."""

    keys, action, display, footer = "down", "app.focus_next", "tab", True


class Agree(InLists):
    """Yes."""

    keys, display, footer = "enter,y", "Enter", True


class Disagree(InLists):
    """No."""

    keys, footer = "n", True


class CopyMessage(InLists):
    """Copy it."""

    keys, footer = "c", True


class TakeHighlighted(InLists):
    """Take."""

    keys, display, footer = "enter", "Enter", True


def _numbered(number: int) -> type[Command]:
    """Make the command that takes one of a numbered list."""
    facts = {
        "__doc__": "Take that one.",
        "keys": str(number),
        "action": f"take({number})",
        "display": "1..9",
        "footer": number == 1,
    }
    return type(f"Take{number}", (InLists,), facts)


TAKING = tuple(map(_numbered, range(1, 10)))
PICK = bindings(PickAbove, PickBelow)
RUN = bindings(RunIt)
DIALOG = bindings(Close, HelpWhileTyping)
ANSWER = bindings(GoOn)
FORM = bindings(Save, FieldAbove, FieldBelow)
QUESTION = bindings(Agree, Disagree)
MESSAGES = bindings(CopyMessage)
CHOICES = bindings(TakeHighlighted, *TAKING)
