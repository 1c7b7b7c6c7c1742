"""`deskcal tui`: the desk, with a server started for it where none runs."""

import socket
from urllib.parse import urlsplit

import typer

from deskcal.cli import background
from deskcal.cli.options import Options, options_of
from deskcal.cli.session import Server, choose_clinic, find_server, is_here, read_id, with_server
from deskcal.server.folder import Address, read_address, read_sign_in


def tui(context: typer.Context) -> None:
    """Open the desk in this terminal.

    Starts a server in the background when none runs on the data folder and no server is named.
    """
    options = options_of(context)
    settings = options.settings()
    address = _reached(options)
    clinic_id = read_id(settings.clinic or "")
    if settings.clinic and clinic_id is None:
        clinics = with_server(context, lambda client: client.clinics())
        clinic_id = choose_clinic(clinics, settings.clinic).id

    from deskcal.tui.run import run

    name = settings.desk_name or socket.gethostname()
    run(
        url=address.url,
        token=address.token,
        clinic_id=clinic_id,
        desk_name=name,
        fresh_token=address.fresh_token,
    )


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
