"""What a day and its slots are in words, one line each, as they are read out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from deskcal.tui.appointments.statuses import status_words
from deskcal.tui.booking.hold import clock
from deskcal.tui.calendar.cells import FREE_STATUSES, GONE, minutes
from deskcal.tui.calendar.day import SlotNews
from deskcal.tui.desk import Desk
from deskcal.tui.names import last_four, shown
from deskcal.wire.booking import Appointment
from deskcal.wire.calendar import DayAppointment, Lane, Timeslot
from deskcal.wire.people import Patient

_STATUS = {"checked_in": "arrived", "in_progress": "in room", "completed": "out", "no_show": "no-show"}
_BECAME = {"reserved": "is held", "booked": "was booked", "available": "is free again"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A line of a day; `slot` is what its number would take."""

    words: str
    slot: Timeslot | None = None


def lane_words(lane: Lane, desk: Desk) -> str:
    """Say in one line how a provider's day stands."""
    free = [slot for slot in lane.timeslots if slot.status in FREE_STATUSES and slot.start > desk.now()]
    booked = sum(one.status not in GONE for one in lane.appointments)
    first = f", first {desk.local(free[0].start):%H:%M}" if free else ""
    return f"{lane.provider.name}: {len(free)} free{first}; {booked} booked"


def lane_lines(lane: Lane, desk: Desk) -> list[Spoken]:
    """Say what there is of a provider's day in its order: free, held, booked. Closed times are left out."""
    ordered = sorted([*_slots(lane, desk), *_appointments(lane, desk)], key=lambda one: one[0])
    return [spoken for _, spoken in ordered]


def _slots(lane: Lane, desk: Desk) -> Iterator[tuple[datetime, Spoken]]:
    for slot in lane.timeslots:
        start = f"{desk.local(slot.start):%H:%M}"
        if slot.status in FREE_STATUSES:
            left = f", {slot.remaining} of {slot.capacity} places left" if slot.capacity > 1 else ""
            yield slot.start, Spoken(words=f"{start} free, {minutes(slot)} minutes{left}", slot=slot)
        elif slot.status == "reserved":
            here = slot.mine and slot.held_by == desk.name
            who = "here" if here else f"by {slot.held_by or 'a patient'}"
            until = f" until {desk.local(slot.held_until):%H:%M:%S}" if slot.held_until else ""
            yield slot.start, Spoken(words=f"{start} held {who}{until}")


def _appointments(lane: Lane, desk: Desk) -> Iterator[tuple[datetime, Spoken]]:
    for one in lane.appointments:
        if one.status not in GONE:
            yield one.start, Spoken(words=_booked_words(one, desk))


def _booked_words(one: DayAppointment, desk: Desk) -> str:
    name = shown(one.patient_name, private=desk.private).replace(",", "")
    parts = (f"{desk.local(one.start):%H:%M} booked", name, _STATUS.get(one.status, ""), one.reference)
    return ", ".join(filter(None, parts))


def slot_words(slot: Timeslot, desk: Desk) -> str:
    """Say a slot that may be on any day: `Mon 24 Nov 10:30, Dr Perez`."""
    return f"{desk.local(slot.start):%a %d %b %H:%M}, {slot.provider_name}"


def patient_words(patient: Patient, desk: Desk) -> str:
    """Say who it is with what tells people of one name apart, unless others may listen."""
    phone = last_four(patient.phone)
    told_apart = (
        f"born {patient.date_of_birth:%d %B %Y}" if patient.date_of_birth else "",
        f"phone ends in {phone}" if phone else "",
    )
    name = shown(patient.name, private=desk.private)
    return name if desk.private else ", ".join(filter(None, (name, *told_apart)))


def appointment_words(one: Appointment, desk: Desk) -> str:
    """Say an appointment: when, who, with whom, how it stands."""
    name = shown(one.patient_name, private=desk.private)
    when = f"{desk.local(one.start):%a %d %b %H:%M}"
    stands = status_words(one, desk.now())
    return f"{when}, {name}, {one.provider_name}, {one.service_title}, {stands}, {one.reference}"


def left_words(seconds: int) -> str:
    """Say how long a hold lasts still."""
    return f"{clock(seconds)} left" if seconds >= 60 else f"{seconds} seconds left"  # noqa: PLR2004  a minute


def news_words(news: SlotNews, lanes: Sequence[Lane], desk: Desk) -> str | None:
    """Say what became of a slot of these lanes; None where it is in none of them."""
    names = {lane.provider.id: lane.provider.name for lane in lanes}
    became = _BECAME.get(news.status)
    if news.provider_id not in names or became is None:
        return None
    by = f" by {news.held_by}" if news.held_by and news.status != "available" else ""
    return f"{desk.local(news.busy_start):%H:%M} {names[news.provider_id]} {became}{by}"
