"""One server process: its application, made from a plan that also travels to child processes."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
from litestar import Litestar

from deskcal.core.outside import MakesSessions
from deskcal.flows.board import Board
from deskcal.flows.bulk import KINDS
from deskcal.flows.offering import offerer_of_freed_time
from deskcal.flows.plans import Rehouse
from deskcal.flows.sessions import Sessions, maker_of_sessions
from deskcal.outside.jitsi import Jitsi
from deskcal.outside.vonage import Account, Vonage
from deskcal.server import logs
from deskcal.server.app import Lifespan, create_app
from deskcal.server.context import Context
from deskcal.server.duties import duties
from deskcal.server.feed import Feed
from deskcal.store.database import Database
from deskcal.store.sealed import Seal

PLAN = "DESKCAL_WORKER_PLAN"
WATCH_SECONDS = 0.5


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All that a server process needs to know."""

    database_url: str
    secret_key: str
    connections: int
    hold_seconds: int
    offer_seconds: int
    plan_seconds: int
    access_token_seconds: int
    jitsi_url: str
    vonage: Account | None = None


def make_app(plan: Plan, *, lifespan: Sequence[Lifespan] = ()) -> Litestar:
    """Compose the parts of one process; nothing connects before the application starts."""
    database = Database(plan.database_url, connections=plan.connections)
    board = Board(database)
    feed = Feed(database, board)

    def heard(clinic_id: UUID, seq: int) -> None:
        board.hear(clinic_id, seq)
        feed.ring(clinic_id)

    database.heard = heard
    jitsi = Jitsi(plan.jitsi_url)
    makers: tuple[MakesSessions, ...] = (Vonage(plan.vonage), jitsi) if plan.vonage else (jitsi,)
    sessions = Sessions(makers=makers, seal=Seal(plan.secret_key))
    context = Context(
        database=database,
        board=board,
        feed=feed,
        sessions=sessions,
        readers=(
            maker_of_sessions(database, sessions),
            offerer_of_freed_time(board, seconds=plan.offer_seconds),
        ),
        kinds={**KINDS, Rehouse.name: Rehouse},
        secret_key=plan.secret_key,
        hold_seconds=plan.hold_seconds,
        plan_seconds=plan.plan_seconds,
        access_token_seconds=plan.access_token_seconds,
    )
    app = create_app(context, lifespan=[duties, *lifespan])
    app.state.context = context
    return app


def from_environment() -> Litestar:
    """Make the application of a child process, which ends when its parent does."""
    logs.to_stderr()
    return make_app(msgspec.json.decode(os.environ[PLAN], type=Plan), lifespan=[_with_parent])


@asynccontextmanager
async def _with_parent(_app: Litestar) -> AsyncIterator[None]:
    """Stop when the parent was killed: an orphan would keep the port from the next server."""
    parent = os.getppid()

    async def watch() -> None:
        while os.getppid() == parent:  # noqa: ASYNC110  nothing tells of it but asking
            await asyncio.sleep(WATCH_SECONDS)
        signal.raise_signal(signal.SIGTERM)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()
