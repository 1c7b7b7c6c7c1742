"""Each line of the project in its room: imports, sizes, words, and what is shipped."""

import ast
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from architecture.pages import ROOT

LONGEST = 320
OF_THE_PROJECT = ("src", "tests", "benchmarks")


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_point_down() -> None:
    """Every import contract of pyproject.toml is kept."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", python_files("src", "benchmarks"), ids=named)
def test_a_module_says_what_lives_there(path: Path) -> None:
    """A module opens with a sentence; a package file is empty but for the version."""
    text = path.read_text()
    if path.name == "__init__.py":
        assert not text or text.splitlines()[-1].startswith("__version__ = ")
    else:
        assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", python_files("tests"), ids=named)
def test_a_test_says_the_fact(path: Path) -> None:
    """Every test function has a docstring."""
    tests = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    assert not [test.name for test in tests if not ast.get_docstring(test)]


def test_no_file_is_long() -> None:
    """A file is read in one sitting: none is over 320 lines."""
    found = {named(path): len(path.read_text().splitlines()) for path in python_files(*OF_THE_PROJECT)}
    assert not {name: lines for name, lines in found.items() if lines > LONGEST}


def test_migrations_are_shipped() -> None:
    """The installed package has the migrations, the template for the next, and the looks of the desk."""
    package = files("deskcal")
    assert package.joinpath("store/migrations/env.py").is_file()
    assert package.joinpath("store/migrations/script.py.mako").is_file()
    assert package.joinpath("store/migrations/versions/0001_main_job.py").is_file()
    assert package.joinpath("tui/desk.tcss").is_file()


def test_the_lock_fits_every_machine() -> None:
    """The lock is names and versions: no address of a registry, no path of anybody's machine."""
    lines = (ROOT / "requirements-dev.lock").read_text().splitlines()
    assert lines
    assert not [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+]+", line)]
