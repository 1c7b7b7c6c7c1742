"""Dates and times as people type them on the command line, and as it prints them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from deskcal.core.localtime import clock, parse_local
from deskcal.core.refusals import Invalid
from deskcal.core.span import Span
from deskcal.tui.when import NotADate, read_birth, read_day


def day_of(text: str, zone: ZoneInfo, *, field: str = "date") -> date:
    """Read `today`, `tomorrow`, `fri`, `+3`, `3 dec` or ISO, counted from today in the zone."""
    try:
        return read_day(text, today(zone))
    except NotADate as error:
        raise Invalid((field, str(error))) from error


def birth_of(text: str) -> date:
    """Read a birth date, which needs its year."""
    try:
        return read_birth(text, today(ZoneInfo("UTC")))
    except NotADate as error:
        raise Invalid(("dob", str(error))) from error


def start_of(text: str, zone: ZoneInfo) -> datetime:
    """Read `2026-11-23 10:30` or `fri 9:30` on the zone's wall clock, or RFC 3339; to UTC."""
    day, _, time = text.strip().rpartition(" ")
    if day:
        text = f"{day_of(day, zone, field='start')} {time.zfill(len('09:30'))}"
    return parse_local(text, zone)


def today(zone: ZoneInfo) -> date:
    return datetime.now(UTC).astimezone(zone).date()


def said(at: datetime, zone: ZoneInfo) -> str:
    """Say an instant: `2026-11-23 10:30 EST`."""
    return f"{at.astimezone(zone):%Y-%m-%d} {clock(at, zone)}"


def said_span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """Say a visit: `Mon 2026-11-23 10:30-11:00 EST`."""
    span = Span(start=start, end=end)
    return f"{span.start.astimezone(zone):%a %Y-%m-%d %H:%M}-{clock(span.end, zone)}"
