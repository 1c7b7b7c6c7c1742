"""The README's blocks for the shell do what they say, on a real server in an empty folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from architecture.pages import ROOT

README = (ROOT / "README.md").read_text()
[CLINIC] = re.findall(r"```sh\n(deskcal clinic.*?)```", README, re.DOTALL)
[BOOKING] = re.findall(r"```sh\n(URL=.*?)```", README, re.DOTALL)


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
    done = subprocess.run(["sh", "-eu", "-c", block], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="the blocks use curl and jq")
def test_a_newcomer_makes_a_clinic_and_books_over_http(url: str) -> None:
    """Typed as they stand, with the address and the coming Monday, the blocks end in a confirmed booking."""
    assert "Dr. Perez" in run(CLINIC)
    today = date.today()  # noqa: DTZ011  the newcomer's own calendar
    monday = today + timedelta(days=7 - today.weekday())
    block = re.sub(r"URL=\S+ DAY=\S+", f"URL={url} DAY={monday}", BOOKING)
    booked = json.loads(run(block))
    assert booked["status"] == "confirmed"
    assert booked["start"].startswith(f"{monday}T09:00")
