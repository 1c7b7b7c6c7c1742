"""The arrivals board: who waits, who is late, who is in a room, and how late each doctor runs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from types import MappingProxyType
from uuid import UUID

from deskcal.wire.booking import Appointment
from deskcal.wire.delays import Delay

TOO_LONG = timedelta(minutes=30)
"""A wait that needs a look."""

MISSED = timedelta(minutes=30)
"""So late that no-show is offered; it is never set by itself."""

AHEAD = timedelta(hours=2)
NOBODY: Mapping[UUID, Delay] = MappingProxyType({})
DUE = frozenset({"scheduled", "confirmed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """How a provider's day goes. `behind` is how late the next patient will be seen: reckoned, or noted."""

    id: UUID
    name: str
    behind: timedelta
    waiting: int
    is_noted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The day in numbers; `arrived` are all who have come, also who was seated or has left since."""

    booked: int
    arrived: int
    seated: int
    left: int
    late: int
    no_show: int
    walk_ins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """`waiting` longest first, `late` and `coming` as they are due, `in_room` as they were called in."""

    waiting: tuple[Appointment, ...]
    late: tuple[Appointment, ...]
    coming: tuple[Appointment, ...]
    in_room: tuple[Appointment, ...]
    doctors: tuple[Doctor, ...]
    counts: Counts


def board_of(
    appointments: Iterable[Appointment], now: datetime, late: Mapping[UUID, Delay] = NOBODY
) -> Board:
    """Sort a day's appointments; who has left or was canceled stands in the counts only.

    What was noted of who runs `late` beats what can be reckoned.
    """
    today = sorted(appointments, key=lambda one: (one.start, one.patient_name, one.id))
    due = [one for one in today if one.status in DUE]
    waiting = [one for one in today if one.status == "checked_in"]
    in_room = [one for one in today if one.status == "in_progress"]
    overdue = tuple(one for one in due if one.start <= now)
    return Board(
        waiting=tuple(sorted(waiting, key=lambda one: one.checked_in_at or one.start)),
        late=overdue,
        coming=tuple(one for one in due if now < one.start < now + AHEAD),
        in_room=tuple(sorted(in_room, key=lambda one: one.started_at or one.start)),
        doctors=_doctors(today, now, late),
        counts=_counts(today, len(overdue)),
    )


def waited(one: Appointment, now: datetime) -> timedelta | None:
    """Tell how long somebody has been waiting; None where it was not noted when they came."""
    return now - one.checked_in_at if one.checked_in_at else None


def waits_too_long(one: Appointment, now: datetime) -> bool:
    long = waited(one, now)
    return long is not None and long > TOO_LONG


def may_have_missed(one: Appointment, now: datetime) -> bool:
    """Tell whether to offer no-show."""
    return one.status in DUE and now - one.start >= MISSED


def _counts(today: Sequence[Appointment], late: int) -> Counts:
    by = Counter(one.status for one in today)
    return Counts(
        booked=len(today) - by["canceled"],
        arrived=by["checked_in"] + by["in_progress"] + by["completed"],
        seated=by["in_progress"],
        left=by["completed"],
        late=late,
        no_show=by["no_show"],
        walk_ins=sum(one.walk_in for one in today if one.status != "canceled"),
    )


def _doctors(today: Sequence[Appointment], now: datetime, late: Mapping[UUID, Delay]) -> tuple[Doctor, ...]:
    standing = [one for one in today if one.status != "canceled"]
    by_provider = sorted(standing, key=lambda one: (one.provider_name, one.provider_id))
    groups = groupby(by_provider, key=lambda one: one.provider_id)
    return tuple(_doctor([*group], now, late.get(provider_id)) for provider_id, group in groups)


def _doctor(day: Sequence[Appointment], now: datetime, noted: Delay | None) -> Doctor:
    """Say how late: the visit that goes on ends so much too late, or whoever is due waits so long already."""
    waiting = [one for one in day if one.status == "checked_in"]
    overdue = [now - one.start for one in waiting if one.start < now]
    overrun = [_end(one, now) - one.end for one in day if one.status == "in_progress"]
    behind = timedelta(minutes=noted.minutes) if noted else max([timedelta(), *overdue, *overrun])
    return Doctor(
        id=day[0].provider_id,
        name=day[0].provider_name,
        behind=behind,
        waiting=len(waiting),
        is_noted=noted is not None,
    )


def _end(one: Appointment, now: datetime) -> datetime:
    return max(now, (one.started_at or one.start) + (one.end - one.start))
