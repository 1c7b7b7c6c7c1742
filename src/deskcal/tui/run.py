"""Starting the desk against a real server."""

import asyncio
from importlib import import_module
from pathlib import Path
from uuid import UUID

from deskcal.tui.app import DeskApp
from deskcal.tui.link import Link
from deskcal.tui.look import USUAL, Look
from deskcal.tui.memory.memory import Memory


def run(
    *, url: str, token: str, clinic_id: UUID | None, desk_name: str, folder: Path, look: Look = USUAL
) -> None:
    """Show the desk until it is quit; it remembers in `folder`.

    Raises SystemExit 2 when the clinic is unclear, 5 when not allowed.
    """

    async def dial() -> Link:
        module = await asyncio.to_thread(import_module, "deskcal.tui.dial")
        link: Link = await module.dial(url, token, clinic_id)
        return link

    memory = Memory(folder, url=url, clinic_id=clinic_id)
    app = DeskApp(dial, desk_name=desk_name, memory=memory, look=look)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
