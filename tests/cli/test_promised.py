"""The whole command line, command by command, against what scripts may rely on."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from cli.examples import COMMANDS, FOREGROUND, TYPED, example_of, type_example
from cli.promised import ANSWERS, BY_CHANCE, FILES, OWN, PROMISED, REFUSED
from cli.typed import Demo, Deskcal
from deskcal.cli.exits import Exit

PROBLEM = {"$ref": "#/components/schemas/Problem"}
FOR_TERMINALS = re.compile(r"[\x1b\u2500-\u259f]")
PRINTING = [name for name in TYPED if name.partition(" ")[2] not in FILES]


@pytest.fixture(scope="module")
def document(demo: Demo) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{demo.url}/v1/openapi.json").json()
    return found


@pytest.mark.parametrize("words", PROMISED)
def test_promised(words: str) -> None:
    """What was promised is there, with every option under its name."""
    there = {option for parameter in COMMANDS[f"deskcal {words}"].params for option in parameter.opts}
    assert {*PROMISED[words].split()} <= there


def test_every_command_has_an_answer() -> None:
    """Each command prints the answer of a route, or there is a reason why not; none is told of twice."""
    tables = [
        *ANSWERS,
        *OWN,
        *FILES,
        *(name.partition(" ")[2] for name in FOREGROUND if name != "deskcal log"),
    ]
    assert sorted(tables) == sorted(name.partition(" ")[2] for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_example_is_of_it(name: str) -> None:
    """Every command's help has an example of it, and no other's."""
    assert example_of(name).removeprefix("deskcal ").removeprefix("--yes ").startswith(name.partition(" ")[2])


@pytest.mark.parametrize("name", TYPED)
def test_example_is_plain(name: str, deskcal: Deskcal, demo: Demo, tmp_path: Path) -> None:
    """The example works; piped, --quiet leaves data only, without anything that is for terminals."""
    said, words = type_example(name, deskcal, demo, tmp_path, "--quiet"), name.partition(" ")[2]
    assert said.code in _ends(words), said.words
    assert said.code == Exit.REFUSED or said.words == ""
    assert not FOR_TERMINALS.search(said.out + said.words)


@pytest.mark.parametrize("name", PRINTING)
def test_json(name: str, deskcal: Deskcal, demo: Demo, tmp_path: Path, document: dict[str, Any]) -> None:
    """With --json a command prints one value: what its route answers, by the OpenAPI document."""
    said, words = type_example(name, deskcal, demo, tmp_path, "--json"), name.partition(" ")[2]
    assert said.code in _ends(words), said.words
    refused = said.code == Exit.REFUSED
    if refused and words in OWN:
        assert said.out == ""
        return
    assert (said.out.count("\n"), said.out[-1]) == (1, "\n")
    value = said.value
    if words in ANSWERS:
        schema = PROBLEM if refused else _answered(document, ANSWERS[words])
        Draft202012Validator(schema | {"components": document["components"]}).validate(value)


def test_log(deskcal: Deskcal, document: dict[str, Any]) -> None:
    """What has happened is one array."""
    said = deskcal("--json", "log", "--type", "appointment.*")
    schema = _answered(document, ANSWERS["log"])
    assert said.value
    Draft202012Validator(schema | {"components": document["components"]}).validate(said.value)


def _ends(words: str) -> set[Exit]:
    """Give the codes that the example of a command may end with."""
    refused = {Exit.REFUSED} if words in {*REFUSED, *BY_CHANCE} else set[Exit]()
    return refused if words in REFUSED else {Exit.DONE, *refused}


def _answered(document: dict[str, Any], route: str) -> dict[str, Any]:
    """Give the schema of what a route answers when all is well, or of the part of it that is meant."""
    method, path, *part = route.split()
    responses = document["paths"][path][method.lower()]["responses"]
    good = [
        answer["content"]["application/json"]["schema"]
        for code, answer in responses.items()
        if code.startswith("2")
    ]
    match part:
        case ["[]"]:
            return {"type": "array", "items": {"anyOf": good}}
        case [field]:
            [shape] = [document["components"]["schemas"][one["$ref"].rpartition("/")[2]] for one in good]
            found: dict[str, Any] = shape["properties"][field]
            return found
    return {"anyOf": good}
