"""Finding the server and the clinic that a command means, and talking to them."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import typer

from deskcal.cli.exits import Exit, Failure
from deskcal.cli.options import Options, options_of
from deskcal.cli.renewing import renewed
from deskcal.client.errors import Refused
from deskcal.server.folder import read_address, read_sign_in
from deskcal.wire.catalog import Clinic

if TYPE_CHECKING:
    from deskcal.client.calls import FreshToken
    from deskcal.client.http import Client

NO_CLINIC = 'There is no clinic yet. Make one: deskcal clinic create "Riverside" --timezone America/New_York'

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A server and one clinic on it."""

    options: Options
    client: "Client"
    clinic: Clinic

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.clinic.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where a server answers, the token to show it, and what renews that if somebody signed in."""

    url: str
    token: str
    fresh_token: "FreshToken | None" = None


def find_server(options: Options) -> Server:
    """Give the server named, else the one signed in to, else the one of the data folder.

    With it comes the token to show, if there is one. Raises Failure where no server is known.
    """
    settings = options.settings()
    local, signed_in = read_address(settings.data_dir), read_sign_in(settings.data_dir)
    known = [one for one in (signed_in, local) if one]
    url = settings.server_url or (known[0].url if known else None)
    if url is None:
        raise Failure(
            f"No deskcal server runs on the data folder {settings.data_dir}. Start one with: deskcal serve. "
            "Or name another server with --server URL.",
            Exit.UNREACHABLE,
        )
    if settings.token:
        return Server(url=url, token=settings.token)
    if signed_in and signed_in.url == url.rstrip("/"):
        return Server(url=url, token=signed_in.token, fresh_token=partial(renewed, settings.data_dir))
    return Server(url=url, token=local.token if local and local.url == url.rstrip("/") else "")


def is_here(url: str) -> bool:
    """Tell whether a server's address is one of this machine's own."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def with_server(context: typer.Context, work: Callable[["Client"], Awaitable[T]]) -> T:
    """Do something with a server, in no clinic unless the token is of one."""
    return asyncio.run(_asked(options_of(context), work))


def with_clinic(context: typer.Context, work: Callable[[Session], Awaitable[T]]) -> T:
    """Do something in the clinic that is meant."""
    options = options_of(context)

    async def in_clinic(client: "Client") -> T:
        clinic = choose_clinic(await client.clinics(), options.settings().clinic)
        client.clinic_id = clinic.id
        return await work(Session(options=options, client=client, clinic=clinic))

    return asyncio.run(_asked(options, in_clinic))


def choose_clinic(clinics: list[Clinic], wanted: str | None) -> Clinic:
    """Take the clinic of that id or slug, or the only one. Raises Failure, listing them."""
    if not clinics:
        raise Failure(NO_CLINIC, Exit.NOT_FOUND)
    slugs = ", ".join(clinic.slug for clinic in clinics)
    if wanted is not None:
        for clinic in clinics:
            if wanted in {clinic.slug, str(clinic.id)}:
                return clinic
        raise Failure(f"There is no clinic {wanted}. There is: {slugs}", Exit.NOT_FOUND)
    if len(clinics) > 1:
        raise Failure(f"There are several clinics. Say which with --clinic: {slugs}", Exit.USAGE)
    return clinics[0]


def read_id(text: str) -> UUID | None:
    """Read an id; None where it must be a name."""
    try:
        return UUID(text)
    except ValueError:
        return None


async def _asked(options: Options, work: Callable[["Client"], Awaitable[T]]) -> T:
    from deskcal.client.http import Client

    address = find_server(options)
    try:
        async with Client(address.url, address.token, fresh_token=address.fresh_token) as client:
            return await work(client)
    except Refused as refused:
        if address.token:
            raise
        sentence = f"{address.url} wants to know you. Sign in: deskcal login. Or give a token with --token."
        raise Failure(sentence, Exit.NOT_ALLOWED) from refused
