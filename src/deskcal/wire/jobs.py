"""Jobs on the wire: work on many appointments at once, and what became of each."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from deskcal.wire.booking import AppointmentStatus, Key, Reason
from deskcal.wire.shape import Request, Shape

JobState = Literal["waiting", "running", "done", "stopped", "undone"]
ItemState = Literal["waiting", "done", "refused", "skipped", "undone"]
Day = Annotated[str, Meta(max_length=64)]


class NewJob(Request, kw_only=True):
    """What to do to the appointments that start on local dates `from` to `to`, both inclusive.

    They are of a provider, or at a location; without a `status`, those for which nobody has come yet. A move
    is by `days` and `minutes` of the wall clock, or to the same time on `toDate`; to reassign is to give them
    to `toProviderId` at their times. A cancellation takes no fee unless `waiveFee` is false. A dry run says
    what would come of each and changes nothing.
    """

    kind: Literal["cancel", "move", "reassign"]
    first: Day = field(name="from")
    last: Day = field(name="to")
    provider_id: UUID | None = None
    location_id: UUID | None = None
    service_id: UUID | None = None
    status: AppointmentStatus | None = None
    reason: Reason | None = None
    waive_fee: bool = True
    days: Annotated[int, Meta(ge=-3660, le=3660)] = 0
    minutes: Annotated[int, Meta(ge=-1440, le=1440)] = 0
    to_date: Day | None = None
    to_provider_id: UUID | None = None
    dry_run: bool = False
    idempotency_key: Key | None = None


class UndoRequest(Request, kw_only=True):
    """A dry run says what could be brought back, and brings nothing back."""

    dry_run: bool = False
    idempotency_key: Key | None = None


class Job(Shape, kw_only=True):
    """A job and how far it is: `done`, `refused` and `skipped` are numbers of appointments out of `total`.

    `request` is what was wanted. `done` counts also what was undone since. `createdBy` is a token's subject.
    """

    id: UUID
    kind: str
    request: dict[str, object]
    state: JobState
    total: int
    done: int
    refused: int
    skipped: int
    undo_of: UUID | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class Place(Shape, kw_only=True):
    """Where an appointment was, or is."""

    status: AppointmentStatus
    provider_id: UUID
    room_id: UUID | None
    start: datetime
    end: datetime


class JobItem(Shape, kw_only=True):
    """What became of the `n`th appointment of a job; `reason` is why it was refused or skipped."""

    n: int
    appointment_id: UUID
    reference: str
    patient_name: str
    timezone: str
    state: ItemState
    before: Place | None
    after: Place | None
    reason: str | None


class JobJudged(Shape, kw_only=True):
    """What would come of a job: a verdict on each appointment, in the order in which they had their turns."""

    items: list[JobItem]
