"""A desk on a real terminal, against a played clinic that writes down what it was asked. Run by tests.

Its arguments are the file to write to and, if it is to remember, the folder for that.
"""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from deskcal.tui.app import DeskApp
from deskcal.tui.memory.memory import Memory
from tui.played_book import Clock
from tui.played_clinic import PlayedClinic


class Writing(PlayedClinic):
    """Notes each call in a file, for the test to read after this process has ended."""

    async def _call(self, name: str) -> None:
        with await asyncio.to_thread(Path(sys.argv[1]).open, "a") as notes:
            notes.write(f"{name}\n")
        await super()._call(name)


if __name__ == "__main__":
    clock = Clock(now=datetime(2025, 11, 24, 14, 41, 7, tzinfo=UTC))
    clinic = Writing(clock=clock)

    async def dial() -> PlayedClinic:
        return clinic

    memory = Memory(Path(sys.argv[2]), url="http://played") if len(sys.argv) > 2 else None
    DeskApp(dial, desk_name="Desk 2", now=clock, debounce=0, memory=memory).run()
