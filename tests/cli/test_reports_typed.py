"""Reports as they are typed: numbers in a pipe, plots on a terminal, rows in a file."""

import csv
import os
import pty
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.typed import COMMAND, Deskcal
from deskcal.cli.csv_cells import guarded, unguarded
from deskcal.cli.exits import Exit

AROUND = tuple(
    word
    for option, days in (("--from", -21), ("--to", 21))
    for word in (option, f"{datetime.now(UTC).date() + timedelta(days=days)}")
)


@pytest.mark.parametrize("report", ["volume", "no-shows", "utilization", "peak-hours"])
def test_in_a_pipe_there_are_numbers(report: str, deskcal: Deskcal, tmp_path: Path) -> None:
    """Rows are plain also with --plot, the file has the same under a heading, JSON is the server's answer."""
    out = tmp_path / "rows.csv"
    said = deskcal("report", report, *AROUND, "--plot", "--csv", str(out))
    assert said.code == Exit.DONE
    assert said.rows
    assert f"{AROUND[1]} to {AROUND[3]}: " in said.words
    with out.open(newline="") as file:
        assert [*csv.reader(file)][1:] == said.rows
    whole = deskcal("--json", "report", report, *AROUND).value
    assert (whole["from"], len(whole["rows"])) == (AROUND[1], len(said.rows))


@pytest.mark.parametrize("report", ["volume", "no-shows", "utilization", "peak-hours"])
def test_on_a_terminal_it_is_drawn(report: str, here: dict[str, str]) -> None:
    """A plot has what it is about in it, and no color where none is wanted."""
    primary, secondary = pty.openpty()
    command = [*COMMAND, "--quiet", "report", report, *AROUND, "--plot"]
    plain = here | {"NO_COLOR": "1", "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(command, stdin=secondary, stdout=secondary, env=plain) as running:
        os.close(secondary)
        drawn = b""
        while piece := _read(primary):
            drawn += piece
        assert running.wait() == Exit.DONE
    os.close(primary)
    text = drawn.decode()
    words = {
        "volume": "booked per day",
        "no-shows": "% missed by weekday",
        "utilization": "% booked",
        "peak-hours": "mon",
    }
    assert words[report] in text
    assert "\x1b[38" not in text


def _read(primary: int) -> bytes:
    try:
        return os.read(primary, 65536)
    except OSError:
        return b""


def test_what_cannot_be_reported(deskcal: Deskcal, tmp_path: Path) -> None:
    """Dates, names and files are answered for as everywhere; a file that cannot be leaves nothing."""
    assert deskcal("report", "volume", "--from", "+3", "--to", "+2").code == Exit.USAGE
    assert deskcal("report", "volume", "--provider", "nobody").code == Exit.NOT_FOUND
    nowhere = deskcal("report", "volume", "--csv", str(tmp_path / "none" / "rows.csv"))
    assert (nowhere.code, "cannot be written" in nowhere.words) == (Exit.USAGE, True)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555 010", "'+1 555 010"),
        ("-3", "'-3"),
        ("@sum", "'@sum"),
        ("'=1", "''=1"),
        ("O'Hara", "O'Hara"),
        ("'quoted'", "'quoted'"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    """What a spreadsheet would run has an apostrophe in front, and is read as it was."""
    assert guarded(text) == cell
    assert unguarded(cell) == text
