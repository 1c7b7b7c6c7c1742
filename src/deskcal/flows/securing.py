"""Takes everything that a booking needs, or says all that is in the way: the heart of hold and book."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deskcal.core.booking import HoldState, Want, free_seats, wants
from deskcal.core.lane import in_force, own_window, session_key
from deskcal.core.refusals import Conflict, Kind, SlotTaken
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.store import holds, occupancy
from deskcal.store.catalog import Facts
from deskcal.store.database import WriteTx

MOST_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to try for: a room where one is needed, a seat where there are several."""

    room_id: UUID | None
    wants: Sequence[Want]
    session_key: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What a booking needs: `room_id` when it must be that room, else any that does."""

    facts: Facts
    span: Span
    patient_id: UUID | None
    room_id: UUID | None

    @property
    def rooms(self) -> tuple[UUID, ...]:
        """The rooms to choose from, best first; none where none is needed."""
        if self.room_id is not None:
            return (self.room_id,)
        return tuple(room.id for room in self.facts.rooms) if self.facts.service.room_type else ()

    @property
    def needs_room(self) -> bool:
        """Tell whether it can go without a room."""
        return self.room_id is not None or self.facts.service.room_type is not None

    @property
    def session_key(self) -> int | None:
        """The group session that a seat is sought in, if the service has seats."""
        if self.facts.service.capacity == 1:
            return None
        return session_key(self.facts.provider.id, self.facts.service.id, self.span.start)

    @property
    def kinds(self) -> dict[UUID, Kind]:
        """Everything that could be in the way."""
        kinds = dict.fromkeys(self.rooms, Kind.ROOM) | {self.facts.provider.id: Kind.PROVIDER}
        return kinds if self.patient_id is None else kinds | {self.patient_id: Kind.PATIENT}


async def secure(
    tx: WriteTx, asking: Asking[Any], sought: Sought, take: Callable[[Choice], Awaitable[bool]]
) -> Choice:
    """Try until `take` has it all. The database decides; what is read here only chooses what to try next.

    Expired holds in the way are lapsed and tried over. Raises SlotTaken naming everything in the way; the
    transaction is left to be undone.
    """
    seen: Sequence[Busy] = ()
    if sought.needs_room or sought.session_key is not None:
        seen = await _in_way(tx, sought)
    for _ in range(MOST_TRIES):
        conflicts, choice = _choose(sought, in_force(seen, asking.now))
        if choice is None:
            raise SlotTaken(_sentence(sought, conflicts), conflicts=conflicts)
        if await take(choice):
            return choice
        await tx.restart()
        seen = await _in_way(tx, sought)
        expired = [row.hold_id for row in seen if row.hold_id and row not in in_force([row], asking.now)]
        await lapse_expired(tx, asking, expired)
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


async def _in_way(tx: WriteTx, sought: Sought) -> list[Busy]:
    whole = own_window(sought.facts.service, sought.span)
    rows = await occupancy.of_resources(tx, list(sought.kinds), whole)
    return [row for row in rows if row.resource_id != sought.patient_id or row.span.overlaps(sought.span)]


def _choose(sought: Sought, seen: Sequence[Busy]) -> tuple[tuple[Conflict, ...], Choice | None]:
    """Choose room and seat among what is not known to be taken; or say what is in the way."""
    key = sought.session_key
    whole = own_window(sought.facts.service, sought.span)
    session = [row for row in seen if row.session_key == key and row.span == whole]
    others = [row for row in seen if row not in session]
    blocked = {row.resource_id for row in others}
    seats = free_seats(
        sought.facts.service.capacity,
        [row.seat for row in session if row.resource_id == sought.facts.provider.id],
    )
    held_together = [row.resource_id for row in session if row.resource_id in sought.rooms]
    rooms = [room for room in held_together or sought.rooms if room not in blocked]
    fixed = blocked - (set(sought.rooms) if sought.room_id is None else set())
    if fixed or not seats or (sought.needs_room and not rooms):
        rows = others if seats else [*others, *session]
        relevant = rows if not rooms or sought.room_id else [r for r in rows if r.resource_id in fixed]
        return _conflicts(sought, relevant or rows), None
    room_id = rooms[0] if rooms else None
    return (), Choice(
        room_id=room_id,
        session_key=key,
        wants=wants(
            service=sought.facts.service,
            provider_id=sought.facts.provider.id,
            room_id=room_id,
            patient_id=sought.patient_id,
            span=sought.span,
            seat=seats[0],
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


def _sentence(sought: Sought, conflicts: Sequence[Conflict]) -> str:
    provider = sought.facts.provider
    kinds = {conflict.kind for conflict in conflicts}
    if Kind.PROVIDER in kinds:
        held = all(c.held for c in conflicts if c.kind is Kind.PROVIDER)
        return f"{provider.name} is {'held by somebody else' if held else 'already booked'} at that time."
    if Kind.PATIENT in kinds:
        return "The patient has another appointment at that time."
    if sought.room_id is not None:
        return "That room is taken at that time."
    if not sought.rooms:
        return f"There is no room of type {sought.facts.service.room_type} where {provider.name} works."
    return f"No room of type {sought.facts.service.room_type} is free at that time."
