"""Starting the desk against a real server."""

import asyncio
from importlib import import_module
from uuid import UUID

from deskcal.tui.app import DeskApp
from deskcal.tui.link import Link


def run(*, url: str, token: str, clinic_id: UUID | None, desk_name: str) -> None:
    """Show the desk until it is quit; raises SystemExit 2 when the clinic is unclear, 5 when not allowed."""

    async def dial() -> Link:
        module = await asyncio.to_thread(import_module, "deskcal.tui.dial")
        link: Link = await module.dial(url, token, clinic_id)
        return link

    app = DeskApp(dial, desk_name=desk_name)
    app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
