"""A provider's day as slots: where a service may start, and what stands in the way there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import segments
from deskcal.core.rota import open_time, opened
from deskcal.core.slot import Busy, Slot, SlotState
from deskcal.core.span import Span

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What stands in the way of one booking, and the taken seats of the group session it would join."""

    booked: bool
    holds: tuple[Busy, ...]
    lacks_room: str | None
    seats: tuple[Busy, ...] = ()

    @property
    def taken(self) -> int:
        """How many seats of the session are taken, held ones too."""
        return len({row.seat for row in self.seats})


def session_key(provider_id: UUID, service_id: UUID, start: datetime) -> int:
    """Name the group session that starts then: the same on every machine, above all that count up."""
    second = int(start.timestamp()).to_bytes(8, signed=True)
    return (
        int.from_bytes(blake2b(provider_id.bytes + service_id.bytes + second, digest_size=8).digest()) >> 1
        | 1 << 62
    )


def provider_lane(
    *,
    provider: Provider,
    service: Service,
    day: date,
    busy: Sequence[Busy],
    rooms: Mapping[UUID, Sequence[Busy]],
    now: datetime,
) -> tuple[Slot, ...]:
    """Give every slot of the provider's local day in start order, taken ones too.

    `busy` are the provider's own rows; `rooms` has each room of the type that the service asks for, with its
    rows, also an empty list, and is not looked at if the service asks for none. Holds that have run out by
    `now` are not in the way. `remaining` is 0 wherever nothing can be booked.
    """
    starts = () if absences(provider, service) else slot_starts(provider, service, day)
    if not starts:
        return ()
    busy, rooms = in_force(busy, now), {room: in_force(rows, now) for room, rows in rooms.items()}
    spans = [Span.of_minutes(start, service.duration_minutes) for start in starts]
    first = own_window(service, spans[0])
    window = Span(start=first.start, end=own_window(service, spans[-1]).end)
    held = tuple(row for row in busy if row.hold_id)
    unheld = _clear(held, window, first.minutes)
    unbooked = _clear((row for row in busy if not row.hold_id), window, first.minutes)
    roomy = _roomy(service, rooms, window, first.minutes)
    shared = {row.span for row in busy} if service.capacity > 1 else frozenset()
    slots = []
    for start, span in zip(starts, spans, strict=True):
        if shared and own_window(service, span) in shared:
            way = in_way(provider=provider, service=service, span=span, busy=busy, rooms=rooms)
        else:
            place = 1 << (start - starts[0]) // _MINUTE
            way = Way(
                booked=not unbooked & place,
                holds=() if unheld & place else _overlapping(held, own_window(service, span)),
                lacks_room=None if roomy & place else _no_room(service, rooms),
            )
        slots.append(_slot(provider=provider, service=service, span=span, way=way, now=now))
    return tuple(slots)


def slot_starts(provider: Provider, service: Service, day: date) -> tuple[datetime, ...]:
    """Give the UTC instants of a local day at which the service fits into open hours, in order.

    Steps count from each opening's start on the wall clock, so labels stay the same after a clock change.
    """
    zone, step = provider.zone, service.slot_step_minutes
    hours = open_time(provider.openings, day, zone, service.duration_minutes)
    if not hours:
        return ()
    window = Span(start=hours[0].start, end=hours[-1].end)
    midnight = datetime.combine(day, time(), window.start.tzinfo)
    grid = 0
    for opening, span in opened(provider.openings, day, zone):
        for piece, offset in segments(span, zone):
            wall = (piece.start + offset - midnight) // _MINUTE
            first = (piece.start - window.start) // _MINUTE + (opening.opens - wall) % step
            for minute in range(first, (piece.end - window.start) // _MINUTE, step):
                grid |= 1 << minute
    fits = bitmap.run_starts(bitmap.union(hours, window), service.duration_minutes)
    return tuple(window.start + minute * _MINUTE for minute in bitmap.positions(grid & fits))


def absences(provider: Provider, service: Service) -> tuple[tuple[str, str], ...]:
    """Say each cause why the provider gives no such appointments at all, and what would change it."""
    name = provider.name
    causes = (
        (provider.is_available, f"{name} takes no appointments now", f"an admin can make {name} available"),
        (provider.is_approved, f"{name} is not approved yet", f"an admin can approve {name}"),
        (
            service.id in provider.prices,
            f"{name} does not offer {service.title}",
            f"choose another provider, or an admin can add {service.title} to the services of {name}",
        ),
    )
    return tuple((message, fix) for fine, message, fix in causes if not fine)


def own_window(service: Service, span: Span) -> Span:
    """Give what a booking takes of its resources: the span with the service's buffers."""
    return span.padded(before=service.buffer_before_minutes, after=service.buffer_after_minutes)


def has_begun(span: Span, now: datetime) -> bool:
    """Tell whether it is too late to book the span; its very start is still in time."""
    return span.start < now


def in_force(rows: Iterable[Busy], now: datetime) -> tuple[Busy, ...]:
    """Leave out holds that have run out: whoever books over them lapses them."""
    return tuple(row for row in rows if row.expires_at is None or row.expires_at > now)


def in_way(
    *,
    provider: Provider,
    service: Service,
    span: Span,
    busy: Sequence[Busy],
    rooms: Mapping[UUID, Sequence[Busy]],
) -> Way:
    """Look at one span alone, among rows that are in force."""
    window = own_window(service, span)
    key = session_key(provider.id, service.id, span.start) if service.capacity > 1 else None

    def others(rows: Iterable[Busy]) -> tuple[Busy, ...]:
        return tuple(row for row in rows if row.session_key != key or row.span != window)

    ahead = _overlapping(others(busy), window)
    free_room = service.room_type is None or any(
        not _overlapping(others(rows), window) for rows in rooms.values()
    )
    return Way(
        booked=any(not row.hold_id for row in ahead),
        holds=tuple(row for row in ahead if row.hold_id),
        lacks_room=None if free_room else _no_room(service, rooms),
        seats=tuple(row for row in busy if row.session_key == key and row.span == window),
    )


def _slot(*, provider: Provider, service: Service, span: Span, way: Way, now: datetime) -> Slot:
    taken = way.taken
    left = service.capacity - taken
    holds = way.holds or tuple(row for row in way.seats if row.hold_id and left <= 0)
    state, reason = SlotState.LIMITED if taken else SlotState.AVAILABLE, None
    if way.booked:
        state, holds = SlotState.BOOKED, ()
    elif holds:
        state = SlotState.RESERVED
    elif left <= 0:
        state = SlotState.BOOKED
    elif way.lacks_room or has_begun(span, now):
        state, reason = SlotState.UNAVAILABLE, way.lacks_room or "in the past"
    return Slot(
        provider_id=provider.id,
        service_id=service.id,
        span=span,
        state=state,
        capacity=service.capacity,
        remaining=left if state in {SlotState.AVAILABLE, SlotState.LIMITED} else 0,
        reason=reason,
        hold=holds[0] if holds else None,
    )


def _no_room(service: Service, rooms: Mapping[UUID, Sequence[Busy]]) -> str:
    return (
        f"no room of type {service.room_type} is free"
        if rooms
        else f"there is no room of type {service.room_type}"
    )


def _overlapping(rows: Iterable[Busy], window: Span) -> tuple[Busy, ...]:
    return tuple(row for row in rows if row.span.overlaps(window))


def _clear(rows: Iterable[Busy], window: Span, minutes: int) -> int:
    """Set the minutes of the window from which so many are free of all rows."""
    return bitmap.run_starts(bitmap.full(window) & ~bitmap.union((row.span for row in rows), window), minutes)


def _roomy(service: Service, rooms: Mapping[UUID, Sequence[Busy]], window: Span, minutes: int) -> int:
    """Set the minutes of the window from which some room stays free for so many."""
    if service.room_type is None:
        return bitmap.full(window)
    found = 0
    for rows in rooms.values():
        found |= _clear(rows, window, minutes)
    return found
