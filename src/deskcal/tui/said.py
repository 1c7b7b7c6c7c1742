"""What the desk told the person at it: the last message, and those before."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

KEPT = 50
UNDO_SHOWN = timedelta(seconds=10)
HIDDEN = "(hidden with the names; ctrl+l shows it)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A result, or in `alarm` something that needs a look. `at` is the server's time.

    `undo` tells that `u` takes it back. `open` is what was said while names were shown, so it may have some.
    """

    words: str
    alarm: bool
    at: datetime
    undo: bool = False
    open: bool = True

    def shown(self, *, private: bool) -> str:
        """Give the words, or while others look on what stands for those that may name somebody."""
        return HIDDEN if private and self.open else self.words

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

    def say(self, message: Message) -> None:
        self.messages.append(message)
