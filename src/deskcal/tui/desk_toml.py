"""`desk.toml` in the data folder: what the desks of a machine are called, their look and their keys."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

NAME = "desk.toml"
THEME_NAMES = ("deskcal-dark", "deskcal-light", "deskcal-contrast", "deskcal-mono", "ansi")
MARK_NAMES = ("ascii", "unicode")
MarkName = Literal["ascii", "unicode"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskToml:
    """What it says; None where it says nothing. `problems` are what it says wrong, and what would do."""

    name: str | None = None
    theme: str | None = None
    marks: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def read_desk_toml(folder: Path) -> DeskToml:
    """Read it, as far as it can be followed; a desk opens with a broken one, too."""
    try:
        told = tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return DeskToml()
    except (OSError, ValueError) as error:
        return DeskToml(problems=(f"{NAME} cannot be read: {error}",))
    problems: list[str] = []
    keys = told.pop("keys", {})
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        problems.append(f'{NAME}: [keys] wants lines such as arrived = "a"')
        keys = {}
    said = {
        name: _one_of(name, told.pop(name, None), allowed, problems)
        for name, allowed in (("name", ()), ("theme", THEME_NAMES), ("marks", MARK_NAMES))
    }
    problems += [f'{NAME}: there is no "{other}"; it may set name, theme, marks and [keys]' for other in told]
    return DeskToml(**said, keys=keys, problems=tuple(problems))


def _one_of(name: str, value: object, allowed: tuple[str, ...], problems: list[str]) -> str | None:
    if value is None or (isinstance(value, str) and value and (value in allowed or not allowed)):
        return value
    wants = f"one of {', '.join(allowed)}" if allowed else 'a text such as "Desk 2"'
    problems.append(f"{NAME}: {name} wants {wants}")
    return None
