"""`deskcal login` and `logout`: a person's session with a server, kept on this machine."""

import asyncio
import sys
from typing import Annotated

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import Options, options_of
from deskcal.cli.out import print_json
from deskcal.cli.session import find_server, is_here
from deskcal.cli.typed_password import typed_password
from deskcal.cli.whoami import introduce
from deskcal.client.errors import Refused, Unreachable
from deskcal.server.folder import SignIn, forget_sign_in, keep_sign_in, read_sign_in
from deskcal.wire.people import Me, TokenRequest


def login(
    context: typer.Context,
    email: Annotated[str | None, typer.Argument(help="Your e-mail address; else asked for.")] = None,
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin.")
    ] = False,
    device: Annotated[
        bool, typer.Option("--device", help="Sign in through a browser. Not there yet: use a password.")
    ] = False,
) -> None:
    """Sign in with e-mail address and password, and stay signed in on this machine.

    Commands and the desk then act as you, on the server that you signed in to, until `deskcal logout`.
    """
    if device:
        sentence = "Signing in through a browser is not there yet. Leave --device out and use a password."
        raise Failure(sentence, Exit.USAGE)
    if email is None:
        if not sys.stdin.isatty():
            raise Failure("Say as whom: deskcal login EMAIL", Exit.USAGE)
        email = str(typer.prompt("E-mail", err=True))
    options = options_of(context)
    url = find_server(options).url
    if not (url.startswith("https://") or is_here(url)):
        raise Failure(f"{url} would send your password in the clear. Use its https address.", Exit.USAGE)
    password = typed_password("Password", stdin=password_stdin)
    clinic = options.settings().clinic
    introduce(options, url, asyncio.run(begin(options, url, email, password, clinic=clinic)))


def logout(context: typer.Context) -> None:
    """End the session on this machine, on the server too, and forget what the desk remembers."""
    from deskcal.tui.memory.file import wipe

    options = options_of(context)
    folder = options.settings().data_dir
    kept = read_sign_in(folder)
    forget_sign_in(folder)
    wipe(folder)
    if kept is None:
        options.say("Nobody is signed in here.")
    else:
        try:
            asyncio.run(_end(kept))
        except Unreachable:
            options.say(f"{kept.url} does not answer: there the session ends by itself within 30 days.")
    if options.json:
        print_json({"signedOut": kept is not None})
    elif kept is not None:
        options.say(f"Signed out of {kept.url}.")


async def begin(options: Options, url: str, email: str, password: str, *, clinic: str | None) -> Me:
    """Sign in and keep the session; tells as whom."""
    from deskcal.client.http import Client

    request = TokenRequest(email=email, password=password, clinic=clinic)
    async with Client(url, "") as client:
        pair = await client.sign_in(request)
        client.token = pair.access_token
        me = await client.me()
    kept = SignIn(url=url.rstrip("/"), token=pair.access_token, refresh=pair.refresh_token)
    keep_sign_in(options.settings().data_dir, kept)
    return me


async def _end(kept: SignIn) -> None:
    from deskcal.client.http import Client

    async with Client(kept.url, "") as client:
        try:
            await client.sign_out(kept.refresh)
        except Refused as refused:
            if refused.problem.status != 401:  # noqa: PLR2004  it is over already
                raise
