"""What the desk told the person at it: the last message, and those before."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = 50
UNDO_SHOWN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A result, or in `alarm` something that needs a look. `at` is the server's time.

    `undo` tells that `u` takes it back.
    """

    words: str
    alarm: bool
    at: datetime
    undo: bool = False

    def undo_left(self, now: datetime) -> int:
        """Give for how many seconds it is still told that `u` takes it back."""
        return max(0, round((self.at + UNDO_SHOWN - now).total_seconds())) if self.undo else 0


class Said:
    """The last fifty messages, newest last."""

    def __init__(self) -> None:
        self.messages: deque[Message] = deque(maxlen=KEPT)

    @property
    def last(self) -> Message | None:
        return self.messages[-1] if self.messages else None

    def say(self, words: str, at: datetime, *, alarm: bool = False, undo: bool = False) -> None:
        self.messages.append(Message(words=words, alarm=alarm, at=at, undo=undo))
