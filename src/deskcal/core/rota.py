"""Weekly hours: what they open on a date, and the two ways in which people write them down."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NotRequired, TypedDict
from zoneinfo import ZoneInfo

from deskcal.core.clinic import Opening
from deskcal.core.localtime import edge
from deskcal.core.refusals import Invalid
from deskcal.core.span import Span

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
_SHORT = 3


class Break(TypedDict):
    """A pause within a day's hours, HH:MM each."""

    start: str
    end: str


class DayHours(TypedDict):
    """A day of the weekly form; `start` and `end` are HH:MM and missing on a day that is off."""

    enabled: bool
    start: NotRequired[str]
    end: NotRequired[str]
    breaks: NotRequired[list[Break]]


def open_spans(openings: Iterable[Opening], day: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """Give the spans open on a local date in order; adjoining ones stay apart, ones in a gap drop."""
    return tuple(sorted(span for _, span in opened(openings, day, zone)))


def opened(openings: Iterable[Opening], day: date, zone: ZoneInfo) -> Iterator[tuple[Opening, Span]]:
    """Give each opening that holds on a local date with its span."""
    midnight, weekday = datetime.combine(day, time()), day.weekday()
    for opening in openings:
        if opening.weekday == weekday and _valid(opening, day):
            start = edge(midnight + timedelta(minutes=opening.opens), zone)
            end = edge(midnight + timedelta(minutes=opening.closes), zone)
            if start != end:
                yield opening, Span(start=start, end=end)


def week_of(openings: Iterable[Opening], day: date) -> tuple[Opening, ...]:
    """Give the hours of a usual week as they hold on a date, without its dates."""
    return tuple(replace(one, valid_from=None, valid_until=None) for one in openings if _valid(one, day))


def _valid(opening: Opening, day: date) -> bool:
    return (opening.valid_from or day) <= day <= (opening.valid_until or day)


def parse_words(words: Sequence[str]) -> tuple[Opening, ...]:
    """Read `mon-fri 09:00-12:00,13:00-17:00 sat off`: days, then their hours, as often as needed.

    Days are names of three letters or more, ranges (`fri-mon` wraps), lists with commas, or `daily`. Days not
    named are off. Invalid("hours") names the word that is wrong.
    """
    text = re.sub(r"\s*([,–-])\s*", r"\1", " ".join(words)).replace("–", "-")  # noqa: RUF001  dashes pasted from a text
    tokens = text.split()
    if not tokens:
        raise _wrong("name days and their hours, such as mon-fri 09:00-17:00")
    week: dict[int, list[tuple[int, int]]] = {}
    for place in range(0, len(tokens), 2):
        days = _days(tokens[place])
        if place + 1 == len(tokens):
            raise _wrong(f'"{tokens[place]}" has no hours; add them, such as 09:00-17:00, or off')
        hours = _hours(tokens[place + 1])
        for day in days:
            if day in week:
                raise _wrong(f'"{tokens[place]}" names {DAYS[day]} a second time; give each day once')
            week[day] = hours
    return tuple(
        Opening(weekday=day, opens=opens, closes=closes)
        for day in sorted(week)
        for opens, closes in week[day]
    )


def _wrong(message: str) -> Invalid:
    return Invalid(("hours", message))


def _days(word: str) -> list[int]:
    days: list[int] = []
    for part in word.lower().split(","):
        if part == "daily":
            days.extend(range(7))
            continue
        first, dash, last = part.partition("-")
        start, end = _weekday(first, word), _weekday(last if dash else first, word)
        days.extend((start + n) % 7 for n in range((end - start) % 7 + 1))
    for day in days:
        if days.count(day) > 1:
            raise _wrong(f'"{word}" names {DAYS[day]} a second time; give each day once')
    return days


def _weekday(name: str, word: str) -> int:
    for number, day in enumerate(DAYS):
        if len(name) >= _SHORT and day.startswith(name):
            return number
    raise _wrong(
        f'"{word}" is not a day; write mon, tue, wed, thu, fri, sat, sun, a range like mon-fri, or daily'
    )


def _hours(word: str) -> list[tuple[int, int]]:
    if word.lower() == "off":
        return []
    hours = sorted(_stretch(part) for part in word.split(","))
    for (opens, closes), (next_opens, next_closes) in pairwise(hours):
        if next_opens < closes:
            late, early = _stretch_text(next_opens, next_closes), _stretch_text(opens, closes)
            raise _wrong(f'"{word}": {late} overlaps {early}; write them as one')
    return hours


def _stretch(part: str) -> tuple[int, int]:
    first, _, last = part.partition("-")
    opens, closes = _minute(first), _minute(last)
    if opens is None or closes is None:
        raise _wrong(f'"{part}" is not hours; write them like 09:00-12:00, or off')
    if closes <= opens:
        raise _wrong(
            f'"{part}" ends before it starts; hours over midnight are {first}-24:00 and 00:00-{last}'
        )
    return opens, closes


def _minute(text: str) -> int | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = (part for part in match.groups() if part is not None)
    return int(hour) * 60 + int(minute)


def wall_time(minute: int) -> str:
    """Write a minute of the day as HH:MM; midnight at the end is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _stretch_text(opens: int, closes: int) -> str:
    return f"{wall_time(opens)}-{wall_time(closes)}"


def from_weekly_form(form: Mapping[str, Mapping[str, Any]]) -> tuple[Opening, ...]:
    """Read the weekly form; breaks split a day, days that are missing or not enabled are off.

    Invalid names the field: `monday.start`, `monday.breaks`, or the key that is no day.
    """
    openings: list[Opening] = []
    for name in sorted(form, key=_place):
        if not form[name].get("enabled"):
            continue
        opens, closes = read_stretch(form[name], name)
        breaks = form[name].get("breaks") or ()
        for start, end in sorted(read_stretch(pause, f"{name}.breaks") for pause in breaks):
            if start < opens or end > closes:
                left, pause = _stretch_text(opens, closes), _stretch_text(start, end)
                raise Invalid(
                    (f"{name}.breaks", f"{pause} is not inside {left}; keep breaks apart and inside the day")
                )
            openings.extend(_opening(name, opens, start))
            opens = end
        openings.extend(_opening(name, opens, closes))
    return tuple(openings)


def _place(name: str) -> int:
    if name not in DAYS:
        raise Invalid((name, f'"{name}" is not a day; use {", ".join(DAYS)}'))
    return DAYS.index(name)


def read_stretch(hours: Mapping[str, Any], field: str) -> tuple[int, int]:
    """Read `start` and `end` of a stretch of a day as its minutes; Invalid names the field and the side."""
    ends: list[int] = []
    for side in ("start", "end"):
        minute = _minute(str(hours.get(side)))
        if minute is None:
            raise Invalid((f"{field}.{side}", "write a time from 00:00 to 24:00 as HH:MM"))
        ends.append(minute)
    if ends[1] <= ends[0]:
        raise Invalid(
            (
                f"{field}.end",
                f"{wall_time(ends[1])} is not after {wall_time(ends[0])}; midnight at the end is 24:00",
            )
        )
    return ends[0], ends[1]


def _opening(name: str, opens: int, closes: int) -> Iterator[Opening]:
    if opens < closes:
        yield Opening(weekday=DAYS.index(name), opens=opens, closes=closes)


def to_weekly_form(openings: Sequence[Opening]) -> dict[str, DayHours]:
    """Write all seven days. The form knows no dates and no seams: adjoining openings become one."""
    form: dict[str, DayHours] = {}
    for weekday, name in enumerate(DAYS):
        day = sorted((each.opens, each.closes) for each in openings if each.weekday == weekday)
        form[name] = {"enabled": bool(day)}
        if not day:
            continue
        form[name] |= {"start": wall_time(day[0][0]), "end": wall_time(max(closes for _, closes in day))}
        breaks: list[Break] = []
        closed = day[0][1]
        for opens, closes in day:
            if opens > closed:
                breaks.append({"start": wall_time(closed), "end": wall_time(opens)})
            closed = max(closed, closes)
        if breaks:
            form[name]["breaks"] = breaks
    return form
