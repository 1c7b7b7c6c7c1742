"""What a command of the desk is: one class, from which footer, help, palette and README are made."""

import re
from typing import ClassVar

from textual.binding import Binding, BindingType

GROUPS = ("Holding", "Lists", "Appointment", "Calendar", "Anywhere")
_HERE = {group: Binding.Group(group) for group in GROUPS}


class Command:
    """Something a person can do. Its docstring is its words, and its name in snake case the action.

    `keys` may be several, with commas; a command without keys stands in the palette only. `display` is how
    help writes the keys. `footer` shows it below, `always` lets it act while text is typed. `action` is given
    where the name would not do: with arguments, or for another widget than the one that has the key.
    """

    keys: ClassVar[str] = ""
    group: ClassVar[str]
    display: ClassVar[str | None] = None
    action: ClassVar[str] = ""
    footer: ClassVar[bool] = False
    always: ClassVar[bool] = False

    @classmethod
    def words(cls) -> str:
        return (cls.__doc__ or "").rstrip(".")

    @classmethod
    def name(cls) -> str:
        """Give its name in snake case."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def id(cls) -> str:
        """Give what a keymap calls it."""
        return cls.name().replace("_", "-")

    @classmethod
    def binding(cls) -> Binding:
        return Binding(
            cls.keys,
            cls.action or cls.name(),
            cls.words(),
            id=cls.id(),
            show=cls.footer,
            key_display=cls.display,
            priority=cls.always,
            group=_HERE[cls.group],
        )


def bindings(*commands: type[Command]) -> list[BindingType]:
    """Bind commands, in the order of the footer."""
    return [command.binding() for command in commands if command.keys]
