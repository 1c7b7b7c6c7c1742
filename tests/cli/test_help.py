import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.testing import CliRunner

from cli.harming import park
from cli.typed import COMMAND, Demo, Deskcal
from deskcal.cli.commands import PARTS, SECTIONS, WIDEST, load
from deskcal.cli.exits import Exit
from deskcal.cli.main import app

HEAVY = ("textual", "httpx", "websockets", "litestar", "psycopg", "sqlalchemy", "msgspec", "rich", "asyncio")
FOREGROUND = {"deskcal serve", "deskcal demo", "deskcal tui", "deskcal log"}
SETTLED = {0, 3}
RECURRING = {
    "deskcal series show": ("Mario Lopez", "Consultation", "Dr. Perez", "+30 10:30"),
    "deskcal series cancel": ("Mario Lopez", "Consultation", "Dr. Perez", "+60 10:30"),
}
PARKED = {"deskcal parked show", "deskcal parked drop"}
WAITING = {"deskcal waitlist accept", "deskcal waitlist decline", "deskcal waitlist remove"}
JOBS = {f"deskcal bulk {verb}" for verb in ("show", "stop", "resume", "undo")}
IMPORTED = {"deskcal import show", "deskcal import revert"}
SIGNING_IN = {"deskcal login", "deskcal logout"}
PASSWORD = "correct horse battery\n"  # noqa: S105
FILES = {
    "busy.ics": "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
    "patients.csv": "Name,Born\nIda Newcomer,1990-01-02\n",
    "providers.csv": "name,services\nDr. Ida Newcomer,Consultation\n",
    "appointments.csv": "Who,provider,service,start\nMaria Lopez,Dr. Perez,Consultation,2099-01-05 09:00\n",
    "mapping.toml": '[columns]\npatient_name = "Who"\n',
}
ADDED = {
    "location": (),
    "room": (),
    "equipment": ("--type", "ultrasound"),
    "service": ("--duration", "30"),
    "provider": (),
}


def _commands(name: str, command: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(command, TyperGroup):
        yield name, command.epilog or ""
        return
    for word, below in command.commands.items():
        yield from _commands(f"{name} {word}", below)


COMMANDS = dict(one for name in PARTS for one in _commands(f"deskcal {name}", load(name)))


def _made(name: str, deskcal: Deskcal, demo: Demo) -> str | None:
    """Make what an example names by its id, and give that; None where it names nothing so."""
    often = ("--repeat", "FREQ=DAILY;COUNT=7", "--on-conflict", "skip")
    if name in RECURRING:
        made = deskcal("--json", "book", *RECURRING[name], *often).value["series"]
    elif name in WAITING:
        made = deskcal("--json", "waitlist", "add", "Mario Lopez", "Consultation").value
    elif name in JOBS:
        days = ("--provider", "Dr. Perez", "--from", "+90", "--to", "+97")
        deskcal("book", "Mario Lopez", "Consultation", "Dr. Perez", "+90 10:30", *often)
        made = deskcal("--json", "--yes", "bulk", "cancel", *days, "--again").value
    elif name in IMPORTED:
        with NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(FILES["patients.csv"])
            file.flush()
            deskcal("import", "patients", file.name)
        made = deskcal("--json", "import", "list").value[0]
    elif name in PARKED:
        made = {"id": park(demo)}
    elif name == "deskcal token revoke":
        made = deskcal("--json", "token", "create", "--role", "admin").value
    else:
        return None
    return str(made["id"])


def _placed(word: str, folder: Path) -> str:
    """Write the file that an example reads, and give where; other words stay as they are."""
    if word not in FILES:
        return word
    (folder / word).write_text(FILES[word])
    return str(folder / word)


def _prepared(name: str, words: list[str], deskcal: Deskcal) -> None:
    """Make what an example takes back, or who is in it."""
    if name == "deskcal service rule remove":
        deskcal("service", "rule", "add", words[-2], words[-1], '{"min_hours": 1}')
    if name == "deskcal clinic reopen":
        deskcal("clinic", "close", words[-1])
    if name in SIGNING_IN or name.startswith("deskcal user"):
        deskcal("user", "add", "maria@example.org", "--role", "front_desk")
        deskcal("user", "set-password", "maria@example.org", "--password-stdin", stdin=PASSWORD)


@pytest.mark.parametrize("name", COMMANDS)
def test_example(name: str, deskcal: Deskcal, demo: Demo, tmp_path: Path) -> None:
    """Every command's help has an example of it, and the example works."""
    example = COMMANDS[name].removeprefix("Example: ")
    assert name in example.replace("--yes ", "")
    if name in FOREGROUND:
        return
    words = [_placed(word, tmp_path) for word in shlex.split(example)[1:]]
    if name == "deskcal calendar":
        words[-1] = str(tmp_path / words[-1])
    [*_, kind, verb] = name.split()
    if id_ := _made(name, deskcal, demo):
        words[words.index(verb) + 1] = id_
    _prepared(name, words, deskcal)
    if name == "deskcal clinic holidays":
        words[-2] = str(datetime.now(UTC).year + 1)
    if verb in {"show", "edit", "retire"} and kind in ADDED:
        thing = words[words.index(verb) + 1]
        if deskcal(kind, "show", thing).code == Exit.NOT_FOUND:
            deskcal(kind, "add", thing, *ADDED[kind])
    elsewhere = {"DESKCAL_DATA_DIR": str(tmp_path), "DESKCAL_SERVER_URL": demo.url}
    assert deskcal(*words, stdin=PASSWORD, **(elsewhere if name in SIGNING_IN else {})).code in SETTLED


def test_help_is_quick() -> None:
    """`deskcal --help` loads no face, no client and no database driver."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "deskcal", "--help"], capture_output=True, check=True
    )
    loaded = set(re.findall(rb"\| +(\w+)", done.stderr))
    assert not loaded & {name.encode() for name in HEAVY}
    assert b"deskcal demo" in done.stdout


def test_help_begins_with_what_is_done_every_day() -> None:
    """Commands are grouped, the desk's first, each with words that fit beside it; a slip is answered."""
    said = CliRunner().invoke(app, ["--help"], prog_name="deskcal").stdout
    places = [said.index(f"\n{title}:") for title in SECTIONS]
    assert places == sorted(places)
    assert [name for name, part in PARTS.items() if f"  {name:{WIDEST}}  {part.does}\n" not in said] == []
    slip = CliRunner().invoke(app, ["bok"], prog_name="deskcal")
    assert (slip.exit_code, "Did you mean 'book'" in slip.stderr) == (Exit.USAGE, True)


def test_plain_without_terminal() -> None:
    """Without a terminal `deskcal` alone prints its help, without boxes, and ends well."""
    done = subprocess.run(COMMAND, capture_output=True, check=True, stdin=subprocess.DEVNULL, text=True)
    assert done.stdout.startswith("Usage: deskcal")
    assert done.stdout.isascii()
