"""The desk in browsers: a page with a terminal on it, and a desk of its own behind each tab."""

import shlex
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class DeskServer(Server):
    """Serves tabs to pages of its own only: any other page in the same browser could work the desk."""

    def __init__(self, public_url: str, origins: frozenset[str]) -> None:
        command = f"{shlex.quote(sys.executable)} -m deskcal tui"
        templates = Path(__file__).parent / "templates"
        super().__init__(command, title="deskcal", public_url=public_url, templates_path=templates)
        self._origins = origins

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        if request.headers.get("Origin") not in self._origins:
            raise web.HTTPForbidden(text="This desk answers to its own page only.")
        return await super().handle_websocket(request)

    async def on_startup(self, app: web.Application) -> None:
        """Say nothing: the command line has said where it is."""

    def listen(self, bound: socket.socket) -> None:
        """Serve until SIGINT or SIGTERM."""
        web.run_app(self._make_app(), sock=bound, print=None, access_log=None)


def serve(host: str, port: int, *, public_url: str | None, ready: Callable[[str], None]) -> None:
    """Serve until a signal; `ready` is told the address. Raises OSError where it cannot listen there.

    A tab finds the server, the token and the rest in the environment, which only its owner can read.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as bound:
        port = bound.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        url = (public_url or f"http://{shown}:{port}").rstrip("/")
        origins = frozenset(f"http://{name}:{port}" for name in LOOPBACK)
        parts = urlsplit(url)
        server = DeskServer(
            url, origins if public_url is None else frozenset({f"{parts.scheme}://{parts.netloc}"})
        )
        ready(url)
        server.listen(bound)
