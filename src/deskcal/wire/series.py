"""Series, walk-ins and parties on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from deskcal.wire.booking import Appointment, Canceled, CancelRequest, Key, Mode, ProviderOrAny
from deskcal.wire.calendar import Judged, RefusedStart
from deskcal.wire.people import NewPatient
from deskcal.wire.shape import Request, Shape

Moment = Annotated[str, Meta(max_length=64)]
Notes = Annotated[str, Meta(max_length=4000)]


class NewSeries(Request, kw_only=True):
    """Appointments to make by a rule, `FREQ=WEEKLY;COUNT=10`, on the provider's wall clock.

    `start` is the first, local or with an offset. With `skip` what cannot be had is left out, else nothing is
    booked unless all can be had. `dry_run` judges each and books none.
    """

    patient_id: UUID
    service_id: UUID
    provider_id: UUID
    start: Moment
    recurrence_rule: Annotated[str, Meta(min_length=1, max_length=2000)]
    room_id: UUID | None = None
    mode: Mode | None = None
    notes: Notes | None = None
    on_conflict: Literal["fail", "skip"] = "fail"
    dry_run: bool = False
    idempotency_key: Key | None = None


class Series(Shape, kw_only=True):
    """Appointments that were booked by one rule; `start` is the first that the rule means."""

    id: UUID
    patient_id: UUID
    provider_id: UUID
    service_id: UUID
    room_id: UUID | None
    rule: str
    start: datetime
    timezone: str
    created_at: datetime


class SeriesBooked(Shape, kw_only=True):
    """A series that was made, and what of it could not be had."""

    series: Series
    booked: list[Appointment]
    refused: list[RefusedStart]


class SeriesJudged(Shape, kw_only=True):
    """What would come of a series: a verdict on each of it."""

    verdicts: list[Judged]


class SeriesShown(Shape, kw_only=True):
    """A series with all its appointments by start, canceled ones too."""

    series: Series
    appointments: list[Appointment]


class CancelSeriesRequest(CancelRequest, kw_only=True):
    """Cancels what has not begun, from now or from a local date or an instant on."""

    since: Moment | None = field(default=None, name="from")


class SeriesCanceled(Shape, kw_only=True):
    """What was canceled, each with its own fee and refund."""

    canceled: list[Canceled]


class NewWalkIn(Request, kw_only=True):
    """Somebody who stands at the desk: a patient by id, or a new one."""

    service_id: UUID
    patient_id: UUID | None = None
    patient: NewPatient | None = None
    provider_id: ProviderOrAny = "any"
    notes: Notes | None = None
    idempotency_key: Key | None = None


class NewParty(Request, kw_only=True):
    """Patients who come together: at the same time with several providers, or one after the other with one.

    `start` is local in the clinic's zone, or with an offset.
    """

    patients: Annotated[list[UUID], Meta(min_length=2, max_length=20)]
    service_id: UUID
    start: Moment
    adjacency: Literal["same_time", "back_to_back"]
    provider_ids: Annotated[list[UUID], Meta(min_length=1, max_length=50)] | Literal["any"] = "any"
    idempotency_key: Key | None = None


class PartyBooked(Shape, kw_only=True):
    """The appointments of a party, in the order of its patients; they share a `batchId`."""

    bookings: list[Appointment]
