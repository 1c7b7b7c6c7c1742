"""What each cell of a day says: the slots and appointments of one lane, sorted into rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from deskcal.tui.booking.hold import Hold, Stage, clock
from deskcal.tui.calendar.rows import Row
from deskcal.tui.names import compact, initials
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
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One row of one lane. `goes_on` means that what it shows began in an earlier row."""

    state: State
    slots: tuple[Timeslot, ...] = ()
    appointments: tuple[DayAppointment, ...] = ()
    until: datetime | None = None
    by: str | None = None
    goes_on: bool = False

    @property
    def free(self) -> tuple[Timeslot, ...]:
        return tuple(slot for slot in self.slots if slot.status in FREE_STATUSES)


FREE_STATUSES = frozenset({"available", "limited"})
GONE = frozenset({"canceled", "cancelled"})
_LETTERS = {"checked_in": "A", "in_progress": "S", "completed": "L", "no_show": "D"}


def lane_cells(lane: Lane, rows: Sequence[Row], desk: str, hold: Hold | None) -> tuple[Cell, ...]:
    """Sort a lane into rows; `hold` is this desk's own, drawn before the server has told of it."""
    here = hold is not None and hold.is_open and hold.stage is not Stage.UNHELD
    own = hold if hold and here and hold.slot.provider_id == lane.provider.id else None
    booked = tuple(one for one in lane.appointments if one.status not in GONE)
    return tuple(_cell(lane.timeslots, booked, row, desk, own) for row in rows)


def _cell(
    slots: Sequence[Timeslot], booked: Sequence[DayAppointment], row: Row, desk: str, hold: Hold | None
) -> Cell:
    touching = tuple(slot for slot in slots if slot.start < row.end and row.start < slot.end)
    starting = tuple(slot for slot in touching if slot.start >= row.start)
    covering = tuple(one for one in booked if one.start < row.end and row.start < one.end)
    plain = Cell(state=State.CLOSED, slots=starting, appointments=covering)
    if hold and hold.slot.start < row.end and row.start < hold.slot.end:
        return _held_here(hold, row, starting)
    if state := _bookable(plain, row):
        return replace(plain, state=state)
    if covering:
        return replace(plain, state=_occupied(covering[0]), goes_on=covering[0].start < row.start)
    if held := [slot for slot in touching if slot.status == "reserved"]:
        here = held[0].mine and held[0].held_by == desk
        return replace(
            plain,
            state=State.MINE if here else State.HELD,
            until=held[0].held_until,
            by=held[0].held_by,
            goes_on=all(slot.start < row.start for slot in held),
        )
    if not starting and any(slot.status in FREE_STATUSES for slot in touching):
        return Cell(state=State.FREE, slots=touching, goes_on=True)
    return replace(plain, state=State.TAKEN) if any(s.status == "booked" for s in touching) else plain


def _bookable(plain: Cell, row: Row) -> State | None:
    if any(slot.status == "limited" for slot in plain.slots):
        return State.FEW
    beginning = any(one.start >= row.start for one in plain.appointments)
    return State.FREE if plain.free and not beginning else None


def _occupied(first: DayAppointment) -> State:
    return State.ARRIVED if first.status in _LETTERS else State.BOOKED


def _held_here(hold: Hold, row: Row, starting: tuple[Timeslot, ...]) -> Cell:
    begun = hold.slot.start < row.start
    if hold.stage is Stage.PENDING or hold.reservation is None:
        return Cell(state=State.PENDING, slots=starting, goes_on=begun)
    return Cell(state=State.MINE, slots=starting, until=hold.reservation.expires_at, goes_on=begun)


def cell_words(cell: Cell, width: int, now: datetime, *, private: bool) -> str:
    """Write a cell in at most `width` ASCII columns; names become initials while `private`."""
    match cell.state:
        case State.CLOSED:
            words = "." * (width - 1)
        case _ if cell.goes_on:
            words = "  |"
        case State.FREE:
            words = f"+ {len(cell.free)} free" if len(cell.free) > 1 else f"+ {minutes(cell.free[0])}m"
        case State.FEW:
            words = f"{min(slot.remaining for slot in cell.free if slot.status == 'limited')} left"
        case State.PENDING:
            words = "*pending"
        case State.MINE:
            words = f"*{_left(cell, now)} me"
        case State.HELD:
            words = f"~{_left(cell, now)} {desk_mark(cell.by)}"
        case State.TAKEN:
            words = "  taken"
        case _:
            words = _who(cell, width, private=private)
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


def _who(cell: Cell, width: int, *, private: bool) -> str:
    first, *others = cell.appointments
    letter = _LETTERS.get(first.status, " ")
    more = f" +{len(cell.free)}" if cell.free else f" &{len(others)}" if others else ""
    name = initials(first.patient_name) if private else compact(first.patient_name)
    return f"{letter} {name[: width - 2 - len(more)].rstrip()}{more}"
