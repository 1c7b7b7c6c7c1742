"""Commands for the appointment under the cursor."""

from deskcal.tui.command import Command, bindings


class OnAppointment(Command):
    """A command for one appointment."""

    group = "Appointment"


class BookAnother(OnAppointment):
    """Book another for this patient."""

    keys = "b"


class MoveAppointment(OnAppointment):
    """Move."""

    keys, footer = "r", True


class CancelAppointment(OnAppointment):
    """Cancel."""

    keys, footer = "c", True


class SameTimeTomorrow(OnAppointment):
    """Same time tomorrow."""

    keys = "T"


class Arrived(OnAppointment):
    """Arrived."""

    keys, action, footer = "a", "become('checked_in')", True


class InRoom(OnAppointment):
    """In room."""

    keys, action = "s", "become('in_progress')"


class Out(OnAppointment):
    """Out."""

    keys, action = "o", "become('completed')"


class NoShow(OnAppointment):
    """No-show."""

    keys = "N"


APPOINTMENT = bindings(
    Arrived,
    MoveAppointment,
    CancelAppointment,
    BookAnother,
    SameTimeTomorrow,
    InRoom,
    Out,
    NoShow,
)


class CloseAppointment(OnAppointment):
    """Back."""

    keys, action, footer = "q,escape", "close", True


class WholeRecord(OnAppointment):
    """Full audit."""

    keys, footer = "i", True


class SaveCalendarFile(OnAppointment):
    """Save as .ics."""

    keys, display = "full_stop", "."


class NextPane(OnAppointment):
    """Next pane."""

    keys, action, display, footer = "tab", "pane", "tab", True


DETAIL = bindings(NextPane, WholeRecord, SaveCalendarFile, CloseAppointment)
