"""`deskcal tui`: the desk, with a server started for it where none runs."""

import os
import socket
from contextlib import AbstractContextManager, nullcontext
from ipaddress import ip_address
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from deskcal.cli import background
from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import Options, options_of
from deskcal.cli.session import Server, choose_clinic, find_server, is_here, read_id, with_server
from deskcal.server.folder import Address, read_address, read_sign_in

if TYPE_CHECKING:
    from deskcal.settings import Settings
    from deskcal.tui.desk_toml import DeskToml
    from deskcal.tui.look import Look

WEB_PORT = 8770


def tui(
    context: typer.Context,
    *,
    plain: Annotated[
        bool, typer.Option("--plain", help="In lines of words: for screen readers and simple terminals.")
    ] = False,
    web: Annotated[bool, typer.Option("--web", help="In the browser, a desk in each tab.")] = False,
    host: Annotated[str, typer.Option(help="With --web, where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --web; 0 takes a free one.")] = WEB_PORT,
    behind_proxy: Annotated[
        str | None,
        typer.Option(metavar="URL", help="With --web, the address of a proxy that asks people to log in."),
    ] = None,
    theme: Annotated[
        str | None,
        typer.Option(help="deskcal-dark, deskcal-light, deskcal-contrast, deskcal-mono or ansi."),
    ] = None,
) -> None:
    """Open the desk in this terminal.

    Starts a server in the background when none runs on the data folder and no server is named.
    """
    options = options_of(context)
    settings = options.settings()
    from deskcal.tui.desk_toml import read_desk_toml

    own = read_desk_toml(settings.data_dir)
    look = _look(settings, own, theme)
    if web:
        _check_host(host, behind_proxy)
        _serve(options, _reached(options), look, host=host, port=port, public_url=behind_proxy)
        return
    address = _reached(options)
    clinic_id = read_id(settings.clinic or "")
    if settings.clinic and clinic_id is None:
        clinics = with_server(context, lambda client: client.clinics())
        clinic_id = choose_clinic(clinics, settings.clinic).id
    if plain:
        from deskcal.tui.plain.run import run
    else:
        from deskcal.tui.run import run
    with _name(settings, own) as name:
        run(
            url=address.url,
            token=address.token,
            clinic_id=clinic_id,
            desk_name=name,
            folder=settings.data_dir,
            look=look,
            fresh_token=address.fresh_token,
        )


def _look(settings: "Settings", own: "DeskToml", theme: str | None) -> "Look":
    """Let what was typed decide, then the variable, then the file. Raises Failure."""
    from deskcal.tui.desk_toml import THEME_NAMES
    from deskcal.tui.look import Look
    from deskcal.tui.marks import MARKS

    theme = theme or settings.desk_theme
    if theme is not None and theme not in THEME_NAMES:
        raise Failure(f"There is no theme {theme}. There is: {', '.join(THEME_NAMES)}", Exit.USAGE)
    marks = MARKS[settings.desk_marks or own.marks or "ascii"]
    return Look(theme=theme or own.theme, marks=marks, keys=own.keys, problems=own.problems)


def _name(settings: "Settings", own: "DeskToml") -> AbstractContextManager[str]:
    from deskcal.tui.desk_name import free_name

    if settings.desk_name:
        return nullcontext(settings.desk_name)
    return free_name(settings.data_dir, own.name or socket.gethostname())


def _check_host(host: str, behind_proxy: str | None) -> None:
    if behind_proxy is not None:
        if urlsplit(behind_proxy).scheme not in {"http", "https"}:
            raise Failure(
                f"--behind-proxy wants an address such as https://desk.example, not {behind_proxy}",
                Exit.USAGE,
            )
        return
    try:
        on_this_machine = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        on_this_machine = False
    if not on_this_machine:
        raise Failure(
            f"The desk in the browser has no login of its own, so it does not listen on {host}. "
            "Behind a proxy that asks people to log in, say its address with --behind-proxy URL.",
            Exit.USAGE,
        )


def _serve(
    options: Options, address: Server, look: "Look", *, host: str, port: int, public_url: str | None
) -> None:
    from deskcal.tui.web.serving import serve

    settings = options.settings()
    given = {
        "DATA_DIR": str(settings.data_dir),
        "SERVER_URL": address.url,
        "TOKEN": None if address.fresh_token else address.token,
        "CLINIC": settings.clinic,
        "DESK_THEME": look.theme,
    }
    os.environ.update({f"DESKCAL_{name}": value for name, value in given.items() if value})

    def ready(url: str) -> None:
        typer.echo(f"deskcal desk on {url}")
        options.say("It has no login of its own: whoever opens it is at the desk. Ctrl-C stops it.")

    try:
        serve(host, port, public_url=public_url, ready=ready)
    except OSError as error:
        raise Failure(f"Nothing can listen on {host}:{port}: {error.strerror}.", Exit.USAGE) from error


def _reached(options: Options) -> Server:
    settings = options.settings()
    signed_in = read_sign_in(settings.data_dir)
    elsewhere = settings.server_url is not None or (signed_in is not None and not is_here(signed_in.url))
    if not elsewhere and not _answers(read_address(settings.data_dir)):
        options.say("Starting a server …")
        process = background.start(settings.data_dir)
        background.wait_ready(process, settings.data_dir)
    return find_server(options)


def _answers(address: Address | None) -> bool:
    """Tell whether something listens there: a killed server leaves its address behind."""
    if address is None:
        return False
    place = urlsplit(address.url)
    try:
        socket.create_connection((place.hostname or "", place.port or 443), timeout=2).close()
    except OSError:
        return False
    return True
