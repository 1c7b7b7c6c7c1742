"""Counts of days and stretches as the wire spells them."""

from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.aggregates import Stretch, Summary
from deskcal.wire.aggregates import CalendarDaySummary, MonthSummary, WeekSpan


def day_summary(found: Summary) -> CalendarDaySummary:
    return CalendarDaySummary(
        date=found.day,
        available_count=found.available,
        booked_count=found.booked,
        limited=found.limited,
        full=found.full,
        closed=found.closed,
    )


def month_summary(found: Summary, *, filters: dict[str, UUID]) -> MonthSummary:
    """Spell a date for whoever shows its month with these filters."""
    return MonthSummary(
        month=f"{found.day:%Y-%m}",
        date=found.day,
        available_count=found.available,
        booked_count=found.booked,
        limited=found.limited,
        full=found.full,
        closed=found.closed,
        filters=filters,
    )


def week_span(found: Stretch, zone: ZoneInfo) -> WeekSpan:
    return WeekSpan(
        start=found.span.start.astimezone(zone),
        end=found.span.end.astimezone(zone),
        label=found.label(zone),
        severity=found.severity.value,
        available_count=found.available,
        provider_ids=list(found.provider_ids),
    )
