"""`deskcal serve`: the server, in the foreground."""

from pathlib import Path
from typing import Annotated

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import options_of


def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")] = 1,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key, PEM.")] = None,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front speaks TLS and names the caller.")
    ] = False,
) -> None:
    """Run the server until SIGTERM or Ctrl-C.

    Prints one line when it is ready.     Warnings go to stderr as JSON lines. Exits 3 when the
    data folder is in use or holds no usable database.
    """
    from deskcal.server import logs, run
    from deskcal.server.folder import FolderInUse
    from deskcal.store.embedded import ClusterRefusal

    settings = options_of(context).settings()
    listening = run.Listening(
        host=host,
        port=port,
        workers=workers,
        tls_cert=tls_cert,
        tls_key=tls_key,
        behind_proxy=behind_proxy,
    )
    try:
        listening.insist_safe()
    except run.ServeRefusal as refusal:
        raise Failure(str(refusal), Exit.USAGE) from refusal
    logs.to_stderr()
    try:
        run.serve(settings, listening, ready=lambda url: typer.echo(f"deskcal ready on {url}"))
    except (FolderInUse, ClusterRefusal) as refusal:
        raise Failure(str(refusal), Exit.REFUSED) from refusal
    except run.ServeRefusal as refusal:
        raise Failure(str(refusal), Exit.UNEXPECTED) from refusal
