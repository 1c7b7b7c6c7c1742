"""How the desk stands to its server, in the one word that the first line shows."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

SLOW, SLOW_AFTER = "SLOW", 3.0


class Line(StrEnum):
    """Whether news arrives."""

    CONNECTING = "CONNECTING"
    LIVE = "LIVE"
    OFFLINE = "OFFLINE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """`since` is when it became so; `retry_at` when the next try comes, while offline."""

    line: Line
    since: datetime
    retry_at: datetime | None = None
    why: str = ""

    @property
    def is_offline(self) -> bool:
        return self.line is Line.OFFLINE

    def word(self, now: datetime, waiting_since: datetime | None = None) -> str:
        """Give `LIVE`, `SLOW` after 3 s without an answer, or `OFFLINE` and for how long."""
        if self.is_offline:
            return f"OFFLINE {ago((now - self.since).total_seconds())}"
        slow = waiting_since is not None and (now - waiting_since).total_seconds() > SLOW_AFTER
        return SLOW if slow and self.line is Line.LIVE else str(self.line)

    def retry_words(self, now: datetime) -> str:
        """Say when the next try comes, and the key for not waiting."""
        wait = (self.retry_at - now).total_seconds() if self.retry_at else 0
        return f", next try in {ago(wait)} (R now)" if wait > 0 else ""


def ago(seconds: float) -> str:
    """Write an age: `12s`, `4m12s`, `2h05m`."""
    whole = max(0, int(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
