"""Commands while a slot is held."""

from deskcal.tui.command import Command, bindings


class WhileHolding(Command):
    """A command of the hold panel."""

    group = "Holding"


class Confirm(WhileHolding):
    """Confirm."""

    keys, action, display, footer = "enter", "screen.confirm", "Enter", True


class Renew(WhileHolding):
    """More time."""

    keys, action, display, footer = "ctrl+r,r", "screen.renew", "ctrl+r", True


class SaveDraft(WhileHolding):
    """Save draft."""

    keys, action, display, footer = "ctrl+s", "screen.save_draft", "ctrl+s", True


class NewPatient(WhileHolding):
    """New patient."""

    keys, action, display, footer = "f9", "screen.new_patient", "F9", True


class Release(WhileHolding):
    """Release."""

    keys, action, display, footer = "escape", "screen.release", "esc", True


PANEL = bindings(Confirm, Renew, SaveDraft, NewPatient, Release)
