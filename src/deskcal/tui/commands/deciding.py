"""Commands of the dialogs that cancel, and that say who did not come."""

from deskcal.tui.command import Command, bindings


class WhenDeciding(Command):
    """A command of such a dialog."""

    group = "Lists"


class TakeAnswer(WhenDeciding):
    """Take."""

    keys, display, footer = "enter", "Enter", True


class OtherAnswer(WhenDeciding):
    """Other answer."""

    keys, display = "left,right", "left right"


class NextInDialog(WhenDeciding):
    """Next."""

    keys, action, display, footer = "tab,down", "app.focus_next", "tab", True


class PreviousInDialog(WhenDeciding):
    """Before."""

    keys, action = "up", "app.focus_previous"


class SayYes(WhenDeciding):
    """Yes."""

    keys, footer = "y", True


class KeepIt(WhenDeciding):
    """No, keep it."""

    keys, display, footer = "n", "n", True


class WaiveFee(WhenDeciding):
    """Waive the fee."""

    keys, footer = "w", True


class PatientMissed(WhenDeciding):
    """The patient did not come."""

    keys = "p"


class ProviderMissed(WhenDeciding):
    """The doctor was not there."""

    keys = "d"


class GiveItsTime(WhenDeciding):
    """Give its time to others."""

    keys = "g"


def _reason(number: int) -> type[Command]:
    """Make the command that gives one of the numbered reasons."""
    facts = {
        "__doc__": "Reason.",
        "keys": str(number),
        "action": f"reason({number})",
        "display": "1..4",
        "footer": number == 1,
    }
    return type(f"Reason{number}", (WhenDeciding,), facts)


REASONS = tuple(map(_reason, range(1, 5)))
DECIDE = bindings(TakeAnswer, OtherAnswer, NextInDialog, PreviousInDialog, SayYes, KeepIt)
CANCELING = bindings(*REASONS, WaiveFee)
MISSED = bindings(PatientMissed, ProviderMissed, GiveItsTime)
