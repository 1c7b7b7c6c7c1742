"""What the desk told the person at it: the last message, and those before."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime

KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A result, or in `alarm` something that needs a look. `at` is the server's time."""

    words: str
    alarm: bool
    at: datetime


class Said:
    """The last fifty messages, newest last."""

    def __init__(self) -> None:
        self.messages: deque[Message] = deque(maxlen=KEPT)

    @property
    def last(self) -> Message | None:
        return self.messages[-1] if self.messages else None

    def say(self, words: str, at: datetime, *, alarm: bool = False) -> None:
        self.messages.append(Message(words=words, alarm=alarm, at=at))
