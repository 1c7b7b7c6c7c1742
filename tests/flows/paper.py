"""A clinic's appointments kept on paper: what the rules say of each change, in plain Python."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from deskcal.core.booking import Party, Status
from deskcal.core.clinic import CancellationPolicy, Service
from deskcal.core.refusals import (
    HoldExpired,
    Invalid,
    InvalidStatusChange,
    PreconditionFailed,
    Refusal,
    SlotTaken,
    TooLate,
)
from deskcal.core.span import Span

Refused: TypeAlias = type[Refusal] | None

ARROWS = """
scheduled confirmed  scheduled checked_in  scheduled canceled  scheduled no_show
confirmed checked_in  confirmed canceled  confirmed no_show
checked_in confirmed  checked_in in_progress  checked_in canceled  checked_in no_show
in_progress checked_in  in_progress completed  completed in_progress
no_show confirmed  no_show checked_in
"""
WORDS = ARROWS.split()
NEXT = set(zip(WORDS[::2], WORDS[1::2], strict=True))


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a hold or an appointment takes. A hold has `until`, and may be there to move another line."""

    id: UUID
    service: Service
    provider_id: UUID
    patient_id: UUID | None
    room_id: UUID | None
    unit_ids: tuple[UUID, ...]
    span: Span
    until: datetime | None = None
    moving_id: UUID | None = None

    @property
    def window(self) -> Span:
        """Its time with what the service had of buffers when it was made."""
        before, after = self.service.buffer_before_minutes, self.service.buffer_after_minutes
        return self.span.padded(before=before, after=after)

    def takes(self) -> Iterator[tuple[UUID, Span]]:
        for thing in (self.provider_id, self.room_id, *self.unit_ids):
            if thing:
                yield thing, self.window
        if self.patient_id:
            yield self.patient_id, self.span

    def is_seat_beside(self, other: "Line") -> bool:
        """Tell whether both are seats of one group session."""
        one, two = ((line.service.id, line.provider_id, line.span) for line in (self, other))
        return self.service.capacity > 1 and one == two

    def may_share_with(self, other: "Line") -> bool:
        """Tell whether both may have the same moment: seats of a session, or a hold over what it moves."""
        return self.is_seat_beside(other) or self.moving_id == other.id or other.moving_id == self.id


@dataclass(frozen=True, kw_only=True)
class Written(Line):
    """An appointment."""

    status: Status
    price_cents: int
    policy: CancellationPolicy
    overbooked: bool = False
    version: int = 1
    charged_cents: int = 0
    refunded_cents: int = 0
    missed_by: Party | None = None
    freed: bool = False

    @property
    def stands(self) -> bool:
        """Whether its time is taken."""
        return self.status is not Status.CANCELED and not self.freed

    def fee(self, now: datetime) -> int:
        free = now <= self.span.start - timedelta(hours=self.policy.free_until_hours)
        return 0 if free else min(self.policy.fee_cents, self.price_cents)

    def went(self, **changes: object) -> "Written":
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type]


@dataclass(kw_only=True)
class Paper:
    """All lines, the clock, and what the clinic has: rooms for services that want one, units of each pool."""

    now: datetime
    rooms: tuple[UUID, ...]
    pools: Mapping[str, tuple[UUID, ...]]
    made: dict[UUID, Written] = field(default_factory=dict)
    held: dict[UUID, Line] = field(default_factory=dict)

    def standing(self) -> Iterator[Line]:
        yield from (line for line in self.made.values() if line.stands)
        yield from self.held.values()

    def on(self, thing: UUID, span: Span, but: UUID | None) -> list[Line]:
        """List who has a thing at some moment of a span."""
        return [
            line
            for line in self.standing()
            if line.id != but and any(taken == thing and time.overlaps(span) for taken, time in line.takes())
        ]

    def no_time(self, wanted: Line, *, but: UUID | None = None, on_top: bool = False) -> Refused:
        """Say whether somebody is in the way. The line names the room if it must be that one."""
        ahead = [
            line
            for line in self.on(wanted.provider_id, wanted.window, but)
            if not wanted.is_seat_beside(line)
        ]
        if ahead and not (on_top and all(isinstance(line, Written) for line in ahead)):
            return SlotTaken
        beside = [line for line in self.standing() if line.id != but and wanted.is_seat_beside(line)]
        if len(beside) >= wanted.service.capacity > 1:
            return SlotTaken
        if self.no_patient(wanted, but=but):
            return SlotTaken
        rooms = self.rooms if wanted.service.room_type else ()
        rooms = (wanted.room_id,) if wanted.room_id else rooms
        if rooms and all(self.on(room, wanted.window, but) for room in rooms):
            return SlotTaken
        units = self.pools.get(wanted.service.equipment_type or "", ())
        if units and all(self.on(unit, wanted.window, but) for unit in units):
            return SlotTaken
        return None

    def no_patient(self, wanted: Line, *, but: UUID | None = None) -> Refused:
        here = wanted.patient_id and self.on(wanted.patient_id, wanted.span, but)
        return SlotTaken if here else None

    def no_booking(self, wanted: Line, *, on_top: bool = False) -> Refused:
        if on_top and wanted.service.capacity > 1:
            return Invalid
        return TooLate if wanted.span.start < self.now else self.no_time(wanted, on_top=on_top)

    def no_move(self, made: Written, version: int | None, wanted: Line | None = None) -> Refused:
        """Say why it cannot be moved at all, or not to where a line is."""
        if version not in {None, made.version}:
            return PreconditionFailed
        if made.status not in {Status.SCHEDULED, Status.CONFIRMED}:
            return InvalidStatusChange
        if self.now >= made.span.start:
            return TooLate
        if wanted is None:
            return None
        but = None if wanted.moving_id and wanted.service.capacity > 1 else made.id
        return TooLate if wanted.span.start < self.now else self.no_time(wanted, but=but)

    def no_reschedule(self, made: Written, hold: Line) -> Refused:
        if refused := self.no_move(made, None):
            return refused
        if hold.id not in self.held:
            return HoldExpired
        if hold.service.id != made.service.id or hold.moving_id not in {None, made.id}:
            return Invalid
        if hold.patient_id not in {None, made.patient_id}:
            return Invalid
        return (
            None
            if hold.patient_id
            else self.no_patient(replace(hold, patient_id=made.patient_id), but=made.id)
        )

    def no_confirmation(self, hold: Line, patient_id: UUID) -> Refused:
        if hold.id not in self.held:
            return HoldExpired
        if hold.moving_id or hold.patient_id not in {None, patient_id}:
            return Invalid
        return None if hold.patient_id else self.no_patient(replace(hold, patient_id=patient_id))

    def no_step(self, made: Written, to: Status) -> Refused:
        if (made.status, to) not in NEXT or (to is Status.NO_SHOW and self.now < made.span.start):
            return InvalidStatusChange
        early = made.status in {Status.SCHEDULED, Status.CONFIRMED}
        if to is Status.CANCELED and early and self.now >= made.span.start:
            return TooLate
        return self.no_time(made) if made.freed else None

    def lapse(self) -> list[UUID]:
        """Take out the holds that have run out; gives them."""
        gone = [line.id for line in self.held.values() if line.until and line.until <= self.now]
        for hold_id in gone:
            del self.held[hold_id]
        return gone
