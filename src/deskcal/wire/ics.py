"""Appointments as iCalendar: a file that takes one along, or a calendar to subscribe to.

RFC 5545 for what is written, RFC 5546 for the method: whoever has a copy is told what became of it by the
same UID and a higher SEQUENCE.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vDuration

from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import Clinic
from deskcal.core.sharing import Shared

MEDIA_TYPE = "text/calendar"
REMINDERS = (timedelta(hours=24), timedelta(hours=1))
END = b"END:VCALENDAR\r\n"
REFRESH = timedelta(minutes=15)


def file_of(shown: Shared, clinic: Clinic) -> bytes:
    """Write one appointment: published at first, requested anew once changed, and in the end canceled."""
    made = shown.appointment
    if made.status is Status.CANCELED:
        method = "CANCEL"
    else:
        method = "REQUEST" if made.calendar_sequence else "PUBLISH"
    calendar = _calendar(method, [made])
    event = _event(shown, clinic)
    if method == "REQUEST":
        attendee = vCalAddress(made.patient_id.urn)
        attendee.params["PARTSTAT"] = "ACCEPTED"
        event.add("attendee", attendee)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def subscription(shown: Sequence[Shared], clinic: Clinic, name: str) -> bytes:
    """Write a calendar to follow."""
    calendar = _calendar("PUBLISH", [one.appointment for one in shown])
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    head: bytes = calendar.to_ical().removesuffix(END)
    return b"".join((head, *(_written(one, clinic) for one in shown), END))


def _calendar(method: str, booked: Sequence[Appointment]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//deskcal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    years = [made.span.start.year for made in booked]
    for key in sorted({made.timezone for made in booked}):
        calendar.add_component(_zone(key, min(years), max(years)))
    return calendar


@lru_cache(maxsize=256)
def _zone(key: str, first_year: int, last_year: int) -> Timezone:
    """Write a zone with its clock changes from before the first appointment to after the last."""
    return Timezone.from_tzid(key, first_date=date(first_year - 1, 1, 1), last_date=date(last_year + 2, 1, 1))


@lru_cache(maxsize=10_000)
def _written(shown: Shared, clinic: Clinic) -> bytes:
    """Write an event of a subscription, which takes a millisecond, once until it changes."""
    written: bytes = _event(shown, clinic).to_ical()
    return written


def _event(shown: Shared, clinic: Clinic) -> Event:
    made, zone = shown.appointment, ZoneInfo(shown.appointment.timezone)
    canceled = made.status is Status.CANCELED
    event = Event()
    event.add("uid", f"{made.id}@deskcal")
    event.add("sequence", made.calendar_sequence)
    event.add("dtstamp", made.updated_at)
    event.add("created", made.created_at)
    event.add("last-modified", made.updated_at)
    event.add("dtstart", made.span.start.astimezone(zone))
    event.add("dtend", made.span.end.astimezone(zone))
    event.add("summary", shown.title)
    event.add("location", shown.place)
    event.add("description", f"Reference {made.reference}")
    event.add("status", "CANCELLED" if canceled else "CONFIRMED")
    event.add("class", "PRIVATE")
    organizer = vCalAddress(clinic.id.urn)
    organizer.params["CN"] = clinic.name
    event.add("organizer", organizer)
    for before in () if canceled else REMINDERS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", shown.title)
        alarm.add("trigger", -before)
        event.add_component(alarm)
    return event
