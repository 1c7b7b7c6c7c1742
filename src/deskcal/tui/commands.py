"""Every command of the desk, once: key, words, action. Footer, help and palette read this table."""

import re

from textual.binding import Binding

GROUPS = ("Holding", "Lists", "Calendar", "Anywhere")
_HERE = {group: Binding.Group(group) for group in GROUPS}


def _command(
    group: str,
    keys: str,
    action: str,
    words: str,
    *,
    display: str | None = None,
    footer: bool = False,
    always: bool = False,
) -> Binding:
    words_of_action = action.rpartition(".")[2].replace("-", "minus_")
    identity = f"{group.lower()}-{'-'.join(re.findall(r'[a-z0-9]+', words_of_action))}"
    return Binding(
        keys,
        action,
        words,
        id=identity,
        show=footer,
        key_display=display,
        priority=always,
        group=_HERE[group],
    )


CURSOR = (
    _command("Calendar", "left,h", "move(-1,0)", "Move left", display="left h"),
    _command("Calendar", "right,l", "move(1,0)", "Move right", display="right l"),
    _command("Calendar", "up,k", "move(0,-1)", "Move up", display="up k"),
    _command("Calendar", "down,j", "move(0,1)", "Move down", display="down j"),
    _command("Calendar", "home", "edge(0)", "First time of the day", display="Home"),
    _command("Calendar", "end", "edge(1)", "Last time of the day", display="End"),
    _command("Calendar", "pageup", "screenful(-1)", "A screen up", display="PgUp"),
    _command("Calendar", "pagedown", "screenful(1)", "A screen down", display="PgDn"),
    _command("Calendar", "less_than_sign", "page(-1)", "Previous providers", display="<"),
    _command("Calendar", "greater_than_sign", "page(1)", "More providers", display=">"),
)

DAY = (
    _command("Calendar", "enter", "open", "Hold or open", display="Enter", footer=True),
    _command("Calendar", "n", "next_available", "Next available", footer=True),
    _command("Calendar", "f", "filter", "Filter", footer=True),
    _command("Calendar", "g", "go_to_date", "Go to date", footer=True),
    _command("Anywhere", "slash", "find_patient", "Find patient", display="/", footer=True),
    _command("Anywhere", "f7", "find_patient", "Find patient", display="F7"),
    _command("Calendar", "left_square_bracket", "period(-1)", "Previous day", display="["),
    _command("Calendar", "right_square_bracket", "period(1)", "Next day", display="]"),
    _command("Calendar", "t", "today", "Today", footer=True),
    _command("Calendar", "z", "zoom", "Zoom 15, 30, 60", footer=True),
    _command("Calendar", "F", "clear_filters", "Clear filters and patient"),
    _command("Anywhere", "y", "copy", "Copy read-back"),
    _command("Anywhere", "R", "reload", "Reload, or try to connect now"),
    _command("Anywhere", "ctrl+l", "privacy", "Hide or show names", display="ctrl+l"),
)

PANEL = (
    _command("Holding", "enter", "screen.confirm", "Confirm", display="Enter", footer=True),
    _command("Holding", "ctrl+r,r", "screen.renew", "More time", display="ctrl+r", footer=True),
    _command("Holding", "f9", "screen.new_patient", "New patient", display="F9", footer=True),
    _command("Holding", "escape", "screen.release", "Release", display="esc", footer=True),
)

PICK = (
    _command("Lists", "up", "highlight(-1)", "Up", display="up"),
    _command("Lists", "down", "highlight(1)", "Pick", display="up/down", footer=True),
)

RUN = (_command("Lists", "enter", "run", "Run it", display="Enter", footer=True),)

DIALOG = (
    _command("Lists", "escape", "leave", "Close", display="esc", footer=True),
    _command("Anywhere", "f1", "app.help", "Help", display="F1"),
)

ANSWER = (_command("Lists", "enter", "answer", "Go on", display="Enter", footer=True),)

FORM = (
    _command("Lists", "enter", "save", "Save", display="Enter", footer=True),
    _command("Lists", "up", "app.focus_previous", "Field above"),
    _command("Lists", "down", "app.focus_next", "Next field", display="tab", footer=True),
)

QUESTION = (_command("Lists", "enter", "agree", "Yes", display="Enter", footer=True),)

CHOICES = (
    _command("Lists", "enter", "take_highlighted", "Take", display="Enter", footer=True),
    *(
        _command("Lists", str(n), f"take({n})", "Take that one", display="1..9", footer=n == 1)
        for n in range(1, 10)
    ),
)

EVERYWHERE = (
    _command("Anywhere", "question_mark,f1", "help", "Help", display="?"),
    _command("Anywhere", "ctrl+p", "command_palette", "Any command", display="ctrl+p"),
    _command("Anywhere", "q", "back", "Back, or quit"),
    _command("Anywhere", "ctrl+q", "leave_desk", "Quit", display="ctrl+q", always=True),
)
