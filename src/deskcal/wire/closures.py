"""The days on which a clinic or a location is closed, on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from deskcal.wire.booking import Appointment
from deskcal.wire.shape import Request, Shape


class Closure(Shape, kw_only=True):
    """Whole local days, both inclusive, of a location, or of the clinic where it names none."""

    id: UUID
    first: date
    last: date
    reason: str
    location_id: UUID | None
    source: Literal["manual", "holiday"]


class NewClosure(Request, kw_only=True):
    """Days to close; one day without `last`. A dry run closes nothing."""

    first: date
    last: date | None = None
    reason: Annotated[str, Meta(max_length=500)] = "Closed"
    location_id: UUID | None = None
    dry_run: bool = False
    idempotency_key: str | None = None


class PublicHolidays(Request, kw_only=True):
    """Whose public holidays to close on, by ISO codes such as `US` and `NY`; a dry run closes nothing."""

    country: str
    year: Annotated[int, Meta(ge=1900, le=2199)]
    subdivision: str | None = None
    location_id: UUID | None = None
    dry_run: bool = False
    idempotency_key: str | None = None


class Closed(Shape, kw_only=True):
    """What was asked for; `added` of it is new. The appointments fall on these days and stay booked.

    Of a dry run, the ids of what is new name nothing.
    """

    closures: list[Closure]
    added: int
    appointments: list[Appointment]
