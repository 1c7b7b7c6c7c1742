"""The lines around the grid: who and where, the day in numbers, and the cell under the cursor."""

from dataclasses import dataclass
from datetime import date, datetime

from textual.content import Content

from deskcal.tui.cells import Cell, State, desk_mark, minutes
from deskcal.tui.connection import Line, ago
from deskcal.tui.day import Tally
from deskcal.tui.desk import Desk
from deskcal.tui.legend import MARKS, SHORT, STATUSES
from deskcal.tui.names import shown
from deskcal.tui.rows import Row
from deskcal.tui.spoken import money
from deskcal.wire.calendar import DayAppointment, Lane, Timeslot
from deskcal.wire.people import Patient

WIDE = 100


def spread(left: Content, right: Content, width: int) -> Content:
    """Put one text at each end of a line; the left one gives way."""
    room = max(0, width - right.cell_length - 1)
    left = left.truncate(room, ellipsis=True) if left.cell_length > room else left
    return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def head_line(desk: Desk, narrowed: str, width: int) -> Content:
    """Write clinic and desk, the clinic's date and clock with its zone, and the connection."""
    now = desk.now()
    local = desk.local(now)
    wide = width >= WIDE
    clinic = desk.clinic.name if desk.clinic else ""
    where = f"deskcal  {clinic} / {desk.name}" if wide else f"{clinic}/{desk.name}"
    clock = f"{local:%a %d %b %Y  %H:%M %Z}" if wide else f"{local:%a %d %b %H:%M %Z}"
    word = desk.connection.word(now, desk.waiting_since)
    good = desk.connection.line is Line.LIVE and word == Line.LIVE
    style = "$success" if good else "bold $warning"
    parts = [(clock if desk.clinic else "", "bold"), (word, style), (narrowed, "$accent")]
    right = Content("  ").join(Content.styled(text, look) for text, look in parts if text)
    return spread(Content.styled(where, "bold"), right, width)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the lines around the grid speak of."""

    day: date | None
    narrowed: str
    lanes: str
    tally: Tally | None
    as_of: datetime | None
    waiting: bool
    patient: Patient | None
    lane: Lane | None
    cell: Cell | None
    row: Row | None


def lines(desk: Desk, around: Around, width: int) -> dict[str, Content]:
    """Write every line around the grid, by the id of its widget."""
    wide = width >= WIDE
    details: list[str] = []
    if around.lane and around.cell and around.row:
        details = detail_lines(desk, around.lane, around.cell, around.row.label)
    whole = f"{MARKS}   {STATUSES}"
    narrowed = around.narrowed or ("no filters" if wide else "")
    return {
        "head": head_line(desk, narrowed, width),
        "period": period_line(desk, around, width),
        "detail": Content("\n".join(details)),
        "legend": Content(whole if len(whole) <= width else SHORT),
    }


def period_line(desk: Desk, around: Around, width: int) -> Content:
    """Write the day and its counts; dots stand for an answer to come, offline the age of what is shown."""
    if around.day is None:
        return Content("")
    wide = width >= WIDE
    day = f"{around.day:%a %d %b %Y}" if wide else f"{around.day:%a %d %b}"
    left = Content.assemble((day, "bold"), " ..." if around.waiting else "", f"   {around.lanes}   ")
    if desk.connection.is_offline and around.as_of:
        true_until = max(around.as_of, desk.connection.since)
        age = ago((desk.now() - true_until).total_seconds())
        retry = desk.connection.retry_words(desk.now()) if wide else ""
        stale = f"as of {desk.local(true_until):%H:%M:%S}, {age} old{retry}"
        left += Content.styled(stale, "bold $warning")
    elif around.tally:
        left += Content(_counts(around.tally, wide=wide))
    if around.patient:
        name = shown(around.patient.name, private=desk.private)
        return spread(left, Content.styled(f"for {name}", "bold $accent"), width)
    return spread(left, Content("[ prev  t today  next ]" if wide else ""), width)


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
        State.TAKEN: "not enough free time here for this service",
    }.get(cell.state, "closed")
    until = f" until {desk.local(cell.until):%H:%M:%S}" if cell.until else ""
    reason = next((slot.reason for slot in cell.slots if slot.reason), None)
    return [f"{time} {who}: {words}{until}" + (f" ({reason})" if reason else ""), _next_free(desk, lane)]


def _appointment(desk: Desk, one: DayAppointment, who: str) -> str:
    start, end = desk.local(one.start), desk.local(one.end)
    name = shown(one.patient_name, private=desk.private)
    status = one.status.replace("_", " ")
    return f"{start:%H:%M}-{end:%H:%M} {who}: {name}   {one.service_title}   {status}   {one.reference}"


def _next_free(desk: Desk, lane: Lane, after: Timeslot | None = None) -> str:
    free = (
        slot
        for slot in lane.timeslots
        if slot.status in {"available", "limited"} and (after is None or slot.start >= after.end)
    )
    found = min(free, key=lambda slot: slot.start, default=None)
    return f"next free with {lane.provider.name}: {desk.local(found.start):%H:%M}" if found else ""
