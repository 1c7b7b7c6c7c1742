"""What exports are written as: CSV, JSON lines, iCalendar, each page by page in constant memory."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from deskcal.cli.csv_cells import csv_text
from deskcal.cli.names import providers
from deskcal.cli.session import Session
from deskcal.wire.booking import Appointment
from deskcal.wire.catalog import Clinic
from deskcal.wire.people import Patient
from deskcal.wire.realtime import LogEntry
from deskcal.wire.shape import Shape

Texts: TypeAlias = AsyncIterator[tuple[int, str]]
"""Pieces of a file, each with how many things are in it."""

A_MINUTE = timedelta(minutes=1)
AT_ONCE = 200
END = "END:VCALENDAR\r\n"
VISITS = (
    *("external_id", "reference", "patient", "patient_name", "date_of_birth", "provider", "location"),
    *("service", "start", "duration", "status", "room", "mode", "notes"),
)
PATIENTS = ("name", "date_of_birth", "phone", "email", "external_id")
ENTRIES = (
    "seq",
    "occurred_at",
    "event_type",
    "aggregate_type",
    "aggregate_id",
    "actor",
    "payload",
    "trace_id",
)


async def jsonl(pages: AsyncIterator[Sequence[Shape]]) -> Texts:
    """Write each thing on a line, with the fields of the HTTP interface."""
    async for page in pages:
        yield len(page), "".join(f"{msgspec.json.encode(one).decode()}\n" for one in page)


async def visits_csv(session: Session, pages: AsyncIterator[list[Appointment]]) -> Texts:
    """Write appointments in columns that an import reads; ids are what this clinic calls things."""
    client = session.client
    places = {place.id: place.name for place in await client.locations()}
    where = {
        one.id: places.get(one.location_id) if one.location_id else None for one in await providers(session)
    }
    rooms = {room.id: room.name for room in await client.rooms()}
    yield 0, csv_text([VISITS])
    async for page in pages:
        born = {one.id: one.date_of_birth for one in await patients_of(session, page)}
        rows = [
            (
                *(one.id, one.reference, one.patient_id, one.patient_name, born.get(one.patient_id)),
                *(one.provider_name, where.get(one.provider_id), one.service_title),
                one.start.astimezone(ZoneInfo(one.timezone)).isoformat(),
                (one.end - one.start) // A_MINUTE,
                *(one.status, rooms.get(one.room_id) if one.room_id else None, one.mode, one.notes),
            )
            for one in page
        ]
        yield len(page), csv_text(rows)


async def patients_of(session: Session, booked: Iterable[Appointment]) -> list[Patient]:
    """Fetch the patients of some appointments."""
    ids = sorted({one.patient_id for one in booked})
    found: list[Patient] = []
    for first in range(0, len(ids), AT_ONCE):
        found += await session.client.patients_of(ids[first : first + AT_ONCE])
    return found


async def patients_csv(pages: AsyncIterator[list[Patient]]) -> Texts:
    """Write patients in columns that an import reads."""
    yield 0, csv_text([PATIENTS])
    async for page in pages:
        rows = ((one.name, one.date_of_birth, one.phone, one.email, one.id) for one in page)
        yield len(page), csv_text(rows)


async def log_csv(pages: AsyncIterator[list[LogEntry]]) -> Texts:
    """Write entries of the log; who did it and the facts are JSON."""
    yield 0, csv_text([ENTRIES])
    async for page in pages:
        rows = (
            (
                *(one.seq, one.occurred_at.isoformat(), one.event_type, one.aggregate_type, one.aggregate_id),
                *(msgspec.json.encode(facts).decode() for facts in (one.actor, one.payload)),
                one.trace_id,
            )
            for one in page
        )
        yield len(page), csv_text(rows)


async def ics(clinic: Clinic, pages: AsyncIterator[list[Appointment]]) -> Texts:
    """Write a calendar that names no patient. Its events keep their UID everywhere."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//deskcal//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", clinic.name)
    yield 0, calendar.to_ical().decode().removesuffix(END)
    zones: set[str] = set()
    async for page in pages:
        yield len(page), "".join(text for one in page for text in _event(one, zones))
    yield 0, END


def _event(one: Appointment, zones: set[str]) -> Iterator[str]:
    """Write an event, before it the zone that it is the first of."""
    from icalendar import Event, Timezone

    if one.timezone not in zones:
        zones.add(one.timezone)
        yield Timezone.from_tzid(one.timezone).to_ical().decode()
    zone = ZoneInfo(one.timezone)
    event = Event()
    event.add("uid", f"{one.id}@deskcal")
    event.add("dtstamp", one.updated_at)
    event.add("dtstart", one.start.astimezone(zone))
    event.add("dtend", one.end.astimezone(zone))
    event.add("summary", f"{one.service_title} {one.reference}")
    event.add("description", one.provider_name)
    event.add("status", "CANCELLED" if one.status == "canceled" else "CONFIRMED")
    event.add("class", "PRIVATE")
    yield event.to_ical().decode()
