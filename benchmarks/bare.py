"""The named limit of HTTP: Starlette, which answers every GET with the same bytes and does nothing else."""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

BODY = "DESKCAL_BENCHMARK_BODY"


def app() -> Starlette:
    """Make the application; the file named by the environment has the bytes."""
    body = Path(os.environ[BODY]).read_bytes()

    async def answer(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/{path:path}", answer)])
