"""What deskcal asks of the world outside, and how it is told that something did not work there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from deskcal.core.booking import Mode


class OutsideFailed(Exception):
    """Somebody outside did not do what was asked; `str()` says who and how, for ops, and names no person."""


class Side(StrEnum):
    """Who enters a remote session."""

    PROVIDER = "provider"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """How one side enters a session: through a link, or with a client that takes a session and a token."""

    url: str | None = None
    application_id: str | None = None
    session_id: str | None = None
    token: str | None = None
    token_expires_at: datetime | None = None


class MakesSessions(Protocol):
    """A service in which provider and patient meet remotely."""

    @property
    def name(self) -> str:
        """The name under which its sessions are kept."""

    async def make(self, mode: Mode) -> str:
        """Make a session; gives what opens it, to be kept sealed. Raises OutsideFailed."""

    def way_in(self, kept: str, side: Side, now: datetime) -> WayIn:
        """Let one side in, with what `make` gave; asks nobody."""
