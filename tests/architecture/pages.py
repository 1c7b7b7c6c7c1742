"""The pages and tables that are written from the code: `make docs` writes them, a test compares them."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, get_args, get_origin

import msgspec
from annotated_types import Ge, Le
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import QueryParameter
from typer.core import TyperGroup

from deskcal import settings
from deskcal.cli.commands import PARTS, SECTIONS, load
from deskcal.server.app import ROUTES
from deskcal.tui.command import GROUPS
from deskcal.tui.commands.every import every_command

ROOT = Path(__file__).parents[2]


def commands_page() -> str:
    """Describe each command of the command line: its first sentence and its example."""
    lines = []
    for name, command in sorted(_commands()):
        lines.append(f"| `{name}` | {_sentence(command.help or '')} | `{_cell(_example(command))}` |")
    return "\n".join(["| command | does | for example |", "|---|---|---|", *lines])


def _commands() -> Iterator[tuple[str, Any]]:
    for name in PARTS:
        yield from _below(f"deskcal {name}", load(name))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    for word, below in command.commands.items():
        yield from _below(f"{name} {word}", below)


def _example(command: Any) -> str:
    return (command.epilog or "").removeprefix("Example: ")


def reference_page() -> str:
    """Describe every command whole, section by section, as its help does."""
    parts = []
    for title, section in SECTIONS.items():
        parts += [f"## {title}", ""]
        for name in section:
            for called, command in _below(f"deskcal {name}", load(name)):
                parts += [f"### {called}", "", *_whole(called, command)]
    return "\n".join(parts).rstrip()


def _whole(called: str, command: Any) -> Iterator[str]:
    context = command.make_context(called, [], resilient_parsing=True)
    yield f"`{' '.join([called, *command.collect_usage_pieces(context)])}`"
    yield ""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield " ".join(paragraph.split())
        yield ""
    records = [record for one in command.params if (record := one.get_help_record(context))]
    if records:
        yield from ("| | |", "|---|---|")
        yield from (f"| `{_cell(what)}` | {_cell(said)} |" for what, said in records)
        yield ""
    yield from ("```sh", _example(command), "```", "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _sentence(text: str) -> str:
    return " ".join(text.strip().partition("\n\n")[0].split())


def routes_page() -> str:
    """Describe each route by area: what it does, what it may be asked with, and its body."""
    parts = []
    for module, routes in groupby(ROUTES, key=_module):
        title = inspect.getdoc(module) or ""
        parts += [
            f"## {_sentence(title).rstrip('.')}",
            "",
            "| route | does | takes | answers |",
            "|---|---|---|---|",
        ]
        parts += [line for route in routes for line in _route(route)]
        parts.append("")
    return "\n".join(parts).rstrip()


def _module(route: BaseRouteHandler) -> Any:
    return inspect.getmodule(route.fn)


def _route(route: BaseRouteHandler) -> Iterator[str]:
    methods = route.http_methods if isinstance(route, HTTPRouteHandler) else {"WebSocket"}
    asked = ", ".join(f"`{one}`" for one in _asked(inspect.signature(route.fn)))
    said = _sentence(inspect.getdoc(route.fn) or "")
    for path in sorted(route.paths):
        shown = re.sub(r"{(\w+):\w+}", lambda found: f"{{{_camel(found[1])}}}", path)
        for method in sorted(str(one) for one in methods):
            yield f"| `{method} {shown}` | {said} | {asked} | {_answer(route)} |"


def _asked(signature: inspect.Signature) -> Iterator[str]:
    for name, parameter in signature.parameters.items():
        kind, *notes = get_args(parameter.annotation) or (parameter.annotation,)
        for note in notes:
            if isinstance(note, QueryParameter):
                yield f"?{note.name or _camel(name)}={'' if parameter.default is parameter.empty else '…'}"
        if name == "data":
            for field in msgspec.structs.fields(kind):
                yield f"{field.encode_name}{'' if field.required else '?'}"


def _answer(route: BaseRouteHandler) -> str:
    if not isinstance(route, HTTPRouteHandler):
        return ""
    [*shapes] = [answer.data_container for answer in (route.responses or {}).values()][:1]
    return " ".join([str(route.status_code), *(f"`{_shape(shape)}`" for shape in shapes)])


def _shape(kind: Any) -> str:
    inner = ", ".join(_shape(one) for one in get_args(kind))
    name = getattr(get_origin(kind) or kind, "__name__", str(kind))
    return f"{name}[{inner}]" if inner else name


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)


def settings_table() -> str:
    """Describe each setting with the words that stand under it in the code."""
    [body] = [
        node.body
        for node in ast.parse(inspect.getsource(settings)).body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    ]
    words = {
        before.target.id: ast.literal_eval(after.value)
        for before, after in pairwise(body)
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name)
        if isinstance(after, ast.Expr)
    }
    lines = ["| variable | default | |", "|---|---|---|"]
    for name, field in settings.Settings.model_fields.items():
        default = "" if field.default_factory or field.default is None else f"`{field.default}`"
        limits = [
            str(note.ge if isinstance(note, Ge) else note.le)
            for note in field.metadata
            if isinstance(note, Ge | Le)
        ]
        said = f"{default} ({' to '.join(limits)})" if default and limits else default
        meant = re.sub(r"`(\w+_\w+)`", lambda found: f"`{_variable(found[1])}`", words[name])
        lines.append(f"| `{_variable(name)}` | {said} | {meant} |")
    return "\n".join(lines)


def _variable(name: str) -> str:
    return f"DESKCAL_{name.upper()}"


def keys_table() -> str:
    """List the keys of the desk by group; a key that several lists have stands once."""
    lines = ["| while | keys |", "|---|---|"]
    bound = [command.binding() for command in every_command() if command.keys]
    for group in GROUPS:
        does: dict[str, dict[str, None]] = {}
        for binding in bound:
            if binding.group and binding.group.description == group:
                does.setdefault(binding.key_display or binding.key, {})[binding.description.lower()] = None
        same: dict[str, list[str]] = {}
        for key, words in does.items():
            same.setdefault(", ".join(words), []).append(f"`{key}`")
        said = " · ".join(f"{' '.join(keys)} {words}" for words, keys in same.items())
        lines.append(f"| {group} | {said} |")
    return "\n".join(lines)


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "commands": ("docs/commands.md", commands_page),
    "reference": ("docs/reference.md", reference_page),
    "routes": ("docs/http.md", routes_page),
    "settings": ("README.md", settings_table),
    "keys": ("README.md", keys_table),
}


def renewed(name: str) -> str:
    """Give the page that a table stands in as it should be, between its two marks."""
    page, make = TABLES[name]
    before, begin, rest = (ROOT / page).read_text().partition(f"<!-- {name}: written by `make docs` -->\n")
    _, end, after = rest.partition(f"<!-- end of {name} -->\n")
    if not (begin and end):
        raise ValueError(f"{page} has no marks for the table of {name}")
    return f"{before}{begin}{make()}\n{end}{after}"


def main() -> None:
    """Write every table anew."""
    for name, (page, _) in TABLES.items():
        (ROOT / page).write_text(renewed(name))


if __name__ == "__main__":
    main()
