"""Starts everything that `deskcal serve` runs, in order, and stops it in reverse."""

import asyncio
import http.client
import ipaddress
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog
import uvicorn
from uvicorn.supervisors import Multiprocess

from deskcal.core.access import SYSTEM, Role
from deskcal.core.refusals import Refusal
from deskcal.flows import tokens
from deskcal.flows.asking import Asking
from deskcal.outside.vonage import Account
from deskcal.server import folder
from deskcal.server.context import utc_now
from deskcal.server.worker import PLAN, Plan, make_app
from deskcal.settings import Settings
from deskcal.store import embedded, migrate
from deskcal.store.database import SERVER_ROLE, Database
from deskcal.store.tokens import Token

WATCH_SECONDS = 0.5
DRAIN_SECONDS = 5
OPS_TOKEN_DAYS = 3650
DATABASE = "deskcal"

logger = structlog.get_logger()


class ServeRefusal(Exception):
    """The server cannot start so; `str()` says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where and how the server listens. Port 0 takes any that is free."""

    host: str = "127.0.0.1"
    port: int = 8765
    workers: int = 1
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False

    @property
    def tls(self) -> bool:
        """Tell whether it speaks https itself."""
        return self.tls_cert is not None and self.tls_key is not None

    def insist_safe(self) -> None:
        """Refuse to send tokens and names over a network in the clear."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ServeRefusal("TLS needs both files: --tls-cert and --tls-key.")
        if not (_is_loopback(self.host) or self.tls or self.behind_proxy):
            raise ServeRefusal(
                f"{self.host} can be reached from other machines. Give --tls-cert and --tls-key, or "
                "--behind-proxy when a proxy in front does TLS."
            )


def serve(settings: Settings, listening: Listening, *, ready: Callable[[str], None]) -> None:
    """Run until SIGTERM or SIGINT. `ready` gets the address once requests are answered.

    Raises ServeRefusal, FolderInUse or ClusterRefusal, each with a sentence for the operator.
    """
    listening.insist_safe()
    vonage = _vonage(settings)
    place = settings.data_dir
    with folder.alone(place), _bound(listening) as bound, _database(settings) as url:
        plan = Plan(
            database_url=url,
            secret_key=settings.secret_key or folder.secret_key(place),
            connections=settings.database_connections,
            hold_seconds=settings.hold_seconds,
            offer_seconds=settings.offer_minutes * 60,
            plan_seconds=settings.plan_minutes * 60,
            access_token_seconds=settings.access_token_seconds,
            jitsi_url=settings.jitsi_url,
            vonage=vonage,
        )
        token = asyncio.run(_ops_token(plan, place))
        address = _address(listening, bound)
        announced = threading.Thread(
            target=_announce, args=(listening, bound, place, folder.Address(url=address, token=token), ready)
        )
        announced.daemon = True
        announced.start()
        try:
            _run(plan, listening, bound)
        finally:
            folder.forget_address(place)


def _run(plan: Plan, listening: Listening, bound: socket.socket) -> None:
    config = uvicorn.Config(
        app="deskcal.server.worker:from_environment" if listening.workers > 1 else make_app(plan),
        factory=listening.workers > 1,
        workers=listening.workers,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=listening.behind_proxy,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        ssl_certfile=listening.tls_cert,
        ssl_keyfile=listening.tls_key,
    )
    # uvicorn raises the signal that stopped it once more, and there is a database to stop after it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    if listening.workers == 1:
        uvicorn.Server(config).run(sockets=[bound])
        return
    os.environ[PLAN] = msgspec.json.encode(plan).decode()
    Multiprocess(config, sockets=[bound]).run()


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """Give the URL of a migrated database: one's own, or the embedded one, kept running meanwhile."""
    if settings.database_url is not None:
        migrate.upgrade(settings.database_admin_url or settings.database_url)
        yield settings.database_url
        return
    cluster = embedded.prepare(settings.data_dir / "postgres")
    cluster.start()
    stopped = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cluster, stopped), daemon=True)
    try:
        migrate.create_database(cluster.url(), DATABASE)
        migrate.upgrade(cluster.url(database=DATABASE))
        watcher.start()
        yield cluster.url(user=SERVER_ROLE, database=DATABASE)
    finally:
        stopped.set()
        if watcher.ident:
            watcher.join()
        cluster.stop()


def _watch(cluster: embedded.Cluster, stopped: threading.Event) -> None:
    """Start PostgreSQL again whenever it is gone."""
    while not stopped.wait(WATCH_SECONDS):
        if not cluster.running():
            logger.warning("postgresql_is_gone", action="starting it again")
            try:
                cluster.start()
            except embedded.ClusterRefusal as refusal:
                logger.error("postgresql_does_not_start", error=str(refusal))  # noqa: TRY400  it is for people


def _vonage(settings: Settings) -> Account | None:
    """Give the account for remote sessions, if there is one. Raises ServeRefusal when it cannot be used."""
    if settings.vonage_application_id is None:
        return None
    key, file = settings.vonage_private_key, settings.vonage_private_key_file
    if key is None and file is None:
        raise ServeRefusal(
            "DESKCAL_VONAGE_APPLICATION_ID needs the application's private key. Set "
            "DESKCAL_VONAGE_PRIVATE_KEY, or DESKCAL_VONAGE_PRIVATE_KEY_FILE with the file that holds it."
        )
    try:
        return Account(
            application_id=settings.vonage_application_id,
            private_key=file.read_text() if file else key or "",
            video_url=settings.vonage_video_url,
            conversation_url=settings.vonage_conversation_url,
        )
    except OSError as error:
        raise ServeRefusal(f"Cannot read {file}: {os.strerror(error.errno or 0)}.") from error
    except ValueError as error:
        raise ServeRefusal(
            "The private key of the Vonage application is not one in PEM. Set it as in the file from Vonage."
        ) from error


async def _ops_token(plan: Plan, place: Path) -> str:
    """Keep the ops token of an earlier start if it is still good, else make one."""
    database = Database(plan.database_url, connections=2)
    await database.open()
    try:
        kept = folder.ops_token(place)
        if kept is not None:
            try:
                await tokens.actor_of(database, kept, secret_key=plan.secret_key, now=utc_now())
            except Refusal:
                pass
            else:
                return kept
        grant = tokens.Grant(
            role=Role.OPS,
            name="this machine",
            patient_id=None,
            provider_id=None,
            scopes=None,
            days=OPS_TOKEN_DAYS,
        )
        asking = Asking[tuple[Token, str]](actor=SYSTEM, now=utc_now())
        _, text = await tokens.create(database, asking, grant)
        folder.keep_ops_token(place, text)
        return text
    finally:
        await database.close()


@contextmanager
def _bound(listening: Listening) -> Iterator[socket.socket]:
    try:
        bound = socket.create_server((listening.host, listening.port), backlog=2048)
    except OSError as error:
        raise ServeRefusal(
            f"Cannot listen on {listening.host}:{listening.port}: {os.strerror(error.errno or 0)}. "
            "Choose another port with --port."
        ) from error
    bound.set_inheritable(True)
    with bound:
        yield bound


def _address(listening: Listening, bound: socket.socket) -> str:
    host, port = bound.getsockname()[:2]
    shown = "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    return f"{'https' if listening.tls else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _announce(
    listening: Listening,
    bound: socket.socket,
    place: Path,
    address: folder.Address,
    ready: Callable[[str], None],
) -> None:
    """Wait until the server says that it is ready, then leave its address in the data folder."""
    host, port = bound.getsockname()[:2]
    host = "127.0.0.1" if ipaddress.ip_address(host).is_unspecified else host
    unverified = ssl._create_unverified_context  # noqa: SLF001  it asks itself, by address
    while True:
        connection = (
            http.client.HTTPSConnection(host, port, timeout=2, context=unverified())
            if listening.tls
            else http.client.HTTPConnection(host, port, timeout=2)
        )
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == http.HTTPStatus.OK:
                break
        except OSError:
            pass
        finally:
            connection.close()
        threading.Event().wait(0.02)
    folder.write_address(place, address)
    ready(address.url)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
