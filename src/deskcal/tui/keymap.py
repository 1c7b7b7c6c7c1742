"""The keys that somebody chose, checked before they are used: what cannot be is said, with what would do."""

import re
import string
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from textual.binding import Binding
from textual.keys import KEY_NAME_REPLACEMENTS, Keys, key_to_character

from deskcal.tui.command import Command
from deskcal.tui.commands.every import every_command

_TOGETHER = frozenset({"Anywhere", "Appointment", "Calendar"})
_OTHER_KEY = {"ctrl+h": "Backspace", "ctrl+i": "Tab", "ctrl+j": "Enter", "ctrl+m": "Enter"}
_UNFIT = {
    r"ctrl\+[dxaekuw]": "text fields edit with it",
    r"ctrl\+[nt]": "a browser keeps it",
    r"(alt|meta|super|hyper)\+.+": "many terminals send it as Esc and a letter",
    r"shift\+(?!tab$).+": "many terminals do not tell it from the key without shift",
    r"ctrl\+(\d|.+\+.+)": "many terminals cannot send it",
}
_NAMED = frozenset(key.value for key in Keys) | frozenset(KEY_NAME_REPLACEMENTS.values())


def why_not(key: str) -> str | None:
    """Say why a key cannot be bound, None where it can."""
    if key in _OTHER_KEY:
        return f"a terminal sends it as {_OTHER_KEY[key]}"
    for pattern, why in _UNFIT.items():
        if re.fullmatch(pattern, key):
            return why
    return None if key in _NAMED or key_to_character(key) else "there is no such key"


def checked(keys: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Give the keymap that can be used of what was chosen, and what cannot be."""
    commands = {command.id(): command for command in every_command()}
    chosen: dict[str, str] = {}
    problems: list[str] = []
    for id_, wanted in keys.items():
        if id_ not in commands:
            near = get_close_matches(id_, commands, 1)
            meant = f"; did you mean {near[0]}?" if near else ". deskcal config keys lists them all"
            problems.append(f'keys: there is no command "{id_}"{meant}')
            continue
        if _keys(wanted) == _keys(commands[id_].keys):
            continue
        bad = [f"{key} cannot be used, {why}" for key in _keys(wanted) if (why := why_not(key))]
        if bad or not _keys(wanted):
            problems.append(f"keys: {id_}: {(bad or ['no key'])[0]}. Free are {_free(commands, chosen)}")
        else:
            chosen[id_] = wanted
    for id_ in [*chosen]:
        if rival := _rival(id_, chosen, commands):
            del chosen[id_]
            problems.append(
                f"keys: {keys[id_]} for {id_} is the key of {rival} already. Give that one another, "
                f"or take one that is free: {_free(commands, chosen)}"
            )
    return chosen, problems


def keyless(keymap: Mapping[str, str]) -> Iterator[tuple[str, type[Command]]]:
    """Give the keys of commands that have none by themselves."""
    for command in every_command():
        if not command.keys and command.id() in keymap:
            yield keymap[command.id()], command


def _rival(id_: str, chosen: Mapping[str, str], commands: Mapping[str, type[Command]]) -> str | None:
    """Find another command that has one of the keys at the same time."""
    keys, group = set(_keys(chosen[id_])), commands[id_].group
    for other, command in commands.items():
        near = command.group == group or {group, command.group} <= _TOGETHER
        if other != id_ and near and keys & set(_keys(chosen.get(other, command.keys))):
            return other
    return None


def _free(commands: Mapping[str, type[Command]], chosen: Mapping[str, str]) -> str:
    all_keys = [*(command.keys for command in commands.values()), *chosen.values()]
    used = {key for keys in all_keys for key in _keys(keys)}
    letters = [letter for letter in string.ascii_letters if letter not in used]
    return " ".join([*letters[:5], *(key for key in ("ctrl+b", "ctrl+o", "f11", "f12") if key not in used)])


def _keys(text: str) -> list[str]:
    """Spell keys as Textual does: `?` is `question_mark`."""
    return [one.key for one in Binding.make_bindings([Binding(text, "", "")])] if text.strip() else []


def named_commands() -> Iterable[type[Command]]:
    """Give the commands that desk.toml can give keys to, once each."""
    named: dict[str, type[Command]] = {}
    for command in every_command():
        named.setdefault(command.id(), command)
    return named.values()


def keys_toml() -> Iterator[str]:
    """Write every command, with its key and what it does, as desk.toml takes it."""
    yield "[keys]"
    group = ""
    for command in named_commands():
        if command.group != group:
            group = command.group
            yield f"\n# {group}"
        yield f'{command.id()} = "{command.keys}"'.ljust(46) + f"# {command.words()}"
