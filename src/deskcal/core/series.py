"""Series of appointments: which starts a rule means, on the wall clock of whoever gives them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.recurrence import wrong
from deskcal.core.window import endless, read_rule, starts_by

MOST = 100
LONGEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Appointments that were booked together. `start` is the naive wall clock of the first in `timezone`."""

    id: UUID
    patient_id: UUID
    provider_id: UUID
    service_id: UUID
    room_id: UUID | None
    rule: str
    start: datetime
    timezone: str
    created_at: datetime


def read_series(text: str, start: datetime, zone: ZoneInfo) -> tuple[str, tuple[datetime, ...]]:
    """Read an RRULE whose first is at `start`; gives it in one spelling, and its wall-clock starts in order.

    Raises Invalid("recurrenceRule") for one that cannot be read, has no end, or is too long.
    """
    rule = read_rule(text, start, all_day=False, zone=zone)
    if endless(rule):
        raise wrong("a series of appointments has to end; add COUNT=10, or UNTIL=20271231")
    starts = tuple(islice(starts_by(rule, start), MOST + 1))
    if len(starts) > MOST:
        raise wrong(f"a series has {MOST} appointments at most; give a smaller COUNT, or an earlier UNTIL")
    if starts[-1] - start > LONGEST:
        raise wrong(f"the series goes on until {starts[-1]:%Y-%m-%d}; two years are the most")
    return rule, starts
