"""What the flows send to PostgreSQL, as a pgbench script that sends the same."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from psycopg import AsyncConnection, sql
from psycopg.types.json import Jsonb

PLACE = re.compile(r"%\((\w+)\)s")


class Recording(AsyncConnection[Any]):
    """A connection that keeps every statement with its parameters, in order."""

    statements: ClassVar[list[tuple[str, Mapping[str, Any]]]] = []

    async def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Keep the statement and run it."""
        self.statements.append((query.decode() if isinstance(query, bytes) else str(query), params or {}))
        return await super().execute(query, params, **options)


def script(statements: Sequence[tuple[str, Mapping[str, Any]]], spelled: Mapping[Any, str], head: str) -> str:
    """Write the statements for `pgbench -M prepared`; `spelled` says which values vary, and how.

    Statements that went in one message go in one pipeline, and a setting is set by a function, as a prepared
    statement cannot have two commands or SET with a parameter.
    """
    return "\n".join([head, *(_one(query, params, spelled) for query, params in statements), ""])


def _one(query: str, params: Mapping[str, Any], spelled: Mapping[Any, str]) -> str:
    if params:
        return (
            PLACE.sub(lambda found: _spell(params[found[1]], spelled), query).replace("%%", "%").strip() + ";"
        )
    parts = [_setting(part, spelled) for part in query.split("; ")]
    return (
        f"{parts[0]};"
        if len(parts) == 1
        else "\n".join(["\\startpipeline", *(f"{part};" for part in parts), "\\endpipeline"])
    )


def _setting(statement: str, spelled: Mapping[Any, str]) -> str:
    found = re.fullmatch(r"set local (\S+) = '(.*)'", statement)
    if not found:
        return statement
    values = {str(value): text for value, text in spelled.items()}
    return f"select set_config('{found[1]}', ({values[found[2]]})::text, true)"


def _spell(value: Any, spelled: Mapping[Any, str]) -> str:
    if isinstance(value, list):
        # PostgreSQL wonders about the type of array[].
        return f"array[{', '.join(_spell(one, spelled) for one in value)}]" if value else "'{}'"
    if isinstance(value, Jsonb):
        return _json(value.obj, spelled)
    return spelled.get(value) or sql.Literal(value).as_string()


def _json(value: Any, spelled: Mapping[Any, str]) -> str:
    # json.dumps leaves a space behind each colon: pgbench would take `:null` for a variable.
    text = sql.Literal(json.dumps(value, default=_plain)).as_string()
    for varies, expression in spelled.items():
        text = text.replace(_plain(varies), f"' || {expression} || '")
    return f"({text})::jsonb"


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
