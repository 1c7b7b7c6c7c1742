"""What a follower of the live feed is told besides the events: how the connection stands."""

from dataclasses import dataclass
from datetime import datetime

from deskcal.wire.realtime import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The connection stands; what follows is complete from `seq` on. `server_time` is the server's now."""

    seq: int
    server_time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The connection is gone; another try in `retry_in` seconds."""

    why: str
    retry_in: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Resync:
    """Too much happened to tell it all: fetch again what is on screen; events go on after `seq`."""

    seq: int


Told = Event | Live | Lost | Resync
