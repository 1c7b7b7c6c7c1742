"""How an appointment reads in a list, in more or fewer columns."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from deskcal.core.lifecycle import STANDING
from deskcal.tui.appointments.facts import who_words
from deskcal.tui.appointments.statuses import late, status_words
from deskcal.tui.desk import Desk
from deskcal.tui.lines import WIDE, WIDEST
from deskcal.tui.names import doctor, shown
from deskcal.tui.spoken import money
from deskcal.tui.table_rows import Column, Row
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient

ALL = (
    Column(title="Date", width=11),
    Column(title="Time", width=6),
    Column(title="Patient", width=18, grows=True),
    Column(title="Doctor", width=12, grows=True),
    Column(title="Service", width=14, grows=True),
    Column(title="Status", width=10),
    Column(title="Ref", width=8),
    Column(title="Price", width=7),
    Column(title="Free cancel until", width=17),
)
FEWER = (*ALL[:7], ALL[8])
FEWEST = (
    Column(title="Day", width=6),
    Column(title="Time", width=6),
    Column(title="Patient", width=15, grows=True),
    Column(title="Doctor", width=8, grows=True),
    Column(title="Service", width=11, grows=True),
    Column(title="Status", width=10),
    Column(title="Ref", width=6),
)
SORTS: Mapping[str, Callable[[Appointment], str] | None] = {
    "Time": None,
    "Patient": lambda one: one.patient_name.casefold(),
    "Doctor": lambda one: one.provider_name.casefold(),
    "Service": lambda one: one.service_title.casefold(),
    "Status": lambda one: one.status,
}
"""What `S` sorts by, in turn; equals stay in order of time."""


def columns_for(width: int, sort: str) -> Sequence[Column]:
    """Give the columns that there is room for; `v` marks the one sorted by."""
    columns = ALL if width >= WIDEST else FEWER if width >= WIDE else FEWEST
    return [
        Column(title=f"{one.title} v", width=one.width, grows=one.grows) if one.title == sort else one
        for one in columns
    ]


def row_of(one: Appointment, desk: Desk, now: datetime, pending: frozenset[UUID], width: int) -> Row:
    """Write an appointment; `..` follows a status that the server has not confirmed."""
    start = desk.local(one.start)
    name = shown(one.patient_name, private=desk.private)
    status = status_words(one, now) + (".." if one.id in pending else "")
    if width < WIDE:
        with_whom = doctor(one.provider_name, 12, titled=False)
        reference = one.reference.removeprefix("B-")
        cells = (f"{start:%a %d}", f"{start:%H:%M}", name, with_whom, one.service_title, status, reference)
    else:
        money_cells = (money(one.price_cents, one.currency),) if width >= WIDEST else ()
        service, when = one.service_title, f"{start:%a %d %b}"
        facts = (when, f"{start:%H:%M}", name, one.provider_name, service, status, one.reference)
        cells = (*facts, *money_cells, free_until(one, desk, now))
    plain = "row" if one.status in STANDING else "quiet"
    return Row(key=one.id, cells=cells, look=plain if late(one, now) is None else "alarm")


def free_until(one: Appointment, desk: Desk, now: datetime) -> str:
    """Say until when canceling is free, or what it costs since; of what is over, what was charged."""
    policy = one.cancellation_policy
    if one.status not in STANDING:
        return f"charged {money(one.charged_cents, one.currency)}" if one.charged_cents else ""
    if now <= policy.refundable_until:
        return f"{desk.local(policy.refundable_until):%a %d %b %H:%M}"
    return f"passed, fee {money(policy.fee_cents, one.currency)}" if policy.fee_cents else "passed, no fee"


def cursor_words(one: Appointment, patient: Patient | None, desk: Desk, width: int) -> str:
    """Write the appointment under the cursor with what its row leaves out."""
    who = who_words(one, patient, private=desk.private)
    if width < WIDE:
        return "  ".join((who, money(one.price_cents, one.currency), _cancel_words(one, desk)))
    when = f"{desk.local(one.start):%a %d %b %H:%M}"
    room = desk.rooms.get(one.room_id) if one.room_id else None
    where = " ".join(filter(None, (one.provider_name, one.service_title, room)))
    return f"{who}   {when} {where}   quick: T tomorrow  n next available"


def _cancel_words(one: Appointment, desk: Desk) -> str:
    until = free_until(one, desk, desk.now())
    return f"cancel: {until}" if one.status in STANDING else until


def news_words(before: Appointment | None, after: Appointment, desk: Desk) -> str:
    """Say what became of an appointment elsewhere: `B-20907 moved from 10:30 to 11:00`."""
    start = desk.local(after.start)
    if before is None:
        return f"{after.reference} booked for {start:%a %d %b %H:%M} with {after.provider_name}"
    was = desk.local(before.start)
    if was != start:
        to = f"{start:%H:%M}" if was.date() == start.date() else f"{start:%a %d %b %H:%M}"
        return f"{after.reference} moved from {was:%H:%M} to {to}"
    return f"{after.reference} {status_words(after, desk.now())}"
