"""What is typed on the command line, and what it says."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "deskcal")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    words: str

    @property
    def value(self) -> Any:
        """The one JSON value on stdout."""
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The lines on stdout, by columns."""
        return [line.split("\t") for line in self.out.splitlines()]


@dataclass(frozen=True, kw_only=True)
class Demo:
    """The running demo, and how it is reached."""

    url: str
    folder: Path
    patient_id: str
    patient_token: str


Deskcal = Callable[..., Said]
