"""A desk in lines against a played clinic that writes down what it was asked. Run by tests."""

import asyncio
from datetime import UTC, datetime

from deskcal.tui.desk import Desk
from deskcal.tui.plain.run import talk
from tui.desk_on_a_terminal import Writing
from tui.played_book import Clock

if __name__ == "__main__":
    clock = Clock(now=datetime(2025, 11, 24, 14, 41, 7, tzinfo=UTC))
    clinic = Writing(clock=clock)

    async def dial() -> Writing:
        return clinic

    raise SystemExit(asyncio.run(talk(Desk(dial, name="Desk 2", now=clock))))
