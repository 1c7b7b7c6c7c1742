"""What a clinic's appointments add up to: counts by day, provider, weekday and hour, of no single patient."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from deskcal.core.refusals import Invalid
from deskcal.core.rota import DAYS

MOST_DAYS = 366
UNLESS_SAID = timedelta(days=27)
LEAD_DAYS = (0, 1, 3, 8, 15, 31)
"""Where a stretch of days between booking and visit begins."""
LEADS = (
    "entered afterwards",
    "same day",
    "1 to 2 days",
    "3 to 7 days",
    "8 to 14 days",
    "15 to 30 days",
    "longer",
)


class Step(StrEnum):
    """How long a row of a report is; a week begins on Monday."""

    DAY = "day"
    WEEK = "week"


class By(StrEnum):
    """What no-shows are counted by."""

    ALL = "all"
    PROVIDER = "provider"
    WEEKDAY = "weekday"
    LEAD_TIME = "lead_time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local dates, both included; each appointment is on the date of the wall clock where it takes place."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """List its dates."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def starts(self, step: Step) -> Iterator[date]:
        """Give the first date of each day or week that it touches."""
        return (day for day in dict.fromkeys(first_of(day, step) for day in self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Appointments of some days: `booked` are all, whatever became of them; the others are some of these."""

    booked: int = 0
    completed: int = 0
    canceled: int = 0
    no_shows: int = 0
    walk_ins: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            booked=self.booked + other.booked,
            completed=self.completed + other.completed,
            canceled=self.canceled + other.canceled,
            no_shows=self.no_shows + other.no_shows,
            walk_ins=self.walk_ins + other.walk_ins,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Of some appointments, how many patients came and how many missed it.

    Left out of the rate: those that the provider missed, canceled ones, and those nobody has marked.
    """

    by: By
    provider_id: UUID | None
    name: str
    kept: int
    missed: int
    missed_by_provider: int
    canceled: int
    unmarked: int

    @property
    def rate(self) -> float | None:
        """The part of patients who missed it; None where nobody was expected."""
        return _part(self.missed, self.kept + self.missed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Minutes of a provider's local date: open ones, those booked in them, and those booked outside of them.

    What overlaps counts once. Buffers do not count, nor what was canceled or given to others after a no-show.
    """

    opened: int = 0
    booked: int = 0
    outside: int = 0

    @property
    def rate(self) -> float | None:
        """The part of the open minutes that is booked; None on a date that is not open."""
        return _part(self.booked, self.opened)

    def __add__(self, other: "Use") -> "Use":
        return Use(
            opened=self.opened + other.opened,
            booked=self.booked + other.booked,
            outside=self.outside + other.outside,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How many appointments a report does not count, and why."""

    canceled: int = 0
    freed: int = 0
    retired: int = 0


def period(first: date | None, last: date | None, today: date) -> Period:
    """Give the period that is asked for: four weeks, up to today, unless said. Raises Invalid."""
    last = last or (first + UNLESS_SAID if first else today)
    first = first or last - UNLESS_SAID
    if last < first:
        raise Invalid(("to", f"{last} is before {first}"))
    if (last - first).days >= MOST_DAYS:
        raise Invalid(("from", f"a report covers {MOST_DAYS} days at most; ask for a year at a time"))
    return Period(first=first, last=last)


def first_of(day: date, step: Step) -> date:
    """Give the first date of the day or week that a date is in."""
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


def name_of(by: By, *, provider: str | None, weekday: int | None, lead: int | None) -> str:
    """Name a group of appointments."""
    if weekday is not None:
        return DAYS[weekday]
    return LEADS[lead] if lead is not None else provider or by.value


def _part(some: int, whole: int) -> float | None:
    return round(some / whole, 4) if whole else None
