"""The blocks for the shell of README and its page do what they say, on a real server in an empty folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from architecture.pages import ROOT
from deskcal.core.rules import TYPES, read_rule

README = (ROOT / "README.md").read_text()
SCHEDULING = (ROOT / "docs" / "scheduling.md").read_text()
[CLINIC] = re.findall(r"```sh\n(deskcal clinic.*?)```", README, re.DOTALL)
[BOOKING] = re.findall(r"```sh\n(URL=.*?)```", README, re.DOTALL)
DESCRIBING = re.findall(r"```sh\n(.*?)```", SCHEDULING, re.DOTALL)
needs_tools = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("jq")), reason="the blocks use curl and jq"
)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve an empty folder as `deskcal serve` does, with `deskcal` on the path."""
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    monkeypatch.setenv("DESKCAL_DATA_DIR", str(tmp_path / "data"))
    server = subprocess.Popen(["deskcal", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    with server.stdout as said:
        yield said.readline().removeprefix("deskcal ready on ").strip()
        server.terminate()
        server.wait()


def run(block: str) -> str:
    shell = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def booking(url: str, monday: date) -> str:
    """Give the block that books over HTTP with the address and the day of now."""
    return re.sub(r"URL=\S+ DAY=\S+", f"URL={url} DAY={monday}", BOOKING)


def coming_monday() -> date:
    today = date.today()  # noqa: DTZ011  the newcomer's own calendar
    return today + timedelta(days=7 - today.weekday())


@needs_tools
def test_a_newcomer_makes_a_clinic_and_books_over_http(url: str) -> None:
    """Typed as they stand, with the address and the coming Monday, the blocks end in a confirmed booking."""
    assert "Dr. Perez" in run(CLINIC)
    monday = coming_monday()
    booked = json.loads(run(booking(url, monday)))
    assert booked["status"] == "confirmed"
    assert booked["start"].startswith(f"{monday}T09:00")


@needs_tools
def test_an_admin_describes_a_clinic(url: str) -> None:
    """The blocks of docs/scheduling.md follow on those of the README, and end in a booking by video."""
    monday = coming_monday()
    next_year = re.sub(r"US-NY \d+", f"US-NY {monday.year + 1}", "\n".join(DESCRIBING))
    said = run("\n".join((CLINIC, booking(url, monday), next_year)))
    assert "on top of another appointment" in said
    assert json.loads(said[said.rindex('{\n  "reference"') :])["mode"] == "video"


def test_the_table_of_rules() -> None:
    """docs/scheduling.md has an example of every type of rule, which can be read."""
    found = dict(re.findall(r"^\| `(\w+)` \| `(\{.*?\})` \|", SCHEDULING, re.MULTILINE))
    assert found.keys() == TYPES.keys()
    for type_, payload in found.items():
        assert read_rule(type_, json.loads(payload), id=UUID(int=1), priority=100).type == type_
