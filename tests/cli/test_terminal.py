"""What commands look like on a terminal: tables, and colours for those who want them."""

import os
import pty
import re
import subprocess
from contextlib import suppress

import pytest

from cli.typed import COMMAND
from deskcal.cli.exits import Exit

STYLE = re.compile(r"\x1b\[([\d;]*)m")
COLOURS = {*range(30, 50), *range(90, 108)}


def on_a_terminal(*words: str, **environment: str) -> str:
    """Type a command on a terminal of its own; gives all that appears there."""
    ours, theirs = pty.openpty()
    settings = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120"} | environment
    settings.pop("FORCE_COLOR", None)
    with subprocess.Popen(
        [*COMMAND, *words], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=settings
    ) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # a terminal that nobody writes to any more cannot be read
            while chunk := os.read(ours, 4096):
                shown += chunk
        os.close(ours)
    assert process.returncode == Exit.DONE
    return shown.decode()


@pytest.mark.parametrize(
    ("words", "coloured"),
    [
        (("provider", "list"), False),
        (("replay-projection", "--check"), True),
        (("report", "volume", "--from", "-7", "--to", "+7", "--plot"), False),
    ],
)
def test_no_color(words: tuple[str, ...], coloured: bool, here: dict[str, str]) -> None:
    """NO_COLOR takes colours away, and nothing else: what is drawn stays."""
    shown = on_a_terminal(*words, **{**here, "NO_COLOR": ""})
    assert bool(_colours(shown)) == coloured
    without = on_a_terminal(*words, **{**here, "NO_COLOR": "1"})
    assert _colours(without) == set()
    assert re.search(r"[\u2500-\u28ff]", without)


def _colours(shown: str) -> set[int]:
    return {int(one) for found in STYLE.findall(shown) for one in found.split(";") if one} & COLOURS
