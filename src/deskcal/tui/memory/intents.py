"""What people decided while the server was away: sent in order when it answers, each with a verdict.

waiting ──> sending ──> done        until it was seen
   ^           │
   │           └──────> needs you   until somebody decides
   └───────────────────────┘        by trying again

A killed desk leaves `sending` behind; whoever sends next takes that for `waiting`. The keys of the steps are
made of the intent's id and its attempt, so a step that is sent again is the same step to the server.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid4, uuid5

import msgspec

from deskcal.tui.appointments.outline import Meant
from deskcal.tui.memory.drafts import Person
from deskcal.tui.memory.file import NotKept
from deskcal.wire.booking import AppointmentChange, CancelRequest
from deskcal.wire.calendar import Timeslot
from deskcal.wire.problem import Problem


class State(StrEnum):
    """Where an intent stands."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    NEEDS_YOU = "needs_you"


OPEN = (State.WAITING, State.SENDING, State.NEEDS_YOU)
Step = Literal["reserve", "confirm", "change"]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment as it was on screen when somebody decided about it."""

    id: UUID
    reference: str
    start: datetime
    provider_name: str
    version: int


def seen(appointment: Meant) -> Seen:
    """Note an appointment as it is on screen now."""
    return Seen(
        id=appointment.id,
        reference=appointment.reference,
        start=appointment.start,
        provider_name=appointment.provider_name,
        version=appointment.version,
    )


class Book(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Book a slot."""

    patient: Person
    slot: Timeslot
    reason: str


class Move(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Give an appointment the time of a slot."""

    patient: Person
    seen: Seen
    slot: Timeslot
    reason: str = ""


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Cancel an appointment, at the fee of the moment when it is sent."""

    patient: Person
    seen: Seen
    request: CancelRequest


class Become(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Say how an appointment goes on."""

    patient: Person
    seen: Seen
    request: AppointmentChange


Deed = Book | Move | Cancel | Become


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked before the line went, to be asked first: the key it had, and the hold it was for."""

    key: str
    token: str | None = None


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """A deed with what became of it. `by` is the desk that saved it, and under whose name it is sent.

    `sent` tells that this attempt may have reached the server, whatever the desk heard of it.
    """

    id: UUID
    by: str
    saved_at: datetime
    deed: Deed
    state: State = State.WAITING
    attempt: int = 1
    asked: Asked | None = None
    sent: bool = False
    verdict: str = ""
    problem: Problem | None = None
    ended_at: datetime | None = None
    made: UUID | None = None
    shown: bool = False

    @property
    def appointment_id(self) -> UUID | None:
        """The appointment that it is about; of a booking the one that it made."""
        return self.made if isinstance(self.deed, Book) else self.deed.seen.id

    def key(self, step: Step) -> str:
        """Give the idempotency key of a step in this attempt."""
        if self.asked and step != "reserve":
            return self.asked.key
        return str(uuid5(self.id, f"{step} {self.attempt}"))

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the time it is about has begun; that somebody came is worth telling even then."""
        match self.deed:
            case Book(slot=slot) | Move(slot=slot):
                return slot.start <= now
            case Cancel(seen=seen):
                return seen.start <= now
        return False

    def again(self) -> "Intent":
        """Give it as it is to be tried anew, with keys of its own."""
        return msgspec.structs.replace(
            self,
            state=State.WAITING,
            attempt=self.attempt + 1,
            asked=None,
            sent=False,
            verdict="",
            problem=None,
            ended_at=None,
        )

    def having_seen(self, version: int) -> "Intent":
        """Give it as decided about a newer version of its appointment."""
        if isinstance(self.deed, Book):
            return self
        seen = msgspec.structs.replace(self.deed.seen, version=version)
        return msgspec.structs.replace(self, deed=msgspec.structs.replace(self.deed, seen=seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many intents stand where; `open` is what the first line shows."""

    waiting: int = 0
    needs_you: int = 0

    @property
    def open(self) -> int:
        return self.waiting + self.needs_you


class Intents:
    """The queue of one clinic, oldest first; all desks of the folder share it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.scope = ""
        self._connection = connection

    def all(self) -> list[Intent]:
        found = self._connection.execute(
            "select body from intents where scope = ? order by rowid", (self.scope,)
        )
        return [msgspec.json.decode(body, type=Intent) for [body] in found]

    def counts(self) -> Counts:
        found = self._connection.execute(
            "select state, count(*) from intents where scope = ? group by state", (self.scope,)
        )
        by_state = dict(found.fetchall())
        waiting = by_state.get(State.WAITING, 0) + by_state.get(State.SENDING, 0)
        return Counts(waiting=waiting, needs_you=by_state.get(State.NEEDS_YOU, 0))

    def add(self, deed: Deed, *, by: str, now: datetime, asked: Asked | None = None) -> Intent:
        """Queue a deed; done ones that were seen make room. Raises NotKept."""
        intent = Intent(id=uuid4(), by=by, saved_at=now, deed=deed, asked=asked, sent=asked is not None)
        try:
            self._connection.execute(
                "insert into intents values (?, ?, ?, ?)",
                (str(intent.id), self.scope, intent.state, msgspec.json.encode(intent)),
            )
        except sqlite3.Error as error:
            raise NotKept(f"It could not be put in the queue: {error}.") from error
        for old in self.all():
            if old.state is State.DONE and old.shown:
                self.discard(old.id)
        return intent

    def put(self, intent: Intent) -> bool:
        """Write how an intent stands now; False when it was discarded meanwhile. Raises NotKept."""
        row = (intent.state, msgspec.json.encode(intent), str(intent.id))
        try:
            return (
                self._connection.execute("update intents set state = ?, body = ? where id = ?", row).rowcount
                > 0
            )
        except sqlite3.Error as error:
            raise NotKept(f"The queue could not be written: {error}.") from error

    def discard(self, intent_id: UUID) -> bool:
        """Drop an intent; False when it is being sent, or gone."""
        gone = self._connection.execute(
            "delete from intents where id = ? and state != ?", (str(intent_id), State.SENDING)
        )
        return gone.rowcount > 0
