"""How the desk is started: in lines, under which name, with which looks and keys."""

import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.typed import COMMAND, Demo, Deskcal
from deskcal.cli.exits import Exit
from deskcal.tui.desk_toml import NAME

PLAIN = (*COMMAND, "tui", "--plain")


@pytest.fixture
def desk_toml(demo: Demo) -> Iterator[Path]:
    path = demo.folder / NAME
    yield path
    path.unlink(missing_ok=True)


def typed(here: dict[str, str], *lines: str, **settings: str) -> str:
    """Type lines into a desk of its own; gives what it says."""
    done = subprocess.run(
        PLAIN, input="\n".join(lines), env=here | settings, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_a_clinic_in_lines(here: dict[str, str]) -> None:
    """`deskcal tui --plain` tells a real clinic's day from a pipe, and ends well."""
    said = typed(here, "status", "day mon", "quit")
    assert said.startswith("Riverside Clinic, ")
    assert ", live, 0 in the queue." in said
    assert " free" in said


def test_two_desks_have_two_names(here: dict[str, str]) -> None:
    """The second desk of a machine counts on, and the name is free again once the first has ended."""
    named = {"DESKCAL_DESK_NAME": ""}
    with subprocess.Popen(
        PLAIN, env=here | named, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as one:
        assert one.stdin is not None
        assert one.stdout is not None
        one.stdin.write("status\n")
        one.stdin.flush()
        first = one.stdout.readline().split(", ")[1]
        assert typed(here, "status", **named).split(", ")[1] == f"{first} 2"
        one.communicate("quit\n")
    assert typed(here, "status", **named).split(", ")[1] == first
    assert typed(here, "status", DESKCAL_DESK_NAME="Counter").split(", ")[1] == "Counter"


def test_the_file_of_this_machine(here: dict[str, str], desk_toml: Path) -> None:
    """desk.toml names the desks; what is wrong in it is said with what would do, and stops nothing."""
    desk_toml.write_text('name = "Desk A"\ntheme = "pink"\ncolour = 1\n')
    said = typed(here, "status")
    assert ", Desk A, " in said
    assert "desk.toml: theme wants one of deskcal-dark, deskcal-light" in said
    assert 'desk.toml: there is no "colour"; it may set name, theme, marks and [keys]' in said
    desk_toml.write_text("name = ")
    assert "desk.toml cannot be read: Invalid value (at " in typed(here, "status")


def test_keys_are_listed_as_the_file_takes_them(deskcal: Deskcal) -> None:
    """`deskcal config keys` prints each command with key and words, in the form of desk.toml."""
    said = deskcal("config", "keys")
    keys = tomllib.loads(said.out)["keys"]
    assert (keys["arrived"], keys["next-available"]) == ("a", "n")
    assert 'arrived = "a"' in said.out
    assert "# Next available" in said.out


def test_a_theme_that_is_none(deskcal: Deskcal) -> None:
    """A theme that does not exist is refused with those that do."""
    said = deskcal("tui", "--theme", "pink")
    assert said.code == Exit.USAGE
    assert "There is no theme pink. There is: deskcal-dark, " in said.words
