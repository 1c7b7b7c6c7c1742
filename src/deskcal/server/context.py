"""What every route of one server process works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from litestar.di import NamedDependency

from deskcal.flows.board import Board
from deskcal.flows.jobs import Kinds
from deskcal.flows.reading import Reader
from deskcal.flows.sessions import Sessions
from deskcal.server.feed import Feed
from deskcal.store.database import Database


def utc_now() -> datetime:
    """Read the clock of this machine."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The parts of a server process and the settings that routes read."""

    database: Database
    board: Board
    feed: Feed
    sessions: Sessions
    readers: Sequence[Reader]
    kinds: Kinds
    secret_key: str
    hold_seconds: int
    plan_seconds: int
    access_token_seconds: int
    now: Callable[[], datetime] = utc_now


Here = NamedDependency[Context]
"""How a route asks for its context."""
