"""Starting the desk against a real server."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from uuid import UUID

from deskcal.tui import garbage
from deskcal.tui.link import Link
from deskcal.tui.look import USUAL, Look
from deskcal.tui.memory.memory import Memory

FRAMES = "250"
"""At most so many are drawn in a second. Keys and news ask for them, and neither is to wait for the next."""


TURN = 0.0005
"""After so many seconds the thread that writes to the terminal has its turn, whatever is computed."""


def make_ready() -> None:
    """Say what Python and Textual have to know before the desk is imported."""
    garbage.put_off()
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    sys.setswitchinterval(TURN)


def run(
    *,
    url: str,
    token: str,
    clinic_id: UUID | None,
    desk_name: str,
    folder: Path,
    look: Look = USUAL,
    fresh_token: Callable[[str], Awaitable[str]] | None = None,
) -> None:
    """Show the desk until it is quit; it remembers in `folder`.

    `fresh_token` gives a token for one that has run out: a desk is open longer than that. Raises SystemExit 2
    when the clinic is unclear, 5 when not allowed.
    """

    async def dial() -> Link:
        module = await asyncio.to_thread(import_module, "deskcal.tui.dial")
        link: Link = await module.dial(url, token, clinic_id, fresh_token=fresh_token)
        return link

    make_ready()
    from deskcal.tui.app import DeskApp

    memory = Memory(folder, url=url, clinic_id=clinic_id)
    app = DeskApp(dial, desk_name=desk_name, memory=memory, look=look)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
