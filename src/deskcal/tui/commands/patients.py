"""Commands of the patients area, whose field has the focus."""

from deskcal.tui.command import Command, bindings
from deskcal.tui.commands.lists import PICK


class InPatients(Command):
    """A command of the patients area."""

    group = "Lists"


class ChooseForBooking(InPatients):
    """Choose for booking."""

    keys, action, display, footer = "enter", "answer", "Enter", True


class AddNewPatient(InPatients):
    """New patient."""

    keys, action, display, footer = "f9", "new_patient", "F9", True


class ToVisits(InPatients):
    """Visits."""

    keys, action, display, footer = "tab", "app.focus_next", "tab", True


PATIENTS = [*bindings(ChooseForBooking, AddNewPatient, ToVisits), *PICK]
