"""`deskcal demo`: a made-up clinic on a server of its own, and the desk on top."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, Annotated

import typer

from deskcal.cli import background
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import print_json

if TYPE_CHECKING:
    from deskcal.flows.demo import Demo


def demo(
    context: typer.Context,
    *,
    no_tui: Annotated[bool, typer.Option("--no-tui", help="Run the server only, until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the data folder afterwards.")] = False,
) -> None:
    """Show a clinic with made-up patients.

    Starts a server, makes three weeks of appointments around today, and opens the desk. It
    has a data folder of its own, thrown away at the end. Prints how other programs reach it.
    """
    options = options_of(context)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with _folder(options, keep=keep) as folder, _server(options, folder, port) as (server, url):
            made = _seeded(options, folder)
            _tell(options, folder, url, made)
            if no_tui:
                options.say("Press Ctrl-C to stop.")
                server.wait()
            else:
                from deskcal.tui.run import run

                clinic_id = made.clinic.id
                run(url=url, token=made.desk_token, clinic_id=clinic_id, desk_name="Desk 1", folder=folder)
    except KeyboardInterrupt:
        options.say("Stopped.")


@contextmanager
def _folder(options: Options, *, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="deskcal-demo-"))
    try:
        yield folder
    finally:
        if keep:
            options.say(f"The clinic is kept. To go on with it: deskcal --data-dir {folder} tui")
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _server(options: Options, folder: Path, port: int) -> Iterator[tuple[Popen[bytes], str]]:
    options.say("Starting a server of its own …")
    process = background.start(folder, ["--port", str(port)], alone=True)
    try:
        yield process, background.wait_ready(process, folder).url
    finally:
        process.terminate()
        process.wait()


def _seeded(options: Options, folder: Path) -> "Demo":
    from deskcal.cli.progress import Bars
    from deskcal.flows.demo import seed
    from deskcal.server.run import DATABASE
    from deskcal.store import embedded
    from deskcal.store.database import Database

    url = embedded.prepare(folder / "postgres").url(database=DATABASE)

    async def work(bars: Bars) -> "Demo":
        database = Database(url, connections=8)
        await database.open()
        try:
            return await seed(database, datetime.now(UTC), bars.tell)
        finally:
            await database.close()

    with Bars(options) as bars:
        return asyncio.run(work(bars))


def _tell(options: Options, folder: Path, url: str, made: "Demo") -> None:
    reached = {
        "url": url,
        "clinicId": str(made.clinic.id),
        "deskToken": made.desk_token,
        "patientId": str(made.patient.id),
        "patientToken": made.patient_token,
        "dataDir": str(folder),
    }
    if options.json:
        print_json(reached)
    else:
        for name, value in reached.items():
            typer.echo(f"{name}\t{value}")
    options.say(f"A second desk joins from another terminal with: deskcal --data-dir {folder} tui")
