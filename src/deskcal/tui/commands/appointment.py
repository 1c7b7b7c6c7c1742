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


class RunningLate(OnAppointment):
    """Note running late."""

    keys = "L"


APPOINTMENT = bindings(
    Arrived,
    MoveAppointment,
    CancelAppointment,
    BookAnother,
    SameTimeTomorrow,
    InRoom,
    Out,
    NoShow,
    RunningLate,
)
