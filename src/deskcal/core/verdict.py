"""Whether a span can be booked: every reason why not, and what would make it possible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from deskcal.core.clinic import Provider, Service
from deskcal.core.lane import Way, absences, has_begun, in_force, in_way, slot_starts
from deskcal.core.localtime import clock, stretch
from deskcal.core.refusals import DayNotAvailable, OutsideHours, ProviderUnavailable, Refusal, TooLate
from deskcal.core.rota import open_spans, open_time
from deskcal.core.slot import Busy
from deskcal.core.span import Span

_LOOK_AHEAD_DAYS = 60


class Code(StrEnum):
    """What sort of reason it is, in the words of the HTTP contract."""

    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    DAY_NOT_AVAILABLE = "DAY_NOT_AVAILABLE"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    TOO_LATE = "TOO_LATE"
    SLOT_ALREADY_BOOKED = "SLOT_ALREADY_BOOKED"
    SLOT_HELD = "SLOT_HELD"
    ROOM_ALREADY_BOOKED = "ROOM_ALREADY_BOOKED"
    PATIENT_ALREADY_BOOKED = "PATIENT_ALREADY_BOOKED"


_REFUSALS: Mapping[Code, type[Refusal]] = {
    Code.PROVIDER_UNAVAILABLE: ProviderUnavailable,
    Code.DAY_NOT_AVAILABLE: DayNotAvailable,
    Code.OUTSIDE_HOURS: OutsideHours,
    Code.TOO_LATE: TooLate,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason against a booking, free of personal data; `fix` is what would take it away, where known."""

    code: Code
    message: str
    fix: str | None = None


def gate(*, provider: Provider, service: Service, span: Span, now: datetime, on_grid: bool) -> None:
    """Raise the first refusal that no look at the calendar could change.

    One of ProviderUnavailable, DayNotAvailable, OutsideHours and TooLate. With `on_grid` the span must also
    start where the provider has a slot.
    """
    for reason in _standing(provider, service, span, now, on_grid=on_grid):
        raise _REFUSALS[reason.code]("; ".join(filter(None, (reason.message, reason.fix))))


def reasons(
    *,
    provider: Provider,
    service: Service,
    span: Span,
    busy: Sequence[Busy],
    rooms: Mapping[UUID, Sequence[Busy]],
    patient: Sequence[Busy],
    now: datetime,
) -> tuple[Reason, ...]:
    """Give every reason why the span cannot be booked, none if it can.

    Rows are those that touch the span with its buffers, at least; `rooms` is what provider_lane takes. The
    patient is needed for the span alone, without buffers.
    """
    way = in_way(
        provider=provider,
        service=service,
        span=span,
        busy=in_force(busy, now),
        rooms={room: in_force(rows, now) for room, rows in rooms.items()},
    )
    return (
        *_standing(provider, service, span, now, on_grid=False),
        *_occupied(provider, service, way),
        *_roomless(service, way, rooms),
        *_elsewhere(span, in_force(patient, now)),
    )


def _standing(
    provider: Provider, service: Service, span: Span, now: datetime, *, on_grid: bool
) -> Iterator[Reason]:
    for message, fix in absences(provider, service):
        yield Reason(code=Code.PROVIDER_UNAVAILABLE, message=message, fix=fix)
    zone = provider.zone
    day = span.start.astimezone(zone).date()
    if not open_spans(provider.openings, day, zone):
        message = f"{provider.name} has no hours on {day:%A %Y-%m-%d}"
        yield Reason(code=Code.DAY_NOT_AVAILABLE, message=message, fix=_next_hours(provider, day))
    elif not any(hours.contains(span) for hours in open_time(provider.openings, day, zone, span.minutes)):
        message = f"{provider.name} works {_hours(provider, day)}"
        fix = f"choose a start from which all {span.minutes} minutes fit into these hours"
        yield Reason(code=Code.OUTSIDE_HOURS, message=message, fix=fix)
    elif on_grid and span.start not in (starts := slot_starts(provider, service, day)):
        near = sorted(sorted(starts, key=lambda start: abs(start - span.start))[:2])
        times = " and ".join(clock(start, zone) for start in near)
        message = f"{provider.name} has no slot that starts at {clock(span.start, zone)}"
        yield Reason(
            code=Code.OUTSIDE_HOURS, message=message, fix=f"the nearest are {times}" if near else None
        )
    if has_begun(span, now):
        message = f"{clock(span.start, zone)} on {day} is in the past"
        yield Reason(code=Code.TOO_LATE, message=message, fix="choose a later time")


def _next_hours(provider: Provider, day: date) -> str:
    for ahead in range(1, _LOOK_AHEAD_DAYS):
        later = day + timedelta(days=ahead)
        if hours := _hours(provider, later):
            return f"the next hours are {hours}"
    return f"an admin can set hours for {provider.name}"


def _hours(provider: Provider, day: date) -> str:
    spans = open_spans(provider.openings, day, provider.zone)
    words = " and ".join(stretch(span, provider.zone) for span in spans)
    return f"{words} on {day:%A %Y-%m-%d}" if words else ""


def _occupied(provider: Provider, service: Service, way: Way) -> Iterator[Reason]:
    seated = [row for row in way.seats if row.hold_id]
    full = way.taken >= service.capacity
    if way.booked or (full and not seated):
        message = f"all {way.taken} places are taken" if full else f"{provider.name} is already booked then"
        fix = "choose another time, or join the waitlist"
        yield Reason(code=Code.SLOT_ALREADY_BOOKED, message=message, fix=fix)
    waiting = way.holds or (tuple(seated) if full else ())
    if waiting:
        message = "this time is on hold" if way.holds else "the last places are on hold"
        ends = [row.expires_at for row in waiting if row.expires_at]
        free = (max if way.holds else min)(ends, default=None)
        fix = f"may come free at {clock(free, provider.zone)}" if free else "wait until the hold is released"
        yield Reason(code=Code.SLOT_HELD, message=message, fix=fix)


def _roomless(service: Service, way: Way, rooms: Mapping[UUID, Sequence[Busy]]) -> Iterator[Reason]:
    if way.lacks_room:
        kind = service.room_type
        fix = "choose another time" if rooms else f"an admin can add a room of type {kind}"
        yield Reason(code=Code.ROOM_ALREADY_BOOKED, message=way.lacks_room, fix=fix)


def _elsewhere(span: Span, patient: Sequence[Busy]) -> Iterator[Reason]:
    if any(row.span.overlaps(span) for row in patient):
        message = "the patient has another booking or hold then"
        fix = "choose another time, or move or cancel the other booking"
        yield Reason(code=Code.PATIENT_ALREADY_BOOKED, message=message, fix=fix)
