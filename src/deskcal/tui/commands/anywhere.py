"""Commands that work in every area."""

from deskcal.tui.command import Command, bindings


class Anywhere(Command):
    """A command of every area."""

    group = "Anywhere"


class Help(Anywhere):
    """Help."""

    keys, action, display = "question_mark,f1", "app.help", "?"


class HelpWhileTyping(Anywhere):
    """Help."""

    keys, action, display = "f1", "app.help", "F1"


class AnyCommand(Anywhere):
    """Any command."""

    keys, action, display = "ctrl+p", "app.command_palette", "ctrl+p"


class Back(Anywhere):
    """Back, or quit."""

    keys, action = "q", "app.back"


class LeaveDesk(Anywhere):
    """Quit."""

    keys, action, display, always = "ctrl+q", "app.leave_desk", "ctrl+q", True


class BookByWords(Anywhere):
    """Book by words."""

    keys, display = "colon", ":"


class FindPatient(Anywhere):
    """Find patient."""

    keys, display, footer = "slash", "/", True


class GoToDate(Anywhere):
    """Go to date."""

    keys, footer = "g", True


class NextAvailable(Anywhere):
    """Next available."""

    keys, footer = "n", True


class Filter(Anywhere):
    """Filter."""

    keys, footer = "f", True


class ClearFilters(Anywhere):
    """Clear filters and patient."""

    keys = "F"


class GoToTodayBoard(Anywhere):
    """Today board."""

    keys, action, display = "f2", "app.area('today')", "F2"


class GoToDay(Anywhere):
    """Day."""

    keys, action, display = "f3", "app.area('day')", "F3"


class GoToWeek(Anywhere):
    """Week."""

    keys, action, display = "f4", "app.area('week')", "F4"


class GoToMonth(Anywhere):
    """Month."""

    keys, action, display = "f5", "app.area('month')", "F5"


class GoToAppointments(Anywhere):
    """Appointments."""

    keys, action, display = "f6", "app.area('appointments')", "F6"


class GoToPatients(Anywhere):
    """Patients."""

    keys, action, display = "f7", "app.area('patients')", "F7"


class GoToQueue(Anywhere):
    """Queue."""

    keys, action, display = "f8", "app.area('queue')", "F8"


class Waitlist(Anywhere):
    """Waitlist."""

    keys = "W"


class WalkIn(Anywhere):
    """Add walk-in."""

    keys, display = "plus", "+"


class RunningLate(Anywhere):
    """Note that a doctor runs late."""

    keys = "L"


class Copy(Anywhere):
    """Copy read-back."""

    keys = "y"


class Undo(Anywhere):
    """Undo the last status change."""

    keys = "u"


class Privacy(Anywhere):
    """Hide or show names."""

    keys, action, display = "ctrl+l", "app.privacy", "ctrl+l"


class PrintDay(Anywhere):
    """Save the day list."""

    keys = "p"


class Reload(Anywhere):
    """Reload, or try to connect now."""

    keys = "R"


class Messages(Anywhere):
    """Messages of this shift."""

    action = "app.messages"


class Theme(Anywhere):
    """Theme: dark, light, high contrast, no colour."""

    action = "app.change_theme"


APP = bindings(
    Help,
    AnyCommand,
    Back,
    LeaveDesk,
    GoToTodayBoard,
    GoToDay,
    GoToWeek,
    GoToMonth,
    GoToAppointments,
    GoToPatients,
    GoToQueue,
    Privacy,
)
AREA = bindings(
    NextAvailable,
    FindPatient,
    GoToDate,
    Filter,
    ClearFilters,
    BookByWords,
    Waitlist,
    WalkIn,
    RunningLate,
    Copy,
    Undo,
    PrintDay,
    Reload,
)
