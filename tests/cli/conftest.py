"""One demo clinic on a real server for all tests of the command line."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.typed import COMMAND, Demo, Deskcal, Said
from deskcal.cli.main import app


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """Run `deskcal demo` until the tests are over; it takes its folder away with it."""
    with subprocess.Popen([*COMMAND, "--json", "demo", "--no-tui"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        reached = json.loads(process.stdout.readline())
        folder = Path(reached["dataDir"])
        yield Demo(
            url=reached["url"],
            folder=folder,
            patient_id=reached["patientId"],
            patient_token=reached["patientToken"],
        )
        process.terminate()
        assert process.wait() == 0
    assert not folder.exists()


@pytest.fixture
def deskcal(demo: Demo) -> Deskcal:
    """Type a command on the demo's machine, in its clinic, with stdin and stdout in pipes."""

    def typed(*words: str, stdin: str = "", **environment: str) -> Said:
        settings = {"DESKCAL_DATA_DIR": str(demo.folder), "DESKCAL_CLINIC": "riverside"}
        done = CliRunner().invoke(
            app, words, input=stdin, env={**settings, **environment}, prog_name="deskcal"
        )
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Said(code=done.exit_code, out=done.stdout, words=done.stderr)

    return typed


@pytest.fixture
def fresh_folder() -> Iterator[Path]:
    """Give a data folder of a short path that PostgreSQL's own account may enter."""
    made = Path(tempfile.mkdtemp(prefix="deskcal-tests-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def here(demo: Demo) -> dict[str, str]:
    """Give the environment of a process of its own on the demo's machine."""
    return os.environ | {"DESKCAL_DATA_DIR": str(demo.folder), "DESKCAL_CLINIC": "riverside"}
