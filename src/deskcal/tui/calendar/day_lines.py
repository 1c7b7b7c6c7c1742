"""The lines around the day grid: the day in numbers, and the cell under the cursor."""

from dataclasses import dataclass
from datetime import date, datetime

from textual.content import Content

from deskcal.tui.calendar.cells import Cell, State, desk_mark, minutes
from deskcal.tui.calendar.day import Tally
from deskcal.tui.calendar.rows import Row
from deskcal.tui.delays import late_words
from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDE, spread, stale_words
from deskcal.tui.names import shown
from deskcal.tui.spoken import money
from deskcal.wire.calendar import DayAppointment, Lane, Timeslot
from deskcal.wire.delays import Delay
from deskcal.wire.people import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the lines around the grid speak of."""

    day: date | None
    lanes: str
    tally: Tally | None
    as_of: datetime | None
    remembered: bool
    waiting: bool
    patient: Patient | None
    lane: Lane | None
    cell: Cell | None
    row: Row | None
    late: Delay | None


def lines(desk: Desk, around: Around, width: int) -> dict[str, Content]:
    """Write every line around the grid, by the id of its widget."""
    details: list[str] = []
    if around.lane and around.cell and around.row:
        details = detail_lines(desk, around.lane, around.cell, around.row.label)
        if around.late:
            late = late_words(around.late, around.lane.provider.name, desk)
            details[1:] = ["   ".join(filter(None, (*details[1:2], late))), *details[2:]]
    whole = f"{desk.marks.states}   {desk.marks.statuses}"
    return {
        "period": period_line(desk, around, width),
        "detail": Content("\n".join(details)),
        "legend": Content(whole if len(whole) <= width else desk.marks.short),
    }


def period_line(desk: Desk, around: Around, width: int) -> Content:
    """Write the day and its counts; dots stand for an answer to come, offline the age of what is shown."""
    if around.day is None:
        return Content("")
    wide = width >= WIDE
    day = f"{around.day:%a %d %b %Y}" if wide else f"{around.day:%a %d %b}"
    left = Content.assemble((day, "bold"), " ..." if around.waiting else "", f"   {around.lanes}   ")
    if around.as_of and (around.remembered or desk.connection.is_offline or desk.is_slow):
        stale = stale_words(desk, around.as_of, wide=wide, remembered=around.remembered)
        left += Content.styled(stale, "bold $warning")
    elif around.tally:
        left += Content(_counts(around.tally, wide=wide))
    if around.patient:
        return spread(
            left, Content.styled(errand_words(desk, around.patient, wide=wide), "bold $accent"), width
        )
    return spread(left, Content("[ prev  t today  next ]" if wide else ""), width)


def errand_words(desk: Desk, patient: Patient, *, wide: bool) -> str:
    """Say for whom a slot is looked for, and instead of which."""
    name = shown(patient.name, private=desk.private)
    if (moving := desk.errand.moving) is None:
        return f"for {name}"
    was = f"{desk.local(moving.start):%a %d %b %H:%M} {moving.provider_name}"
    return f"moving {name} from {was}, F gives up" if wide else f"moving {name}"


def _counts(tally: Tally, *, wide: bool) -> str:
    counts = (
        (tally.free, "free"),
        (tally.few, "few left" if wide else "few"),
        (tally.here, "held here" if wide else "here"),
        (tally.elsewhere, "held elsewhere" if wide else "held"),
    )
    return "  ".join(f"{count} {words}" for count, words in counts if count or words == "free")


def detail_lines(desk: Desk, lane: Lane, cell: Cell, time: str) -> list[str]:
    """Say what the cell under the cursor is, and what Enter does there."""
    who = lane.provider.name
    if cell.appointments and not cell.free:
        return [_appointment(desk, one, who) for one in cell.appointments]
    if cell.free:
        first = cell.free[0]
        service = desk.services.get(first.service_id)
        price = money(first.price_cents, service.currency) if service and first.price_cents else ""
        online = "online" if service and service.modality == "telehealth" else "in person"
        title = service.title if service else ""
        starts = f"{desk.local(first.start):%H:%M} {who}: FREE {minutes(first)} min"
        left = f"{first.remaining} of {first.capacity} places left" if first.capacity > 1 else ""
        nexts = _next_free(desk, lane, first)
        return ["   ".join(filter(None, (starts, title, price, online, left))), nexts]
    words = {
        State.MINE: "held here",
        State.PENDING: "asking the server",
        State.HELD: f"held by {cell.by or 'a patient'}" + (f" ({desk_mark(cell.by)})" if cell.by else ""),
        State.FULL: "full",
        State.TAKEN: "not enough free time here for this service",
    }.get(cell.state, "closed")
    until = f" until {desk.local(cell.until):%H:%M:%S}" if cell.until else ""
    reason = next((slot.reason for slot in cell.slots if slot.reason), None)
    return [f"{time} {who}: {words}{until}" + (f" ({reason})" if reason else ""), _next_free(desk, lane)]


def _appointment(desk: Desk, one: DayAppointment, who: str) -> str:
    start, end = desk.local(one.start), desk.local(one.end)
    name = shown(one.patient_name, private=desk.private)
    status = one.status.replace("_", " ")
    over = "   OVERBOOKED" if one.overbooked else ""
    when = f"{start:%H:%M}-{end:%H:%M} {who}"
    return f"{when}: {name}   {one.service_title}   {status}   {one.reference}{over}"


def _next_free(desk: Desk, lane: Lane, after: Timeslot | None = None) -> str:
    free = (
        slot
        for slot in lane.timeslots
        if slot.status in {"available", "limited"} and (after is None or slot.start >= after.end)
    )
    found = min(free, key=lambda slot: slot.start, default=None)
    return f"next free with {lane.provider.name}: {desk.local(found.start):%H:%M}" if found else ""
