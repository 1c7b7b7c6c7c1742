"""An app in one of the desk's themes, with the keys that somebody chose."""

import os
from collections.abc import Sequence

from textual.filter import LineFilter, NoColor

from deskcal.tui.guard import TypeAhead
from deskcal.tui.look import Look
from deskcal.tui.memory.memory import Memory
from deskcal.tui.themes import DARK, DARK_NAME, MONO_NAME, THEMES, variables

CHOSEN = "theme"


class Dressed(TypeAhead[None]):
    """NO_COLOR opens without colours; another theme can be chosen afterwards, and is remembered."""

    def __init__(self) -> None:
        # Textual would show greys; our theme says by bold, reverse and underline what matters.
        self._colourless = bool(os.environ.pop("NO_COLOR", ""))
        self._memory: Memory | None = None
        self._opened_in = ""
        super().__init__()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables(DARK)

    def wear(self, look: Look, memory: Memory) -> None:
        """Offer our themes alone, as others do not know the marks, and take the one that is wanted."""
        for theme in THEMES:
            self.register_theme(theme)
        wanted = MONO_NAME if self._colourless else look.theme or memory.setting(CHOSEN)
        ours = {theme.name for theme in THEMES}
        self.theme = wanted if wanted in ours else DARK_NAME
        for name in self.available_themes.keys() - ours:
            self.unregister_theme(name)
        self._memory, self._opened_in = memory, self.theme

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let no colour through where there should be none: the palette has some of its own."""
        filters = super().get_line_filters()
        return [*filters, NoColor()] if self.theme == MONO_NAME else filters

    def watch_theme(self, theme: str) -> None:
        """Remember what somebody chose, not what the desk opened in."""
        if self._memory and theme != self._opened_in:
            self._opened_in = ""
            self._memory.set(CHOSEN, theme)

    def take_keys(self, look: Look) -> list[str]:
        """Take the keys that were chosen; gives what is wrong with the look, in words."""
        if not look.keys:
            return [*look.problems]
        from deskcal.tui.keymap import checked, keyless

        keymap, problems = checked(look.keys)
        self.set_keymap(keymap)
        for keys, command in keyless(keymap):
            self.bind(keys, command.action, description=command.words(), show=False)
        return [*look.problems, *problems]
