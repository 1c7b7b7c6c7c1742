"""What each cell of a day says: the slots and appointments of one lane, sorted into rows."""

from bisect import bisect_left, bisect_right
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeAlias, TypeVar
from uuid import UUID

from msgspec import Struct, structs

from deskcal.tui.booking.hold import Hold, Stage, clock
from deskcal.tui.calendar.rows import Row
from deskcal.tui.marks import ASCII, Marks
from deskcal.tui.names import brief
from deskcal.wire.calendar import DayAppointment, Lane, Timeslot


class State(StrEnum):
    """What a cell means. Each has a word or mark of its own and a colour that repeats it."""

    FREE = "free"
    FEW = "few"
    PENDING = "pending"
    MINE = "mine"
    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    TAKEN = "taken"
    FULL = "full"
    CLOSED = "closed"


class Cell(Struct, frozen=True, kw_only=True):
    """One row of one lane. `goes_on` means that what it shows began in an earlier row.

    `unanswered` is a status that this desk has given and the server has not agreed to yet.
    """

    state: State
    slots: tuple[Timeslot, ...] = ()
    appointments: tuple[DayAppointment, ...] = ()
    until: datetime | None = None
    by: str | None = None
    goes_on: bool = False
    unanswered: bool = False

    @property
    def free(self) -> tuple[Timeslot, ...]:
        return tuple(slot for slot in self.slots if slot.status in FREE_STATUSES)

    def is_about(self, ids: Container[UUID]) -> bool:
        """Tell whether the appointment that it names is one of these."""
        return bool(self.appointments) and self.appointments[0].id in ids


FREE_STATUSES = frozenset({"available", "limited"})
GONE = frozenset({"canceled", "cancelled"})
SpanT = TypeVar("SpanT", Timeslot, DayAppointment)
Pending: TypeAlias = Mapping[UUID, str]
"""Which status this desk has given to which appointments, unanswered."""

NOTHING: Pending = MappingProxyType({})
_HERE = frozenset({"checked_in", "in_progress", "completed", "no_show"})


def lane_cells(
    lane: Lane,
    rows: Sequence[Row],
    desk: str,
    hold: Hold | None,
    pending: Pending = NOTHING,
    *,
    as_of: datetime,
) -> tuple[Cell, ...]:
    """Sort a lane as it was at a moment into rows.

    `hold` and `pending` are this desk's own, drawn before the server has agreed.
    """
    # In seconds: comparing times of different zones is slow.
    starts = [row.start.timestamp() for row in rows]
    here = hold is not None and hold.is_open and hold.stage is not Stage.UNHELD
    own = hold if hold and here and hold.slot.provider_id == lane.provider.id else None
    booked = [
        structs.replace(one, status=pending[one.id]) if one.id in pending else one
        for one in lane.appointments
        if one.status not in GONE
    ]
    cells = (
        _held_here(own, row, slots.beginning)
        if own and own.slot.start < row.end and row.start < own.slot.end
        else _cell(slots, covered, desk, as_of)
        for slots, covered, row in zip(
            _by_row(lane.timeslots, starts), _by_row(booked, starts), rows, strict=True
        )
    )
    return tuple(structs.replace(cell, unanswered=True) if cell.is_about(pending) else cell for cell in cells)


@dataclass(slots=True)
class _Row(Generic[SpanT]):
    """What touches a row, and what of it begins there."""

    touching: list[SpanT]
    beginning: list[SpanT]


def _by_row(spans: Sequence[SpanT], starts: Sequence[float]) -> list[_Row[SpanT]]:
    """Put each into all rows that it touches; there are no gaps between rows."""
    found: list[_Row[SpanT]] = [_Row([], []) for _ in starts]
    for span in spans:
        first = bisect_right(starts, span.start.timestamp()) - 1
        for row in found[max(0, first) : bisect_left(starts, span.end.timestamp())]:
            row.touching.append(span)
        if 0 <= first < len(found):
            found[first].beginning.append(span)
    return found


def _cell(found: _Row[Timeslot], covered: _Row[DayAppointment], desk: str, as_of: datetime) -> Cell:
    slots, appointments = tuple(found.beginning), tuple(covered.touching)
    if state := _bookable(slots, covered.beginning):
        return Cell(state=state, slots=slots, appointments=appointments)
    if appointments:
        first = appointments[0]
        goes_on = all(one is not first for one in covered.beginning)
        return Cell(state=_occupied(first), slots=slots, appointments=appointments, goes_on=goes_on)
    if held := [slot for slot in found.touching if slot.status == "reserved"]:
        here = held[0].mine and held[0].held_by == desk
        return Cell(
            state=State.MINE if here else State.HELD,
            slots=slots,
            until=held[0].held_until,
            by=held[0].held_by,
            goes_on=all(slot.status != "reserved" for slot in slots),
        )
    if not slots and any(slot.status in FREE_STATUSES for slot in found.touching):
        return Cell(state=State.FREE, slots=tuple(found.touching), goes_on=True)
    if any(slot.status == "booked" for slot in found.touching):
        return Cell(state=State.TAKEN, slots=slots)
    against = any(slot.reason and slot.start > as_of for slot in slots)
    return Cell(state=State.FULL if against else State.CLOSED, slots=slots)


def _bookable(slots: Sequence[Timeslot], beginning: Sequence[DayAppointment]) -> State | None:
    if any(slot.status == "limited" for slot in slots):
        return State.FEW
    free = any(slot.status in FREE_STATUSES for slot in slots)
    return State.FREE if free and not beginning else None


def _occupied(first: DayAppointment) -> State:
    return State.ARRIVED if first.status in _HERE else State.BOOKED


def _held_here(hold: Hold, row: Row, starting: Sequence[Timeslot]) -> Cell:
    begun, slots = hold.slot.start < row.start, tuple(starting)
    if hold.stage is Stage.PENDING or hold.reservation is None:
        return Cell(state=State.PENDING, slots=slots, goes_on=begun)
    return Cell(state=State.MINE, slots=slots, until=hold.reservation.expires_at, goes_on=begun)


def cell_words(cell: Cell, width: int, now: datetime, *, private: bool, marks: Marks = ASCII) -> str:
    """Write a cell in at most `width` columns; names become initials while `private`."""
    match cell.state:
        case State.CLOSED:
            words = marks.closed * (width - 1)
        case _ if cell.goes_on:
            words = "  |"
        case State.FREE:
            free = cell.free
            words = f"+ {len(free)} free" if len(free) > 1 else f"+ {minutes(free[0])}m"
        case State.FEW:
            words = f"{min(slot.remaining for slot in cell.free if slot.status == 'limited')} left"
        case State.PENDING:
            words = f"{marks.mine}pending"
        case State.MINE:
            words = f"{marks.mine}{_left(cell, now)} me"
        case State.HELD:
            words = f"{marks.elsewhere}{_left(cell, now)} {desk_mark(cell.by)}"
        case State.TAKEN:
            words = "  taken"
        case State.FULL:
            words = "  full"
        case _:
            words = _who(cell, width, marks, private=private)
    return words[:width].rstrip()


def minutes(slot: Timeslot) -> int:
    """Elapsed minutes of a slot."""
    return int((slot.end - slot.start).total_seconds() // 60)


def desk_mark(name: str | None) -> str:
    """Shorten a desk's name to fit a cell: `Desk 3` is `D3`."""
    words = (name or "").split()
    return "".join(word if word.isdigit() else word[:1].upper() for word in words)[:3]


def _left(cell: Cell, now: datetime) -> str:
    if cell.until is None:
        return "held"
    return clock(max(0, round((cell.until - now).total_seconds())))


def _who(cell: Cell, width: int, marks: Marks, *, private: bool) -> str:
    first, *others = cell.appointments
    letter = marks.letters().get(first.status, " ")
    more = f" +{len(cell.free)}" if cell.free else f" &{len(others)}" if others else ""
    name = brief(first.patient_name, private=private)
    over = marks.alarm if any(one.overbooked for one in cell.appointments) else " "
    mark = f"{letter}.." if cell.unanswered else f"{letter}{over}"
    return f"{mark}{name[: width - len(mark) - len(more)].rstrip()}{more}"
