"""A month as the grid draws it: weeks of dates with their counts."""

from calendar import Calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from deskcal.tui.calendar.fullness import Fullness
from deskcal.wire.aggregates import CalendarDaySummary, CalendarMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """A date. `reason` is why it is closed, `load` the part that is booked, 0 to 1; where that is known."""

    date: date
    fullness: Fullness = Fullness.UNKNOWN
    free: int = 0
    booked: int = 0
    load: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthModel:
    """Weeks from Monday; a date of another month is None, so that nobody takes it for one of this month."""

    first: date
    today: date
    weeks: tuple[tuple[MonthDay | None, ...], ...]

    def place(self, day: date) -> tuple[int, int]:
        """Give the week and the weekday of a date of this month."""
        return (day.day - 1 + self.first.weekday()) // 7, day.weekday()

    def at(self, day: date) -> MonthDay:
        week, weekday = self.place(day)
        return self.weeks[week][weekday] or MonthDay(date=day)


def month_model(
    first: date,
    fetched: CalendarMonth | None,
    *,
    today: date,
    reason: Callable[[date], str],
    mine: bool = False,
) -> MonthModel:
    """Lay out the month that begins on `first`; before it is fetched its dates stand there without counts.

    `mine` is a count of some bookings only, which says nothing of the load.
    """
    known = {summary.date: summary for summary in fetched.days} if fetched else {}
    weeks = tuple(
        tuple(_day(day, known, reason, mine=mine) if day.month == first.month else None for day in week)
        for week in Calendar().monthdatescalendar(first.year, first.month)
    )
    return MonthModel(first=first, today=today, weeks=weeks)


def month_of(day: date, ahead: int = 0) -> date:
    """Give the first of the month that a date lies in, or of one so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
    return date(year, month + 1, 1)


def same_day(day: date, first: date) -> date:
    """Give the date with the same number in another month, or that month's last."""
    return min(first + timedelta(days=day.day - 1), month_of(first, 1) - timedelta(days=1))


def _day(
    day: date, known: dict[date, CalendarDaySummary], reason: Callable[[date], str], *, mine: bool
) -> MonthDay:
    summary = known.get(day)
    if summary is None:
        return MonthDay(date=day)
    free, booked = summary.available_count, summary.booked_count
    return MonthDay(
        date=day,
        fullness=_fullness(summary),
        free=free,
        booked=booked,
        load=None if mine else 1.0 if summary.full else booked / max(1, free + booked),
        reason=reason(day) if summary.closed else "",
    )


def _fullness(summary: CalendarDaySummary) -> Fullness:
    if summary.closed:
        return Fullness.CLOSED
    if summary.available_count:
        return Fullness.FEW if summary.limited else Fullness.FREE
    return Fullness.FULL if summary.full else Fullness.OVER
