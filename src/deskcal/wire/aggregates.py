"""Months and weeks on the wire: counts of a day, and stretches of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from deskcal.wire.shape import Shape


class CalendarDaySummary(Shape, kw_only=True):
    """A date of the month view. `limited` and `full` speak of the slots that are still to come.

    `closed` is a date on which nobody has a slot at all.
    """

    date: date
    available_count: int
    booked_count: int
    limited: bool
    full: bool
    closed: bool


class CalendarMonth(Shape, kw_only=True):
    """`GET /v1/calendar/month`: every date of a month."""

    days: list[CalendarDaySummary]
    timezone: str
    fetched_at: datetime
    seq: int


class WeekSpan(Shape, kw_only=True):
    """Some time in which the same providers are free; `available_count` free slots begin in it.

    `full` is time that is worked and wholly taken; what is closed or over has no span.
    """

    start: datetime
    end: datetime
    label: str
    severity: Literal["normal", "limited", "full"]
    available_count: int
    provider_ids: list[UUID]


class Week(Shape, kw_only=True):
    """`GET /v1/availability/week`: seven local days of the clinic."""

    spans: list[WeekSpan]
    timezone: str
    fetched_at: datetime
    seq: int


class MonthSummary(CalendarDaySummary, kw_only=True):
    """A date as the live feed tells it, for who shows its month with these filters: none, or `providerId`."""

    month: str
    filters: dict[str, UUID]


class DaySpans(Shape, kw_only=True):
    """`availability.span_updated`: a date of the clinic as it is now."""

    date: date
    spans: list[WeekSpan]
    month_summary: MonthSummary
