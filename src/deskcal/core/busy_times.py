"""When an event of another calendar keeps a provider busy, as windows on the provider's wall clock."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from deskcal.core.access import INSTALLATION
from deskcal.core.foreign_calendar import ForeignEvent, values
from deskcal.core.localtime import edge
from deskcal.core.recurrence import stamp
from deskcal.core.refusals import Invalid
from deskcal.core.window import Window, WindowKind, over_at, read_rule

BUSY = "Busy"
LONGEST_TITLE = 500
_OWN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@deskcal")
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Local dates, both inclusive, that are asked for. A series is cut to them only if they are `exact`.

    Otherwise it is followed from the beginning of the year, so that it is the same on another day.
    """

    zone: ZoneInfo
    first: date
    last: date
    exact: bool

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time())

    @property
    def end(self) -> datetime:
        return datetime.combine(self.last, time()) + _DAY

    @property
    def followed(self) -> tuple[datetime, datetime]:
        """The instants between which a series is followed."""
        start = self.start if self.exact else self.start.replace(month=1, day=1)
        return edge(start, self.zone), edge(self.end, self.zone)

    def has(self, window: Window) -> bool:
        """Tell whether any of a window is still to come, and begins in time."""
        over = over_at(window)
        return (over is None or over > self.start) and window.start < self.end


def busy_times(event: ForeignEvent, within: Range, *, keep_title: bool) -> tuple[Window, ...] | str:
    """Give the windows of an event, or say why it has none.

    A series on the provider's own clock stays one; any other becomes a window that lists its times.
    """
    if _OWN.fullmatch(event.uid):
        return "deskcal wrote it itself"
    taking = [part for part in event.parts if _takes_time(part)]
    if not taking:
        canceled = all(str(part.get("STATUS", "")).upper() == "CANCELLED" for part in event.parts)
        return "it is canceled" if canceled else "it is shown as free"
    series = None if within.exact else _series(event, within.zone, keep_title=keep_title)
    if series is None:
        series = list(_listed(_occurrences(event, within, keep_title=keep_title), within.zone))
    windows = tuple(sorted(filter(within.has, series), key=lambda one: (one.start, one.end)))
    return windows or f"nothing of it is between {within.first} and {within.last}"


def _takes_time(part: Event) -> bool:
    free = str(part.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not free and str(part.get("STATUS", "")).upper() != "CANCELLED"


def _series(event: ForeignEvent, zone: ZoneInfo, *, keep_title: bool) -> list[Window] | None:
    """Write a series as a recurring window, and what is moved in it as single ones; None if it cannot be.

    So it is with what goes by another clock, or recurs in a way that windows do not.
    """
    masters = [part for part in event.parts if "RECURRENCE-ID" not in part]
    rules = [rule for master in masters for rule in values(master, "RRULE")]
    if len(masters) != 1 or len(rules) != 1 or not _on_clock(masters[0].start, zone):
        return None
    [master], [rule] = masters, rules
    moved = [part for part in event.parts if part is not master]
    first = _window(event.uid, master, zone, keep_title=keep_title)
    instead_of = [one for part in moved for one in values(part, "RECURRENCE-ID")]
    added = [one.dt for value in values(master, "RDATE") for one in value.dts]
    periods = any(isinstance(at, tuple) for at in added)
    if first is None or periods or any("RANGE" in one.params for one in instead_of):
        return None
    left_out = [one.dt for value in values(master, "EXDATE") for one in value.dts]
    left_out += [one.dt for one in instead_of]
    lines = [
        f"RRULE:{rule.to_ical().decode()}",
        *(f"RDATE:{_stamp(at, zone)}" for at in added),
        *(f"EXDATE:{_stamp(at, zone)}" for at in left_out),
    ]
    try:
        rule = read_rule("\n".join(lines), first.start, all_day=first.all_day, zone=zone)
    except Invalid:
        return None
    singles = [_window(event.uid, part, zone, keep_title=keep_title) for part in moved if _takes_time(part)]
    whole = [replace(first, rule=rule)] if _takes_time(master) else []
    return [*whole, *filter(None, singles)]


def _on_clock(at: date, zone: ZoneInfo) -> bool:
    """Tell whether a time is on the clock of a zone: a date, a floating time, or a time of that zone."""
    return not isinstance(at, datetime) or at.tzinfo is None or getattr(at.tzinfo, "key", None) == zone.key


def _occurrences(event: ForeignEvent, within: Range, *, keep_title: bool) -> Iterator[Window]:
    """Give each occurrence by itself. Raises Invalid for a series that makes no sense."""
    parts: Iterable[Event] = event.parts
    if any(True for part in parts for _ in values(part, "RRULE", "RDATE")):
        calendar = Calendar()
        for part in parts:
            calendar.add_component(part)
        try:
            parts = recurring_ical_events.of(calendar).between(*within.followed)
        except Exception as error:
            raise Invalid(("event", f"its recurrence cannot be followed: {error}")) from error
    for part in parts:
        if _takes_time(part) and (window := _window(event.uid, part, within.zone, keep_title=keep_title)):
            yield window


def _listed(occurrences: Iterable[Window], zone: ZoneInfo) -> Iterator[Window]:
    """Put occurrences of equal length into one window that lists when they begin."""
    alike: dict[tuple[object, ...], list[Window]] = {}
    for one in sorted(set(occurrences), key=lambda one: one.start):
        alike.setdefault((one.end - one.start, one.all_day, one.reason), []).append(one)
    for first, *others in alike.values():
        if others:
            times = ",".join(stamp(one.start) for one in others)
            text = f"RRULE:FREQ=DAILY;COUNT=1\nRDATE:{times}"
            yield replace(first, rule=read_rule(text, first.start, all_day=first.all_day, zone=zone))
        else:
            yield first


def _window(uid: str, part: Event, zone: ZoneInfo, *, keep_title: bool) -> Window | None:
    """Give the window of one occurrence, in whole minutes; None for one that takes no time."""
    starts_at, ends_at = part.start, part.end
    start, end = _wall(starts_at, zone), _wall(ends_at, zone)
    if not isinstance(ends_at, datetime):
        end = max(end, start + _DAY)
    elif ends_at <= starts_at:
        return None
    else:
        start = start.replace(second=0, microsecond=0)
        end = (end + _MINUTE - datetime.resolution).replace(second=0, microsecond=0)
        # A time that the clock shows twice is its first: what ends at the second is busy for an hour more.
        while ends_at.tzinfo and edge(end, zone) < ends_at:
            end += _HOUR
    title = str(part.get("SUMMARY", "")).strip()[:LONGEST_TITLE] if keep_title else ""
    return Window(
        id=INSTALLATION,
        kind=WindowKind.UNAVAILABLE,
        start=start,
        end=end,
        all_day=not isinstance(ends_at, datetime),
        reason=title or BUSY,
        source="imported",
        source_uid=uid,
    )


def _wall(at: date, zone: ZoneInfo) -> datetime:
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return at if at.tzinfo is None else at.astimezone(zone).replace(tzinfo=None)


def _stamp(at: Any, zone: ZoneInfo) -> str:
    """Write a time as windows do; a date stands for all that begins on it."""
    return stamp(_wall(at, zone)) if isinstance(at, datetime) else f"{at:%Y%m%d}"
