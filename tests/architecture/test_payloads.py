"""What may stand in the payload of an event: ids, times, and words that say nothing of a person."""

import ast
from functools import cache
from pathlib import Path

import pytest

from architecture.pages import ROOT

IDS = {
    "appointmentId",
    "batchId",
    "holdId",
    "jobId",
    "locationId",
    "notedBy",
    "offerId",
    "owner",
    "patientId",
    "providerId",
    "roomId",
    "ruleId",
    "seriesId",
    "serviceId",
    "undoOf",
    "windowId",
}
TIMES = {"start", "end", "expiresAt", "date"}
WORDS = {
    "action",
    "client",
    "error",
    "fields",
    "minutes",
    "missedBy",
    "money",
    "overbooked",
    "parked",
    "previous",
    "reader",
    "role",
    "state",
    "status",
    "takes",
    "was",
}
"""A role, names of fields without what is in them, the name of a desk, what a booking takes, by ids, and
the number of an event with the name of who reads it."""


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in (ROOT / "src" / "deskcal").rglob("*.py")}


def events() -> list[tuple[Path, ast.Call]]:
    """Find the calls that tell of something, each with its module."""
    return [
        (path, node)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "event"
        if isinstance(node.func.value, ast.Name) and "asking" in node.func.value.id
    ]


def keys_of(path: Path, call: ast.Call) -> set[str]:
    """Read the keys of a payload; what `**` spreads must come from functions whose keys are spelled."""
    keys: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is not None:
            keys.add(keyword.arg)
        else:
            assert isinstance(keyword.value, ast.Call)
            assert isinstance(keyword.value.func, ast.Name)
            spelled = _spelled(path, keyword.value.func.id)
            assert spelled
            keys |= spelled
    return keys


def _spelled(path: Path, function: str) -> set[str]:
    for tree in (trees()[path], *trees().values()):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == function:
                inner = list(ast.walk(node))
                called = [
                    n.func.id for n in inner if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
                ]
                spelled = {
                    key.value
                    for found in inner
                    if isinstance(found, ast.Dict)
                    for key in found.keys
                    if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
                return spelled.union(*(_spelled(path, name) for name in called))
    return set()


@pytest.mark.parametrize(("path", "call"), events(), ids=lambda one: getattr(one, "stem", "event"))
def test_a_payload_is_free_of_personal_data(path: Path, call: ast.Call) -> None:
    """Every key of every event is on the list."""
    assert keys_of(path, call) <= IDS | TIMES | WORDS


def test_the_keys_are_found() -> None:
    """The search sees the keys of a hold, its own and those that other functions spell for it."""
    found = [keys_of(path, call) for path, call in events() if path.stem == "hold"]
    assert any({"patientId", "start", "expiresAt", "owner"} <= keys for keys in found)
