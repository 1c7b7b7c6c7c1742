"""Whether a span can be booked: every reason why not, and what would make it possible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.clinic import Provider, Service
from deskcal.core.fitting import choosable
from deskcal.core.hours import closure_on, hours_of, open_spans, open_time
from deskcal.core.lane import no_room, no_units
from deskcal.core.localtime import clock, stretch
from deskcal.core.refusals import DayNotAvailable, OutsideHours, ProviderUnavailable, Refusal, TooLate
from deskcal.core.session import has_begun, in_force, own_window
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.core.starts import Starts
from deskcal.core.survey import Survey, absences, slots_of

_LOOK_AHEAD_DAYS = 60
_MINUTE = timedelta(minutes=1)


class Code(StrEnum):
    """What sort of reason it is, in the words of the HTTP contract."""

    PROVIDER_UNAVAILABLE = "PROVIDER_UNAVAILABLE"
    DAY_NOT_AVAILABLE = "DAY_NOT_AVAILABLE"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    TOO_LATE = "TOO_LATE"
    SLOT_ALREADY_BOOKED = "SLOT_ALREADY_BOOKED"
    SLOT_HELD = "SLOT_HELD"
    ROOM_ALREADY_BOOKED = "ROOM_ALREADY_BOOKED"
    EQUIPMENT_UNAVAILABLE = "EQUIPMENT_UNAVAILABLE"
    RULE_VIOLATED = "RULE_VIOLATED"
    PATIENT_ALREADY_BOOKED = "PATIENT_ALREADY_BOOKED"
    NONEXISTENT_LOCAL_TIME = "NONEXISTENT_LOCAL_TIME"


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
    survey: Survey,
    *,
    provider: Provider,
    span: Span,
    patient: Sequence[Busy] = (),
    room_id: UUID | None = None,
    others: Sequence[Provider] = (),
) -> tuple[Reason, ...]:
    """Give every reason why the span cannot be booked, none if it can.

    The survey is of the span's local day, which says what is free nearby. `patient` are the patient's rows,
    needed for the span alone, without buffers; `room_id` is for a booking that must be in that room; `others`
    are who else gives the service.
    """
    starts = survey.of(provider)
    minute = starts.place(span.start)
    return (
        *_standing(provider, survey.service, span, survey.now, on_grid=False),
        *_occupied(survey, starts, minute, others),
        *_roomless(survey, starts, minute, room_id),
        *_unequipped(survey, starts, minute),
        *_ruled(survey, starts, span, minute),
        *_elsewhere(span, in_force(patient, survey.now)),
    )


def _standing(
    provider: Provider, service: Service, span: Span, now: datetime, *, on_grid: bool
) -> Iterator[Reason]:
    for message, fix in absences(provider, service):
        yield Reason(code=Code.PROVIDER_UNAVAILABLE, message=message, fix=fix)
    zone, hours = provider.zone, hours_of(provider)
    day = span.start.astimezone(zone).date()
    if not open_spans(hours, day):
        closure = closure_on(hours, day)
        message = f"{provider.name} has no hours on {day:%A %Y-%m-%d}"
        if closure:
            message = f"closed on {day:%A %Y-%m-%d}: {closure.reason}"
        yield Reason(code=Code.DAY_NOT_AVAILABLE, message=message, fix=_next_hours(provider, day))
    elif not any(opened.contains(span) for opened in open_time(hours, day, span.minutes)):
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


def slot_starts(provider: Provider, service: Service, day: date) -> tuple[datetime, ...]:
    """Give the UTC instants of a local day at which the service fits into open hours, in order."""
    base, minutes = slots_of(
        hours_of(provider), day, step=service.slot_step_minutes, minutes=service.duration_minutes
    )
    return tuple(base + minute * _MINUTE for minute in bitmap.positions(minutes))


def _next_hours(provider: Provider, day: date) -> str:
    for ahead in range(1, _LOOK_AHEAD_DAYS):
        later = day + timedelta(days=ahead)
        if hours := _hours(provider, later):
            return f"the next hours are {hours}"
    return f"an admin can set hours for {provider.name}"


def _hours(provider: Provider, day: date) -> str:
    spans = open_spans(hours_of(provider), day)
    words = " and ".join(stretch(span, provider.zone) for span in spans)
    return f"{words} on {day:%A %Y-%m-%d}" if words else ""


def _occupied(survey: Survey, starts: Starts, minute: int, others: Sequence[Provider]) -> Iterator[Reason]:
    provider, here = starts.provider, 1 << minute
    seats = starts.sessions.get(minute, ())
    full = len({row.seat for row in seats}) >= starts.service.capacity
    if not starts.unbooked & here:
        message = (
            f"all {starts.service.capacity} places are taken"
            if full
            else f"{provider.name} is already booked then"
        )
        yield Reason(
            code=Code.SLOT_ALREADY_BOOKED,
            message=message,
            fix=_free_otherwise(survey, starts, minute, others) or "choose another day, or join the waitlist",
        )
    if not starts.unheld & here:
        window = own_window(starts.service, starts.span(minute))
        holds = [row for row in survey.sight.rows(provider.id) if row.hold_id and row.span.overlaps(window)]
        ends = [row.expires_at for row in holds if row.expires_at]
        free = (min if full else max)(ends, default=None)
        yield Reason(
            code=Code.SLOT_HELD,
            message="the last places are on hold" if full else "this time is on hold",
            fix=f"may come free at {clock(free, provider.zone)}"
            if free
            else "wait until the hold is released",
        )


def _free_otherwise(survey: Survey, starts: Starts, minute: int, others: Sequence[Provider]) -> str | None:
    """Name the nearest free time of that day, and who else is free at this one."""
    ways = []
    near = min(bitmap.positions(starts.free), key=lambda other: abs(other - minute), default=None)
    if near is not None:
        ways.append(f"free at {clock(starts.span(near).start, starts.provider.zone)}")
    free = next((other for other in others if survey.of(other).free >> minute & 1), None)
    if free:
        ways.append(f"{free.name} is free then")
    return ", or ".join(ways) or None


def _roomless(survey: Survey, starts: Starts, minute: int, room_id: UUID | None) -> Iterator[Reason]:
    seats = starts.sessions.get(minute, ())
    clear = [room for room in starts.fits.rooms if survey.room_free(room, minute, seats)]
    if room_id is not None:
        rooms = choosable(starts.provider, starts.fits, survey.rooms)
        asked = next((room for room in rooms if room.id == room_id), None)
        if asked is None:
            message = f"{starts.service.title} with {starts.provider.name} cannot be in that room"
            yield Reason(code=Code.ROOM_ALREADY_BOOKED, message=message, fix="choose another room")
        elif not survey.room_free(asked, minute, seats):
            yield Reason(
                code=Code.ROOM_ALREADY_BOOKED,
                message=f"{asked.name} is taken or closed then",
                fix=f"free if moved to {clear[0].name}" if clear else _later(starts, minute, starts.roomy),
            )
    elif not starts.roomy >> minute & 1:
        kind = " or ".join(sorted(starts.fits.needs.room_types or ()))
        fix = (
            _later(starts, minute, starts.roomy)
            if starts.fits.rooms
            else f"an admin can add a room of type {kind}"
        )
        yield Reason(code=Code.ROOM_ALREADY_BOOKED, message=no_room(starts), fix=fix)


def _unequipped(survey: Survey, starts: Starts, minute: int) -> Iterator[Reason]:
    if not starts.equipped & 1 << minute:
        needs = starts.fits.needs.units
        short = [kind for kind, units in starts.fits.units.items() if len(units) < needs[kind]]
        fix = (
            f"an admin can add equipment of type {short[0]}"
            if short
            else _later(starts, minute, starts.equipped)
        )
        yield Reason(code=Code.EQUIPMENT_UNAVAILABLE, message=no_units(survey, starts, minute), fix=fix)


def _later(starts: Starts, minute: int, mask: int) -> str:
    """Name the nearest slot of the day at which a mask is set."""
    near = min(
        bitmap.positions(starts.offered & mask & starts.coming),
        key=lambda other: abs(other - minute),
        default=None,
    )
    if near is None:
        return "choose another day"
    return f"possible at {clock(starts.span(near).start, starts.provider.zone)}"


def _ruled(survey: Survey, starts: Starts, span: Span, minute: int) -> Iterator[Reason]:
    for rule, minutes in starts.refused:
        if minutes >> minute & 1:
            message, fix = survey.reason(starts.provider, rule, span.start)
            yield Reason(code=Code.RULE_VIOLATED, message=message, fix=fix)


def _elsewhere(span: Span, patient: Sequence[Busy]) -> Iterator[Reason]:
    if any(row.span.overlaps(span) for row in patient):
        message = "the patient has another booking or hold then"
        fix = "choose another time, or move or cancel the other booking"
        yield Reason(code=Code.PATIENT_ALREADY_BOOKED, message=message, fix=fix)
