"""A stretch of time as a request names it: by local dates, local times or instants."""

from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from litestar.params import QueryParameter

from deskcal.core.localtime import local_day, parse_date, parse_local
from deskcal.core.span import Span
from deskcal.flows import search

Start = Annotated[
    str | None, QueryParameter(description="A date, a local time or an instant; now if not given.")
]
End = Annotated[
    str | None, QueryParameter(description="The same, at most 62 days on; two weeks if not given.")
]

UNLESS_SAID = timedelta(days=14)
_DATE = len("2026-03-09")


def read_period(start: str | None, end: str | None, zone: ZoneInfo, *, now: datetime) -> Span:
    """Read from when to when: a date is the whole day, a local time is of the zone.

    It is from now on, and two weeks long, unless said. Raises Invalid and NonexistentTime.
    """
    first = _edges(start, zone, "start")[0] if start else now
    behind = _edges(end, zone, "end")[1] if end else first + UNLESS_SAID
    return search.window(first, behind)


def _edges(text: str, zone: ZoneInfo, field: str) -> tuple[datetime, datetime]:
    """Give where it begins and ends: both the same but for a date."""
    if len(text) > _DATE:
        at = parse_local(text, zone, field=field)
        return at, at
    day = local_day(parse_date(text, field=field), zone)
    return day.start, day.end
