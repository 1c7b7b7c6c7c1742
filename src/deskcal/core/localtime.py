"""The one module that turns local dates and wall-clock times into instants, and instants into local words."""

import re
from bisect import bisect_left
from calendar import month_name, monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from deskcal.core.refusals import Invalid, NaiveTime, NonexistentTime
from deskcal.core.span import Span

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9-]{10})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)(Z|[+-][0-9]{2}:[0-9]{2})?", re.IGNORECASE
)
_YEARS = range(1900, 2200)


def find_zone(name: str) -> ZoneInfo:
    """Accept IANA names only, in their exact spelling; Invalid("timezone") suggests close ones."""
    zones = _zones()
    if zones.get(name.lower()) == name:
        return ZoneInfo(name)
    wanted = name.strip().lower().replace(" ", "_")
    close = dict.fromkeys(zones[key] for key in get_close_matches(wanted, zones, cutoff=0.75))
    hint = f"did you mean {' or '.join(close)}?" if close else "use a name such as America/New_York"
    raise Invalid(("timezone", f'"{name}" is not a time zone; {hint}'))


@cache
def _zones() -> Mapping[str, str]:
    names = sorted(available_timezones() - {"Factory", "localtime", "posixrules"})
    cities = {name.rpartition("/")[2].lower(): name for name in names}
    return cities | {name.lower(): name for name in names}


def local_day(day: date, zone: ZoneInfo) -> Span:
    """Span a local date, 23 to 25 hours; Invalid("date") if the zone skipped it altogether."""
    return local_days(day, day, zone)


def local_days(first: date, last: date, zone: ZoneInfo) -> Span:
    """Span local dates, first to last; Invalid("date") if the zone skipped them all."""
    span = whole_days(first, last, zone)
    if span is None:
        raise Invalid(("date", f"{first} never took place in {zone.key}; choose {last + timedelta(days=1)}"))
    return span


@lru_cache(maxsize=4096)
def whole_days(first: date, last: date, zone: ZoneInfo) -> Span | None:
    """Span local dates, first to last; None if the zone skipped them all."""
    start, end = midnight(first, zone), midnight(last + timedelta(days=1), zone)
    return Span(start=start, end=end) if start < end else None


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the UTC instant at which a local date begins."""
    return edge(datetime.combine(day, time()), zone)


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Give the UTC instant of a naive wall clock, the first if doubled; NonexistentTime in a gap."""
    before, after = _offsets(local, zone)
    if before < after:
        raise _skipped(local, zone)
    return (local - before).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def edge(local: datetime, zone: ZoneInfo) -> datetime:
    """Give the UTC instant at which a stretch of naive wall-clock time begins or ends.

    A nonexistent time becomes the first instant after the gap, a doubled one its first occurrence.
    """
    before, after = _offsets(local, zone)
    if before < after:
        whole = local.replace(microsecond=0, tzinfo=UTC)
        return _turn(whole - after, whole - before, zone)
    return (local - before).replace(tzinfo=UTC)


def segments(span: Span, zone: ZoneInfo) -> Iterator[tuple[Span, timedelta]]:
    """Cut a span where the zone's offset changes; each piece comes with its offset from UTC."""
    start = span.start
    while start != span.end:
        turn = _turn(start, span.end, zone)
        yield Span(start=start, end=turn), _offset(start, zone)
        start = turn


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """Give the offsets before and after: smaller first in a gap, larger first where doubled, else equal."""
    before = local.replace(tzinfo=zone, fold=0).utcoffset()
    after = local.replace(tzinfo=zone, fold=1).utcoffset()
    return before or timedelta(), after or timedelta()


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _turn(start: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Find the first instant after `start` with another offset, to the second; `end` if both agree."""
    offset = _offset(start, zone)
    if _offset(end, zone) == offset:
        return end
    seconds = range((end - start) // timedelta(seconds=1))
    changed = bisect_left(
        seconds, x=True, key=lambda s: _offset(start + timedelta(seconds=s), zone) != offset
    )
    return start + timedelta(seconds=changed)


def _skipped(local: datetime, zone: ZoneInfo) -> NonexistentTime:
    valid = edge(local, zone).astimezone(zone)
    return NonexistentTime(
        f"{local:%H:%M} on {local:%Y-%m-%d} does not exist in {zone.key}: clocks go forward; "
        f"the next valid time is {valid:%H:%M} {abbreviation(zone, valid)}",
        next_valid=valid,
    )


def parse_instant(text: str, zone: ZoneInfo, *, field: str = "start") -> datetime:
    """Read RFC 3339 with an offset or Z, to UTC.

    Raises NaiveTime without an offset, Invalid(field) for anything else, and NonexistentTime where the wall
    clock as written is skipped in `zone`: naive, or with the offset from before or after the gap.
    """
    moment = _read(text, field, "2026-03-09T09:30:00-04:00")
    if moment.tzinfo is None:
        example = to_instant(moment, zone).astimezone(zone)
        raise NaiveTime(f"{text} has no offset; write {example.isoformat()} for {zone_label(zone, example)}")
    return _existing(moment, zone, zulu=text.upper().endswith("Z"))


def parse_local(text: str, zone: ZoneInfo, *, field: str = "start") -> datetime:
    """Read what a person types, to UTC: `2026-03-09 09:30` in `zone`, or what parse_instant takes."""
    moment = _read(text, field, "2026-03-09 09:30")
    if moment.tzinfo is None:
        return to_instant(moment, zone)
    return _existing(moment, zone, zulu=text.upper().endswith("Z"))


def _existing(moment: datetime, zone: ZoneInfo, *, zulu: bool) -> datetime:
    wall = moment.replace(tzinfo=None)
    before, after = _offsets(wall, zone)
    if not zulu and before < after and moment.utcoffset() in (before, after):
        raise _skipped(wall, zone)
    return moment.astimezone(UTC)


def _read(text: str, field: str, example: str) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise Invalid((field, f'"{text}" is not a time; write it like {example}'))
    day = parse_date(match[1], field=field)
    try:
        return datetime.fromisoformat(f"{day}T{match[2]}{(match[3] or '').upper()}")
    except ValueError:
        raise Invalid(
            (field, f'"{match[2]}{match[3] or ""}" is not a time of day in {text}; write it like {example}')
        ) from None


@lru_cache(maxsize=4096)
def parse_date(text: str, *, field: str = "date") -> date:
    """Read YYYY-MM-DD of the years 1900 to 2199; Invalid(field) says which part is wrong."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise Invalid((field, f'"{text}" is not a date; write YYYY-MM-DD, such as 2026-03-09'))
    year, month, day = (int(part) for part in match.groups())
    if year not in _YEARS:
        raise Invalid((field, f'"{match[1]}" is not a year from {_YEARS[0]} to {_YEARS[-1]} in {text}'))
    if not 1 <= month <= 12:  # noqa: PLR2004  months of a year
        raise Invalid((field, f'"{match[2]}" is not a month in {text}; months run from 01 to 12'))
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Invalid(
            (field, f'"{match[3]}" is not a day in {text}; {month_name[month]} {year} ends on {last}')
        )
    return date(year, month, day)


def abbreviation(zone: ZoneInfo, at: datetime) -> str:
    """Say how the zone is called at that instant: EST; UTC-3 where the zone has only a number."""
    local = at.astimezone(zone)
    name = local.tzname() or ""
    if name.isalpha():
        return name
    minutes = _offset(at, zone) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def zone_label(zone: ZoneInfo, at: datetime) -> str:
    """Say the zone as every screen shows it: America/New_York (EST)."""
    return f"{zone.key} ({abbreviation(zone, at)})"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """Say an instant on the zone's wall clock: 10:32 EST."""
    return f"{at.astimezone(zone):%H:%M} {abbreviation(zone, at)}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Say an instant with its local date: 10:32 EST on Monday 2026-03-09."""
    return f"{clock(at, zone)} on {at.astimezone(zone):%A %Y-%m-%d}"


def stretch(span: Span, zone: ZoneInfo) -> str:
    """Say a span on the zone's wall clock: 09:00-12:00 EST; midnight at its end is 24:00."""
    start, end = clock(span.start, zone), clock(span.end, zone).replace("00:00", "24:00")
    from_time, from_name = start.split(" ", 1)
    return f"{from_time}-{end}" if end.endswith(f" {from_name}") else f"{start}-{end}"
