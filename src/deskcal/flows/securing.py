"""Takes everything that a booking needs, or says all that is in the way: the heart of hold and book."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from deskcal.core.bitmap import full
from deskcal.core.booking import HoldState, Want, free_seats, wants
from deskcal.core.clinic import Provider, Service
from deskcal.core.fitting import Fitting, choosable, fitting
from deskcal.core.hours import Hours, hours_of, open_bits, unit_hours
from deskcal.core.refusals import Conflict, Invalid, Kind, RuleViolated, SlotTaken
from deskcal.core.rule import Case
from deskcal.core.ruling import locks_for, refusals
from deskcal.core.session import in_force, own_window, session_key
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.store import holds, locks, occupancy
from deskcal.store.catalog import Catalog
from deskcal.store.database import WriteTx

MOST_TRIES = 12
COUNTED = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to try for: a room where one is needed, units, a seat where there are several.

    `over` are bookings of the provider that this one goes on top of.
    """

    room_id: UUID | None
    unit_ids: tuple[UUID, ...]
    wants: Sequence[Want]
    session_key: int | None
    over: Sequence[Span] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a booking needs. `rooms` and `units` would do and are open then, best first."""

    provider: Provider
    service: Service
    span: Span
    patient_id: UUID | None
    fits: Fitting
    rooms: tuple[UUID, ...]
    units: dict[str, tuple[UUID, ...]]
    needs_room: bool
    overbook: bool = False
    moving_id: UUID | None = None
    """The appointment that is to be here instead of where it is; what it has now is not in the way."""
    beside: tuple[int, int] | None = None
    """Session and seat that a hold takes so as to lie over the appointment that it moves."""
    keeps_seat: bool = False
    """The appointment keeps its seat of a session until it is moved: then that is in the way of a hold."""

    @property
    def whole(self) -> Span:
        """The span with the service's buffers."""
        return own_window(self.service, self.span)

    @property
    def session_key(self) -> int | None:
        """The group session that a seat is sought in, if the service has seats."""
        if self.service.capacity == 1:
            return None
        return session_key(self.provider.id, self.service.id, self.span.start)

    @property
    def kinds(self) -> dict[UUID, Kind]:
        """Everything that could be in the way."""
        kinds = dict.fromkeys(self.rooms, Kind.ROOM) | {self.provider.id: Kind.PROVIDER}
        for units in self.units.values():
            kinds |= dict.fromkeys(units, Kind.EQUIPMENT)
        return kinds if self.patient_id is None else kinds | {self.patient_id: Kind.PATIENT}


def seek(
    known: Catalog,
    *,
    provider: Provider,
    service: Service,
    span: Span,
    patient_id: UUID | None,
    room_id: UUID | None,
    overbook: bool = False,
    moving_id: UUID | None = None,
    beside: tuple[int, int] | None = None,
) -> Sought:
    """Find out what a booking needs. Raises Invalid for a room that cannot be used for it, or then."""
    fits = fitting(provider, service, known.rooms, known.equipment)
    whole = own_window(service, span)
    rooms = tuple(room.id for room in fits.rooms if _open(hours_of(room), whole))
    if room_id is not None:
        usable = choosable(provider, fits, known.rooms)
        if room_id not in {room.id for room in usable}:
            raise Invalid(("roomId", f"{service.title} with {provider.name} cannot be in that room"))
        if room_id not in {room.id for room in usable if _open(hours_of(room), whole)}:
            raise Invalid(("roomId", "that room is closed then; choose another room or another time"))
        rooms = (room_id,)
    return Sought(
        provider=provider,
        service=service,
        span=span,
        patient_id=patient_id,
        fits=fits,
        rooms=rooms,
        units={
            kind: tuple(unit.id for pool, unit in found if _open(unit_hours(pool, unit), whole))
            for kind, found in fits.units.items()
        },
        needs_room=room_id is not None or fits.needs.room_types is not None,
        overbook=overbook,
        moving_id=moving_id,
        beside=beside,
    )


async def secure(
    tx: WriteTx, asking: Asking[Any], sought: Sought, take: Callable[[Choice], Awaitable[bool]]
) -> Choice:
    """Try until `take` has it all. The database decides; what is read here only chooses what to try next.

    Expired holds in the way are lapsed and tried over. Raises RuleViolated, or SlotTaken naming everything in
    the way; the transaction is left to be undone.
    """
    seen: Sequence[Busy] = ()
    choosing = (
        sought.needs_room
        or sought.units
        or sought.overbook
        or sought.moving_id is not None
        or sought.session_key is not None
    )
    for number in range(MOST_TRIES):
        if sought.overbook:
            await locks.stack(tx, sought.provider.id)
        await _obey(tx, asking, sought)
        if choosing or number:
            seen = await _in_way(tx, sought)
            expired = [row.hold_id for row in seen if row.hold_id and not in_force([row], asking.now)]
            await lapse_expired(tx, asking, expired)
        conflicts, choice = choose(sought, in_force(seen, asking.now))
        if choice is None:
            raise SlotTaken(in_words(sought, conflicts), conflicts=conflicts)
        if await take(choice):
            return choice
        await tx.restart()
    raise SlotTaken("Others are taking this slot just now.", conflicts=())


async def lapse_expired(tx: WriteTx, asking: Asking[Any], hold_ids: Sequence[UUID] | None) -> int:
    """End the holds that ran out, all or some, and tell of each; gives their number."""
    if hold_ids is not None and not hold_ids:
        return 0
    ended = await holds.lock_expired(tx, asking.now, ids=hold_ids)
    if ended:
        ids = [hold.id for hold in ended]
        await occupancy.free(tx, hold_ids=ids)
        await holds.end(tx, ids, HoldState.LAPSED, asking.now)
    for hold in ended:
        tx.say(asking.event("hold.lapsed", hold.id, owner=hold.owner, **slot_facts(hold)))
    return len(ended)


def slot_facts(hold: Any) -> dict[str, Any]:
    """Say in an event which slot a hold or an appointment is about."""
    return {
        "providerId": hold.provider_id,
        "serviceId": hold.service_id,
        "roomId": hold.room_id,
        "patientId": hold.patient_id,
        "start": hold.span.start,
        "end": hold.span.end,
    }


async def _obey(tx: WriteTx, asking: Asking[Any], sought: Sought) -> None:
    """Raise RuleViolated for the first rule against it. Who counts, waits for whoever counts the same.

    Undoing the work gives the locks back, so each try takes them again.
    """
    provider, span = sought.provider, sought.span
    service = replace(sought.service, duration_minutes=span.minutes)
    names = locks_for(provider, service, span.start.astimezone(provider.zone).date())
    case = Case(provider=provider, service=service, window=Span.of_minutes(span.start, 1), now=asking.now)
    if names:
        await locks.wait_for(tx, names)
        around = Span(start=span.start - COUNTED, end=span.end + COUNTED)
        counted = await occupancy.visits(
            tx,
            around,
            provider_id=provider.id,
            service_id=service.id,
            now=asking.now,
            but=sought.moving_id,
        )
        case = replace(case, visits=counted)
    for rule, _ in refusals(case):
        message, fix = rule.reason(case)
        raise RuleViolated(rule.type, "; ".join(filter(None, (message, fix))))


async def _in_way(tx: WriteTx, sought: Sought) -> list[Busy]:
    rows = await occupancy.of_resources(tx, list(sought.kinds), sought.whole)
    return [
        row
        for row in rows
        if row.resource_id != sought.patient_id or row.span.overlaps(sought.span)
        if row.appointment_id is None or row.appointment_id != sought.moving_id or sought.keeps_seat
    ]


def choose(sought: Sought, seen: Sequence[Busy]) -> tuple[tuple[Conflict, ...], Choice | None]:
    """Choose room, units and seat among what is not known to be taken; or say what is in the way."""
    key, provider_id = sought.session_key, sought.provider.id
    session = [
        row
        for row in seen
        if row.session_key == key and row.span == sought.whole and row.resource_id != sought.patient_id
    ]
    others = [row for row in seen if row not in session]
    blocked = {row.resource_id for row in others}
    shared = {row.resource_id for row in session}
    over: list[Span] = []
    if sought.overbook:
        ahead = [row for row in others if row.resource_id == provider_id]
        if not any(row.hold_id for row in ahead):
            over = [row.span for row in ahead]
            blocked.discard(provider_id)
    seats = free_seats(
        sought.service.capacity, [row.seat for row in session if row.resource_id == provider_id]
    )
    rooms = [room for room in sought.rooms if room in shared or not (shared or room in blocked)]
    lacking = blocked & {provider_id, sought.patient_id}
    if not seats:
        lacking |= {provider_id}
    if sought.needs_room and not rooms:
        lacking |= set(sought.rooms)
    units: list[UUID] = []
    missing = sought.needs_room and not sought.rooms
    for kind, wanted in sought.fits.needs.units.items():
        usable = [unit for unit in sought.units[kind] if unit not in blocked]
        usable.sort(key=lambda unit: unit not in shared)
        units += usable[:wanted]
        if len(usable) < wanted:
            lacking |= set(sought.units[kind])
            missing = True
    if lacking or missing:
        return _conflicts(sought, [row for row in seen if row.resource_id in lacking]), None
    room_id = rooms[0] if sought.needs_room else None
    key, seat = sought.beside or (key, seats[0])
    return (), Choice(
        room_id=room_id,
        unit_ids=tuple(units),
        session_key=key,
        over=over,
        wants=wants(
            service=sought.service,
            provider_id=provider_id,
            room_id=room_id,
            unit_ids=units,
            patient_id=sought.patient_id,
            span=sought.span,
            seat=seat,
            over=over,
        ),
    )


def _conflicts(sought: Sought, rows: Sequence[Busy]) -> tuple[Conflict, ...]:
    kinds = sought.kinds
    return tuple(
        Conflict(
            resource_id=row.resource_id,
            kind=kinds[row.resource_id],
            span=row.span,
            held=row.hold_id is not None,
        )
        for row in rows
    )


def in_words(sought: Sought, conflicts: Sequence[Conflict]) -> str:
    """Say what is in the way, the provider before the patient before things."""
    name, needs = sought.provider.name, sought.fits.needs
    kinds = {conflict.kind for conflict in conflicts}
    if Kind.PROVIDER in kinds:
        held = all(c.held for c in conflicts if c.kind is Kind.PROVIDER)
        return f"{name} is {'held by somebody else' if held else 'already booked'} at that time."
    if Kind.PATIENT in kinds:
        return "The patient has another appointment at that time."
    for kind, wanted in needs.units.items():
        if len(sought.units[kind]) < wanted:
            usable = len(sought.units[kind])
            return f"{sought.service.title} needs {wanted} {kind}, and {usable} can be used then."
    if Kind.EQUIPMENT in kinds:
        return f"Not enough {' or '.join(needs.units)} is free at that time."
    types = " or ".join(sorted(needs.room_types or ()))
    if not sought.rooms:
        return f"There is no room of type {types} that {name} can use then."
    return (
        "That room is taken at that time."
        if len(sought.rooms) == 1
        else f"No room of type {types} is free at that time."
    )


def _open(hours: Hours, whole: Span) -> bool:
    return open_bits(hours, whole) == full(whole)
