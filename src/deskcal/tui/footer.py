"""The key line: what can be done now, at most eight entries, none cut off, help always last."""

from collections.abc import Iterable

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from deskcal.tui.command import GROUPS

MOST = 8
HELP = "app.help"


class Keys(Widget):
    """Shows the commands that the focus offers, in their order; draws itself anew when they change."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _: Screen[object]) -> None:
        self.refresh()

    def render(self) -> RenderResult:
        entries, last = key_line(usable(self.screen), self.size.width)
        line = Content("  ").join(_entry(key, words) for key, words in entries)
        gap = Content(" " * (self.size.width - line.cell_length - len(f"{last[0]} {last[1]}")))
        return Content.assemble(line, gap, _entry(*last))


def _entry(key: str, words: str) -> Content:
    return Content.assemble((key, "bold $accent"), " ", words)


def usable(screen: Screen[object]) -> list[Binding]:
    """List what a key would do now, once each; in a text field letters are only text."""
    focused, found = screen.focused, dict[str, Binding]()
    for active in screen.active_bindings.values():
        binding = active.binding
        character = binding.key if len(binding.key) == 1 else _CHARACTERS.get(binding.key)
        typed = focused is not None and focused.check_consume_key(binding.key, character)
        if active.enabled and not typed and is_offered(screen, binding):
            found.setdefault(binding.action, binding)
    return sorted(found.values(), key=_place)


def is_offered(screen: Screen[object], binding: Binding) -> bool:
    """Tell whether a command is shown. Those of a group that is idle here only say why they cannot."""
    idle: frozenset[str] = getattr(screen, "idle", frozenset())
    return binding.group is not None and binding.group.description not in idle


def _place(binding: Binding) -> tuple[bool, bool, int]:
    """Enter first, leaving last, and what is about the thing at hand before what works anywhere."""
    group = binding.group.description if binding.group else GROUPS[-1]
    return binding.key == "escape", binding.key != "enter", GROUPS.index(group)


def key_line(bindings: Iterable[Binding], width: int) -> tuple[list[tuple[str, str]], tuple[str, str]]:
    """Choose what fits into `width` columns: whole entries only, and the way to help."""
    bindings = list(bindings)
    by_letter = any(binding.action == HELP and binding.key == "question_mark" for binding in bindings)
    last = ("?" if by_letter else "F1", "help")
    room = width - len(f"{last[0]} {last[1]}") - 1
    entries: list[tuple[str, str]] = []
    for binding in bindings:
        entry = (binding.key_display or binding.key, _short(binding))
        needed = len(f"{entry[0]} {entry[1]}  ")
        if binding.show and needed <= room and len(entries) < MOST - 1:
            entries.append(entry)
            room -= needed
    return entries, last


def _short(binding: Binding) -> str:
    return binding.description[:1].lower() + binding.description[1:]


_CHARACTERS = {
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "less_than_sign": "<",
    "greater_than_sign": ">",
}
