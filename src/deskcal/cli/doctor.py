"""`deskcal doctor`: whether everything is as it should be, and what to do where it is not."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from deskcal.cli import health
from deskcal.cli.exits import Exit, Failure
from deskcal.cli.health import Finding, State
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import lines, print_json
from deskcal.cli.session import find_server
from deskcal.store.zone_data import copies

if TYPE_CHECKING:
    import httpx


PATIENCE = 15.0
"""Seconds; a server waits for a third of that before it says that its database is away."""


def doctor(context: typer.Context) -> None:
    """Check that everything works, and say what to do.

    Looks at data folder, disk, server, database, migrations, feed, whether clinics are kept apart, clock,
    time zone data and bytecode. Exits 3 when something fails.
    """
    options = options_of(context)
    folder = options.settings().data_dir
    findings = [
        health.data_folder(folder),
        health.disk(folder),
        *asyncio.run(_server(options)),
        health.time_zones(copies()),
        health.bytecode(),
    ]
    if options.json:
        print_json(findings)
    else:
        lines((one.state, one.what, one.found, one.remedy) for one in findings)
    if any(one.state is State.FAIL for one in findings):
        raise typer.Exit(Exit.REFUSED)


async def _server(options: Options) -> Sequence[Finding]:
    import httpx

    try:
        url = find_server(options).url
    except Failure as failure:
        return [Finding(state=State.FAIL, what="server", found="none", remedy=str(failure))]
    try:
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as client:
            alive, ready = await client.get("/healthz"), await client.get("/readyz")
    except httpx.HTTPError as error:
        remedy = f"Start it with: deskcal serve ({type(error).__name__})"
        return [Finding(state=State.FAIL, what="server", found=f"no answer from {url}", remedy=remedy)]
    return [health.server(url, alive.status_code), *_parts(ready), health.clock(alive.headers.get("date"))]


def _parts(ready: "httpx.Response") -> list[Finding]:
    try:
        parts = dict(ready.json())
    except ValueError:
        parts = {}
    return [health.part(name, str(parts.get(name, "unknown"))) for name in health.REMEDIES]
