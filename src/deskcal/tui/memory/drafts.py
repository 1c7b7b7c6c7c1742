"""Bookings put aside: what was typed, for whom and which time, until somebody takes them up again."""

import sqlite3
from datetime import datetime
from uuid import UUID

import msgspec

from deskcal.tui.appointments.outline import Meant
from deskcal.tui.memory.file import NotKept
from deskcal.wire.calendar import Timeslot


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom it is for, in no more than it takes to find them again."""

    id: UUID
    name: str


def whose(appointment: Meant) -> Person:
    """Say whose appointment it is."""
    return Person(id=appointment.patient_id, name=appointment.patient_name)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A booking that was not finished, or with `moving` a move of that appointment.

    `typed` is what stood in the patient field.
    """

    id: UUID
    saved_at: datetime
    slot: Timeslot
    moving: UUID | None = None
    patient: Person | None
    typed: str
    reason: str


class Drafts:
    """The drafts of one clinic, oldest first; all desks of the folder see them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.scope = ""
        self._connection = connection

    def all(self) -> list[Draft]:
        found = self._connection.execute(
            "select body from drafts where scope = ? order by rowid", (self.scope,)
        )
        return [msgspec.json.decode(body, type=Draft) for [body] in found]

    def save(self, draft: Draft) -> None:
        """Save it; one that is there already is replaced. Raises NotKept."""
        row = (str(draft.id), self.scope, msgspec.json.encode(draft))
        try:
            self._connection.execute(
                "insert into drafts values (?, ?, ?) on conflict (id) do update set body = excluded.body", row
            )
        except sqlite3.Error as error:
            raise NotKept(f"The draft could not be saved: {error}.") from error

    def discard(self, draft_id: UUID) -> None:
        self._connection.execute("delete from drafts where id = ?", (str(draft_id),))
