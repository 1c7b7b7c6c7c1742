"""A calendar of somebody else, as iCalendar writes it: its events, and what is wrong with those of no use."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from icalendar import Event, Timezone
from icalendar.timezone import tzp

from deskcal.core.refusals import Invalid

MOST_EVENTS = 20_000

_TIMES = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_OFTEN = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MOST_A_DAY = 24
_READING = Lock()
"""icalendar keeps the zones of a file for the whole process, by the names that the file gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignEvent:
    """What a file says under one UID, from a line on: an event or a series, with its exceptions."""

    uid: str
    line: int
    parts: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What a file says under one UID, or without, that cannot be used."""

    uid: str | None
    line: int
    why: str


def read(text: str) -> list[ForeignEvent | Unreadable]:
    """Read all events in their order. Raises Invalid("text") for what is no calendar, or not all of one."""
    lines = text.removeprefix("\ufeff").splitlines()
    words = [line.strip().upper() for line in lines if line.strip()]
    if not words or words[0] != "BEGIN:VCALENDAR":
        raise Invalid(("text", "this is no calendar file: it does not begin with BEGIN:VCALENDAR"))
    if words[-1] != "END:VCALENDAR":
        raise Invalid(("text", "this calendar file is cut off: it does not end with END:VCALENDAR"))
    if words.count("BEGIN:VEVENT") > MOST_EVENTS:
        raise Invalid(("text", f"there are more than {MOST_EVENTS} events; export fewer"))
    with _READING, warnings.catch_warnings(action="ignore"):
        tzp.use_zoneinfo()  # Forgets the zones of the last file.
        for _, block in _blocks(lines, "VTIMEZONE"):
            _parsed(Timezone, block)
        return _gathered(list(_events(lines)))


def _blocks(lines: Sequence[str], kind: str) -> Iterator[tuple[int, str]]:
    """Give each component of a kind with the number of its first line."""
    first = None
    for number, line in enumerate(lines, 1):
        word = line.strip().upper()
        if word == f"BEGIN:{kind}":
            first = number
        elif word == f"END:{kind}" and first is not None:
            yield first, "\r\n".join(lines[first - 1 : number])
            first = None


def _parsed(kind: type[Any], block: str) -> Any:
    """Parse a component; None where that is not possible."""
    try:
        return kind.from_ical(block)
    except Exception:  # noqa: BLE001  whatever is in a file of others, its other events count
        return None


def _events(lines: Sequence[str]) -> Iterator[ForeignEvent | Unreadable]:
    for line, block in _blocks(lines, "VEVENT"):
        event = _parsed(Event, block)
        if event is None:
            yield Unreadable(uid=None, line=line, why="its lines cannot be read")
            continue
        uid = str(event.get("UID", "")).strip() or None
        why = _against(event)
        if why is None and uid is not None:
            yield ForeignEvent(uid=uid, line=line, parts=(event,))
        else:
            yield Unreadable(uid=uid, line=line, why=why or "it has no UID")


def _against(event: Event) -> str | None:
    """Say what is wrong with an event."""
    for name, error in event.errors:
        if name in _TIMES:
            return f"{name}: {error}"
    if "DTSTART" not in event:
        return "it has no DTSTART"
    for value in values(event, *_TIMES):
        zone = value.params.get("TZID")
        moments = [one.dt for one in value.dts] if hasattr(value, "dts") else [getattr(value, "dt", None)]
        if zone and any(isinstance(at, datetime) and at.tzinfo is None for at in moments):
            return f'its time zone "{zone}" is not known, and the file does not describe it'
    for rule in values(event, "RRULE"):
        often = [str(word).upper() for word in rule.get("FREQ", ())]
        a_day = len(rule.get("BYHOUR", [0])) * len(rule.get("BYMINUTE", [0]))
        if not _OFTEN.issuperset(often) or "BYSECOND" in rule or a_day > _MOST_A_DAY:
            return f"it recurs too often: {rule.to_ical().decode()}"
    return _wrong_end(event)


def _wrong_end(event: Event) -> str | None:
    try:
        start, end = event.start, event.end
    except Exception as error:  # noqa: BLE001  whatever icalendar has against its times
        return str(error)
    clocks = [at.tzinfo is not None if isinstance(at, datetime) else None for at in (start, end)]
    if clocks[0] is not clocks[1]:
        return "DTSTART and DTEND are not both dates, both times, or both times in a zone"
    if end < start:
        return "it ends before it starts"
    return None


def values(event: Event, *names: str) -> Iterator[Any]:
    """Give all values that an event has under some names."""
    for name in names:
        found = event.get(name)
        yield from found if isinstance(found, list) else [] if found is None else [found]


def _gathered(found: Sequence[ForeignEvent | Unreadable]) -> list[ForeignEvent | Unreadable]:
    """Put together what has the same UID; none of it counts if a part cannot be read."""
    bad = {one.uid for one in found if isinstance(one, Unreadable)}
    gathered: dict[str, ForeignEvent] = {}
    refused: list[ForeignEvent | Unreadable] = []
    for one in found:
        if isinstance(one, Unreadable):
            refused.append(one)
        elif one.uid not in bad:
            before = gathered.get(one.uid)
            parts = (*before.parts, *one.parts) if before else one.parts
            gathered[one.uid] = ForeignEvent(
                uid=one.uid, line=before.line if before else one.line, parts=parts
            )
    return sorted([*gathered.values(), *refused], key=lambda one: one.line)
