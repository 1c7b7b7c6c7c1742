import re
import subprocess
import sys

from typer.testing import CliRunner

from cli.typed import COMMAND
from deskcal.cli.commands import PARTS, SECTIONS, WIDEST
from deskcal.cli.exits import Exit
from deskcal.cli.main import app

HEAVY = ("textual", "httpx", "websockets", "litestar", "psycopg", "sqlalchemy", "msgspec", "rich", "asyncio")


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
