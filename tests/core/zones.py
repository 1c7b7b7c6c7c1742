"""Every time zone, and the days on which its clock changes."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
FIRST, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 6 * 365 + 1


@cache
def change_days(name: str) -> tuple[date, ...]:
    """Find the local dates of 2025 to 2030 on which the zone's offset changes."""
    zone = ZoneInfo(name)
    offsets = [(FIRST + timedelta(days=n)).astimezone(zone).utcoffset() for n in range(DAYS + 1)]
    around = [(FIRST + timedelta(days=n)).date() for n in range(DAYS) if offsets[n] != offsets[n + 1]]
    return tuple(day + timedelta(days=n) for day in around for n in (0, 1))
