"""The example in each command's help, typed in the demo: with the files that it reads and what it names."""

import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from typer.core import TyperCommand, TyperGroup

from cli.preparing import ADDED, FILES, NAMED, PASSWORD, Preparing
from cli.typed import Demo, Deskcal, Said
from deskcal.cli.commands import PARTS, load

SIGNING_IN = {"deskcal login", "deskcal logout"}
SUFFIXES = {".csv", ".deskcal", ".ics", ".jsonl", ".parquet", ".pdf", ".toml"}
DAYS, TIMES = {"today", "tomorrow"}, {"mon 10:30", "tomorrow 10:30"}


def _commands(name: str, command: Any) -> Iterator[tuple[str, TyperCommand]]:
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    for word, below in command.commands.items():
        yield from _commands(f"{name} {word}", below)


COMMANDS = dict(one for name in PARTS for one in _commands(f"deskcal {name}", load(name)))
"""Every command by its words."""

FOREGROUND = {
    "deskcal serve": "it serves until it is stopped",
    "deskcal demo": "the demo that all this is typed in is one",
    "deskcal tui": "it is a screen",
    "deskcal log": "its example follows until Ctrl-C",
}
TYPED = [name for name in COMMANDS if name not in FOREGROUND]
"""Those whose example comes to an end."""


def example_of(name: str) -> str:
    return (COMMANDS[name].epilog or "").removeprefix("Example: ")


def as_typed(name: str, folder: Path) -> list[str]:
    """Give the words of a command's example, with the files that it reads or writes in a folder."""
    return [_placed(word, folder) for word in shlex.split(example_of(name))[1:]]


def type_example(name: str, deskcal: Deskcal, demo: Demo, folder: Path, *first: str) -> Said:
    """Type a command's example, with global options first; its days and times are some that can be had."""
    preparing = Preparing(deskcal, demo)
    words = as_typed(name, folder)
    [*_, kind, verb] = name.split()
    if name in NAMED:
        words[words.index(verb) + 1] = NAMED[name](preparing)
    if verb in {"show", "edit", "retire"} and kind in ADDED:
        preparing.there(kind, words[words.index(verb) + 1])
    _prepare(name, preparing, words)
    if {*words} & (DAYS | TIMES):
        start = preparing.free()
        words = [start[:10] if word in DAYS else start if word in TIMES else word for word in words]
    elsewhere = {"DESKCAL_DATA_DIR": str(folder), "DESKCAL_SERVER_URL": demo.url}
    return deskcal(*first, *words, stdin=PASSWORD, **(elsewhere if name in SIGNING_IN else {}))


def _placed(word: str, folder: Path) -> str:
    """Give where a file is that an example names, with what is to be read there; else the word itself."""
    if Path(word).suffix not in SUFFIXES:
        return word
    if word in FILES:
        (folder / word).write_text(FILES[word])
    return str(folder / word)


def _prepare(name: str, preparing: Preparing, words: list[str]) -> None:
    """Make what an example takes back, or who and what is in it."""
    match name.split()[1:]:
        case ["service", "rule", "remove"]:
            preparing.deskcal("service", "rule", "add", words[-2], words[-1], '{"min_hours": 1}')
        case ["clinic", "reopen"]:
            preparing.deskcal("clinic", "close", words[-1])
        case ["clinic", "holidays"]:
            words[words.index("2027")] = str(datetime.now(UTC).year + 1)
        case ["bulk", "move" | "reassign"]:
            friday = preparing.a_friday()
            words[:] = [friday if word == "fri" else word for word in words]
        case ["series", "cancel"]:
            words[words.index("--from") + 1] = "+1"
        case ["db", "restore"]:
            preparing.backup(Path(words[words.index("restore") + 1]))
        case ["login"]:
            preparing.user_with_a_password()
        case ["user", _]:
            preparing.user()
