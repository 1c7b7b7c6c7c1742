"""The rows of a day: equal steps of the local wall clock, as many as that day really has."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`[start, end)` in UTC. `label` is the local time, with the zone's name in an hour that comes twice."""

    start: datetime
    end: datetime
    label: str


@lru_cache(maxsize=64)
def rows_between(first: datetime, last: datetime, zone: ZoneInfo, minutes: int) -> tuple[Row, ...]:
    """Cut `[first, last)` at every full `minutes` (a divisor of 60) of the wall clock of `zone`."""
    start = first.astimezone(UTC) - timedelta(minutes=first.astimezone(zone).minute % minutes)
    starts: list[datetime] = []
    while start < last:
        starts.append(start)
        start += timedelta(minutes=minutes - start.astimezone(zone).minute % minutes)
    walls = [instant.astimezone(zone) for instant in starts]
    times = Counter(f"{wall:%H:%M}" for wall in walls)
    return tuple(
        Row(
            start=begin,
            end=end,
            label=f"{wall:%H:%M %Z}" if times[f"{wall:%H:%M}"] > 1 else f"{wall:%H:%M}",
        )
        for begin, end, wall in zip(starts, [*starts[1:], start], walls, strict=True)
    )
