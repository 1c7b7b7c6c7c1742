"""The desk as `deskcal tui` runs it, but with news from a feed that the benchmark plays. Run by it.

Its arguments are the addresses of the server and of the feed, the token, and the folder to remember in.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from importlib import import_module
from pathlib import Path

from deskcal.client.told import Told
from deskcal.tui.link import Link
from deskcal.tui.memory.memory import Memory
from deskcal.tui.run import make_ready


def main(url: str, feed: str, token: str, folder: str) -> None:
    """Show the desk until it is quit."""

    async def dial() -> Link:
        module = await asyncio.to_thread(import_module, "deskcal.tui.dial")
        link = await module.dial(url, token, None)

        class Fed(type(link)):  # type: ignore[misc]
            def follow(self, since: int | None) -> AsyncIterator[Told]:
                return module.follow(feed, token, ["clinic"], since=since)  # type: ignore[no-any-return]

        link.__class__ = Fed
        return link  # type: ignore[no-any-return]

    make_ready()
    from deskcal.tui.app import DeskApp  # noqa: PLC0415  only now

    DeskApp(dial, desk_name="Bench", memory=Memory(Path(folder), url=url)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
