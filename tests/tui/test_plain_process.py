"""The desk in lines as a process: piped, and however it ends, nothing stays held."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HOLDING = b"next fu perez\n1\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "calls"


@pytest.fixture
def desk(notes: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, str(HERE / "plain_on_a_pipe.py"), str(notes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(HERE.parent)},
    ) as process:
        yield process
        process.kill()


def test_piped(desk: subprocess.Popen[bytes]) -> None:
    """Lines from a pipe are answered without prompt or control characters, and it ends well."""
    said, errors = desk.communicate(b"day perez\nquit\n", timeout=20)
    assert (desk.returncode, errors) == (0, b"")
    assert "10:00 free, 30 minutes" in said.decode()
    assert b"\x1b" not in said
    assert b"> " not in said


def test_end_of_input_releases(desk: subprocess.Popen[bytes], notes: Path) -> None:
    """The end of the input gives back what is held."""
    said, _ = desk.communicate(HOLDING, timeout=20)
    assert desk.returncode == 0
    assert b"Held Mon 24 Nov 10:00, Dr Perez" in said
    assert notes.read_text().splitlines()[-1] == "release"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_releases(desk: subprocess.Popen[bytes], notes: Path, number: signal.Signals) -> None:
    """SIGTERM, SIGHUP and Ctrl-C give back what is held and end well."""
    assert desk.stdin is not None
    assert desk.stdout is not None
    desk.stdin.write(HOLDING)
    desk.stdin.flush()
    while not (line := desk.stdout.readline()).startswith(b"Held"):
        assert line
    desk.send_signal(number)
    assert desk.wait(10) == 0
    assert notes.read_text().splitlines()[-1] == "release"
