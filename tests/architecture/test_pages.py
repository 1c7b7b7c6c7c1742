"""README and docs say what the code does."""

import re
from pathlib import Path

import pytest

from architecture.pages import ROOT, TABLES, renewed
from deskcal.settings import Settings

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
OPTION = r"--(?:(?:clinic|data-dir|server|token) \S+|[a-z]+)"
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)


def code_of(page: Path) -> str:
    return "\n".join(block or span for block, span in CODE.findall(page.read_text()))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_as_the_code_is(name: str) -> None:
    """Commands, routes, settings and keys on the pages are those of the code: run `make docs`."""
    page, _ = TABLES[name]
    assert (ROOT / page).read_text() == renewed(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_exists(page: Path) -> None:
    """Every command, make target, setting, module and page that a page names is there."""
    code = code_of(page)
    commands = re.findall(r"\| `deskcal ([a-z-]+)", (ROOT / "docs" / "commands.md").read_text())
    called = re.findall(rf"(?:^|\()deskcal (?:{OPTION} )*([a-z][a-z-]*)", code, re.MULTILINE)
    assert set(called) - {"ready"} <= set(commands)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z]+)", code, re.MULTILINE)) <= set(targets)
    variables = {f"DESKCAL_{name.upper()}" for name in Settings.model_fields}
    assert set(re.findall(r"DESKCAL_\w+", code)) <= variables
    modules = re.findall(r"^((?:core|flows|store|server|client|tui)/[a-z_/]+)$", code, re.MULTILINE)
    assert [name for name in modules if not (ROOT / "src" / "deskcal" / f"{name}.py").is_file()] == []
    pages = re.findall(r"\]\(([^):]+\.md)\)", page.read_text())
    assert [name for name in pages if not (page.parent / name).is_file()] == []
