"""How calendars write a series: the parts of an RRULE and the times beside it, checked word by word."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from deskcal.core.localtime import edge, find_zone, parse_date
from deskcal.core.refusals import Invalid

_FIELD = "recurrenceRule"
_LINE = re.compile(r"(RRULE|RDATE|EXDATE)((?:;[^:;]+)*):(\S+)", re.IGNORECASE)
_MOMENT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,5}")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(rf"([+-]?[1-9][0-9]?)?({'|'.join(_DAYS)})")
_OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_RANGES: Mapping[str, range] = {
    "INTERVAL": range(1, 1001),
    "COUNT": range(1, 10_001),
    "BYMONTH": range(1, 13),
    "BYWEEKNO": range(-53, 54),
    "BYYEARDAY": range(-366, 367),
    "BYMONTHDAY": range(-31, 32),
    "BYHOUR": range(24),
    "BYMINUTE": range(60),
    "BYSETPOS": range(-366, 367),
}
_ENDS = {"COUNT", "UNTIL"}
_PARTS = ("FREQ", "UNTIL", "WKST", "BYDAY", *_RANGES)


def wrong(message: str) -> Invalid:
    """Make the refusal of a rule."""
    return Invalid((_FIELD, message))


def read_lines(text: str, zone: ZoneInfo) -> Iterator[tuple[str, ZoneInfo, str]]:
    """Give each line's name, the zone that its times are said in, and its value; a bare rule is an RRULE."""
    for line in re.sub(r"\r?\n[ \t]", "", text.strip()).splitlines():
        match = _LINE.fullmatch(line.strip() if ":" in line else f"RRULE:{line.strip()}")
        if match is None:
            raise wrong(f'"{line}" is not understood; write lines of RRULE, RDATE and EXDATE')
        name, parameters, value = match.groups()
        yield name.upper(), _zone_of(parameters, zone), value.upper()


def _zone_of(parameters: str, zone: ZoneInfo) -> ZoneInfo:
    for parameter in parameters.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.upper() == "TZID":
            try:
                zone = find_zone(value.strip('"'))
            except Invalid as unknown:
                raise wrong(unknown.fields[0][1]) from None
        elif parameter.upper() not in {"VALUE=DATE", "VALUE=DATE-TIME"}:
            raise wrong(f'"{parameter}" is not understood; leave it out')
    return zone


def read_moment(word: str, said_in: ZoneInfo, zone: ZoneInfo) -> tuple[date, time | None]:
    """Read a time, also one with Z, onto the wall clock of `zone`; a date comes without a time of day."""
    match = _MOMENT.fullmatch(word)
    if match is None:
        raise wrong(f'"{word}" is not a time; write 20260309T090000, 20260309T140000Z or 20260309')
    year, month, day, hour, minute, second, zulu = match.groups()
    on = parse_date(f"{year}-{month}-{day}", field=_FIELD)
    if hour is None:
        return on, None
    try:
        at = datetime.combine(on, time(int(hour), int(minute), int(second)))
    except ValueError:
        raise wrong(f'"{word}" has no time of day; hours run to 23, minutes and seconds to 59') from None
    if zulu:
        at = at.replace(tzinfo=UTC).astimezone(zone)
    elif said_in != zone:
        at = edge(at, said_in).astimezone(zone)
    return at.date(), at.time()


def read_pattern(value: str, start: datetime, *, all_day: bool, zone: ZoneInfo) -> str:
    """Read an RRULE that holds at `start`; gives its parts in one order, UNTIL on the zone's wall clock."""
    parts = _parts(value)
    _check(parts, all_day=all_day)
    # So long an interval leaves few rounds until the year 9999: a rule that never holds is found out at once.
    once = {name: part for name, part in parts.items() if name not in _ENDS} | {"INTERVAL": "100000"}
    if next(iter(rrulestr(_written(once), dtstart=start)), None) != start:
        raise wrong(f"{start:%A %Y-%m-%d %H:%M} is not in {_written(parts)}; start with a time that is")
    if "UNTIL" in parts:
        day, at = read_moment(parts["UNTIL"], zone, zone)
        until = datetime.combine(day, at or time(23, 59, 59))
        if until < start:
            raise wrong(f"the series stops on {day}, before it starts; choose a later UNTIL")
        parts["UNTIL"] = stamp(until)
    return _written(parts)


def stamp(at: datetime) -> str:
    """Write a wall-clock time as calendars do."""
    return f"{at:%Y%m%dT%H%M%S}"


def _parts(value: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in filter(None, value.split(";")):
        name, _, words = part.partition("=")
        if name not in _PARTS:
            raise wrong(f'"{part}" is not understood; a rule is made of {", ".join(_PARTS)}')
        if name in parts:
            raise wrong(f"{name} is there twice; write it once")
        parts[name] = words
    return {name: parts[name] for name in _PARTS if name in parts}


def _written(parts: Mapping[str, str]) -> str:
    return ";".join(f"{name}={words}" for name, words in parts.items())


def _check(parts: Mapping[str, str], *, all_day: bool) -> None:
    if parts.get("FREQ") not in _OFTEN:
        raise wrong(f"FREQ says how often; write one of {', '.join(_OFTEN)}, such as FREQ=WEEKLY;BYDAY=MO")
    if all_day and (timed := {"BYHOUR", "BYMINUTE"} & parts.keys()):
        raise wrong(f"{min(timed)} is for times of day, but this lasts all day; leave it out")
    if parts.keys() >= _ENDS:
        raise wrong("COUNT and UNTIL both say when the series stops; give one of them")
    for name in (name for name in parts if name in _RANGES):
        for word in parts[name].split(",") if name.startswith("BY") else [parts[name]]:
            _check_number(name, word)
    if "BYDAY" in parts:
        _check_weekdays(parts["BYDAY"], parts["FREQ"])
    if parts.get("WKST", "MO") not in _DAYS:
        raise wrong(f'"{parts["WKST"]}" is not a day; write WKST=MO or WKST=SU')


def _check_number(name: str, word: str) -> None:
    allowed = _RANGES[name]
    number = int(word) if _NUMBER.fullmatch(word) else None
    if number not in allowed or (number == 0 and allowed.start < 0):
        first, below = (1, ", or below 0 to count from the end") if allowed.start < 0 else (allowed.start, "")
        raise wrong(f'"{word}" is no {name}; write {first} to {allowed[-1]}{below}')


def _check_weekdays(words: str, often: str) -> None:
    counts: set[bool] = set()
    for word in words.split(","):
        match = _WEEKDAY.fullmatch(word)
        if match is None:
            raise wrong(f'"{word}" is not a day; write BYDAY=MO,TU or BYDAY=1MO for the first Monday')
        if match[1] and often in {"DAILY", "WEEKLY"}:
            raise wrong(
                f"{word} counts the days of a month or year; with FREQ={often} write BYDAY={match[2]}"
            )
        counts.add(match[1] is not None)
    # RFC 5545 means all of 1MO,TU; dateutil gives the days that are both.
    if len(counts) > 1:
        raise wrong(f"{words} counts some days and not others; count all of them, or none")
