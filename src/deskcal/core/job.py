"""A job: one piece of work on many appointments, done one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from deskcal.core.access import Actor, Role, Scope
from deskcal.core.booking import Appointment, Status

MOST_ITEMS = 1000
"""A dry run keeps all of them from others while it lasts: some milliseconds each."""


class JobState(StrEnum):
    """Where a job stands; a stopped one can be taken up again."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    UNDONE = "undone"


class ItemState(StrEnum):
    """What became of one appointment; it is skipped where it was not meant any more when its turn came."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    SKIPPED = "skipped"
    UNDONE = "undone"


AT_WORK = frozenset({JobState.WAITING, JobState.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an appointment was before, or is after: what a job may change."""

    status: Status
    provider_id: UUID
    room_id: UUID | None
    start: datetime
    end: datetime

    @classmethod
    def of(cls, made: Appointment) -> "Place":
        return cls(
            status=made.status,
            provider_id=made.provider_id,
            room_id=made.room_id,
            start=made.span.start,
            end=made.span.end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One appointment of a job, the `n`th; `reason` says why it was refused or skipped."""

    n: int
    appointment_id: UUID
    reference: str
    patient_name: str
    timezone: str
    state: ItemState = ItemState.WAITING
    before: Place | None = None
    after: Place | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is wanted, by whom, and how far it is; items have their turns one after the other.

    `done` counts also what was undone since.
    """

    id: UUID
    kind: str
    request: Mapping[str, Any]
    state: JobState = JobState.WAITING
    total: int
    done: int = 0
    refused: int = 0
    skipped: int = 0
    undo_of: UUID | None = None
    created_by: str
    created_role: Role
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def had(self) -> int:
        """Say how many have had their turn."""
        return self.done + self.refused + self.skipped

    def actor(self, clinic_id: UUID) -> Actor:
        """Give the person who asked for it, allowed no more than what jobs do."""
        scopes = frozenset({Scope.APPOINTMENTS_WRITE})
        return Actor(sub=self.created_by, role=self.created_role, clinic_id=clinic_id, scopes=scopes)

    def counted(self, item: Item, now: datetime) -> "Job":
        """Count one that had its turn; the last one finishes the job."""
        over = self.had + 1 == self.total
        return replace(
            self,
            state=JobState.DONE if over else JobState.RUNNING,
            done=self.done + (item.state is ItemState.DONE),
            refused=self.refused + (item.state is ItemState.REFUSED),
            skipped=self.skipped + (item.state is ItemState.SKIPPED),
            finished_at=now if over else None,
        )
