"""Commands of day, week and month."""

from deskcal.tui.command import Command, bindings


class InCalendar(Command):
    """A command of day, week and month."""

    group = "Calendar"


class Open(InCalendar):
    """Hold or open."""

    keys, display, footer = "enter", "Enter", True


class Left(InCalendar):
    """Move left."""

    keys, action, display = "left,h", "move(-1,0)", "left h"


class Right(InCalendar):
    """Move right."""

    keys, action, display = "right,l", "move(1,0)", "right l"


class Up(InCalendar):
    """Move up."""

    keys, action, display = "up,k", "move(0,-1)", "up k"


class Down(InCalendar):
    """Move down."""

    keys, action, display = "down,j", "move(0,1)", "down j"


class First(InCalendar):
    """First."""

    keys, action, display = "home", "edge(0)", "Home"


class Last(InCalendar):
    """Last."""

    keys, action, display = "end", "edge(1)", "End"


class ScreenUp(InCalendar):
    """A screen or period up."""

    keys, action, display = "pageup", "screenful(-1)", "PgUp"


class ScreenDown(InCalendar):
    """A screen or period down."""

    keys, action, display = "pagedown", "screenful(1)", "PgDn"


class PreviousProviders(InCalendar):
    """Previous providers."""

    keys, action, display = "less_than_sign", "page(-1)", "<"


class MoreProviders(InCalendar):
    """More providers."""

    keys, action, display = "greater_than_sign", "page(1)", ">"


class PreviousPeriod(InCalendar):
    """Previous day, week or month."""

    keys, action, display = "left_square_bracket", "period(-1)", "["


class NextPeriod(InCalendar):
    """Next day, week or month."""

    keys, action, display = "right_square_bracket", "period(1)", "]"


class LeapBack(InCalendar):
    """Four weeks back, in the month a year."""

    keys, action, display = "left_curly_bracket", "leap(-1)", "{"


class LeapOn(InCalendar):
    """Four weeks on, in the month a year."""

    keys, action, display = "right_curly_bracket", "leap(1)", "}"


class Today(InCalendar):
    """Today."""

    keys = "t"


class ShowDay(InCalendar):
    """Day."""

    keys, action = "d", "view('day')"


class ShowWeek(InCalendar):
    """Week."""

    keys, action, footer = "w", "view('week')", True


class ShowMonth(InCalendar):
    """Month."""

    keys, action, footer = "m", "view('month')", True


class Zoom(InCalendar):
    """Zoom 15, 30, 60."""

    keys = "z"


class Mine(InCalendar):
    """My appointments only."""

    keys = "M"


CURSOR = bindings(Left, Right, Up, Down, First, Last, ScreenUp, ScreenDown, PreviousProviders, MoreProviders)
CALENDAR = bindings(
    Open,
    PreviousPeriod,
    NextPeriod,
    LeapBack,
    LeapOn,
    Today,
    ShowDay,
    ShowWeek,
    ShowMonth,
    Zoom,
    Mine,
)
