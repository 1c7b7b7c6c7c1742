"""Reports on the wire: counts and minutes of local dates, and nothing about single patients.

A `rate` is a part of 1, and null where there is nothing to divide by.
"""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from deskcal.wire.shape import Shape


class Report(Shape, kw_only=True):
    """Local dates, both included, each of the place where an appointment is."""

    from_: date = msgspec.field(name="from")
    to: date


class VolumeCounts(Shape, kw_only=True):
    """`booked` are all appointments, whatever became of them; the others are some of these."""

    booked: int
    completed: int
    canceled: int
    no_shows: int
    walk_ins: int


class VolumeRow(VolumeCounts, kw_only=True):
    """A date, or the week that begins on it, of which only what is in the report counts."""

    date: date


class VolumeReport(Report, kw_only=True):
    """`GET /v1/reports/volume`: a row for each day or week, also for empty ones."""

    per: Literal["day", "week"]
    rows: list[VolumeRow]
    total: VolumeCounts


class NoShowRow(Shape, kw_only=True):
    """Who missed what was booked: of all, of a provider, a weekday, or so long after it was booked.

    The `rate` is `missed` of `kept` and `missed`. Left out of it are those that the provider missed, canceled
    ones, and those that nobody has marked.
    """

    by: Literal["all", "provider", "weekday", "lead_time"]
    provider_id: UUID | None
    name: str
    kept: int
    missed: int
    rate: float | None
    missed_by_provider: int
    canceled: int
    unmarked: int


class NoShowReport(Report, kw_only=True):
    """`GET /v1/reports/no-shows`: the row of all first."""

    rows: list[NoShowRow]


class UseCounts(Shape, kw_only=True):
    """Minutes: open ones, those booked in them, and those booked outside of open hours.

    Open is what hours, windows and closures leave. What overlaps counts once, buffers do not count.
    """

    open_minutes: int
    booked_minutes: int
    outside_minutes: int
    rate: float | None


class UseRow(UseCounts, kw_only=True):
    """A local date of a provider."""

    date: date
    provider_id: UUID
    provider_name: str


class UseLeftOut(Shape, kw_only=True):
    """Appointments in nobody's use: canceled, given to others after a no-show, with retired providers."""

    canceled: int
    freed: int
    retired: int


class UtilizationReport(Report, kw_only=True):
    """`GET /v1/reports/utilization`: provider by provider, dates that are closed and empty left out."""

    rows: list[UseRow]
    total: UseCounts
    left_out: UseLeftOut


class PeakHour(Shape, kw_only=True):
    """How many appointments start within an hour of a weekday's wall clock; `weekday` 0 is Monday."""

    weekday: int
    hour: int
    booked: int


class PeakHoursReport(Report, kw_only=True):
    """`GET /v1/reports/peak-hours`: hours in which nothing starts have no row."""

    rows: list[PeakHour]
    total: int
    canceled: int
