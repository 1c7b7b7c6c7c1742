"""What the database says about a clinic once the dust has settled, asked in SQL of these tests' own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg

Taken = tuple[str, str, str, str]
"""A resource, from when to when it is taken, and by which hold or appointment."""

OVERLAPS = """
select count(*) from occupancy a join occupancy b
  on (a.clinic_id, a.resource_id) = (b.clinic_id, b.resource_id) and a.ctid < b.ctid
where lower(a.during) < upper(b.during) and lower(b.during) < upper(a.during)
  and not (a.overbooked or b.overbooked)
  and not (a.session_key = b.session_key and a.seat <> b.seat and a.during = b.during)
  and not a.overbooked and not b.overbooked
"""
# What lies on top lies on something, or somebody else could come between.
LEFT_OPEN = """
select count(*) from occupancy o where o.overbooked and not coalesce(o.during <@ (
  select range_agg(during) from occupancy b where not b.overbooked
    and (b.clinic_id, b.resource_id) = (o.clinic_id, o.resource_id)), false)
"""
# A hold that is to move an appointment may lie over it, as one more seat.
TOO_MANY_SEATS = """
select count(*) from (select from occupancy o
  where not exists (select from holds h where h.id = o.hold_id and h.moving_id is not null)
  group by clinic_id, resource_id, session_key
  having count(*) > min(capacity) or count(distinct seat) < count(*) or max(seat) > min(capacity)) full_up
"""
BOOKED_TWICE = """
with standing as (select * from appointments where status <> 'canceled' and freed_at is null)
select count(*) from standing a join standing b
  on a.clinic_id = b.clinic_id and a.id < b.id and a.starts_at < b.ends_at and b.starts_at < a.ends_at
  and (a.patient_id = b.patient_id or a.room_id = b.room_id
    or a.provider_id = b.provider_id and not (a.overbooked or b.overbooked))
join services s on s.clinic_id = a.clinic_id and s.id = a.service_id
where a.patient_id = b.patient_id or s.capacity = 1 or a.service_id <> b.service_id
  or a.starts_at <> b.starts_at
"""
# Each standing hold and each appointment takes its provider, room, units and patient, and nothing else does.
WANTED = """
with booked as (
  select id, provider_id, room_id, patient_id, equipment_unit_ids from holds where state = 'held'
  union all
  select id, provider_id, room_id, patient_id, equipment_unit_ids from appointments
  where status <> 'canceled' and freed_at is null
)
select id::text,
  unnest(array_remove(array[provider_id, room_id, patient_id] || equipment_unit_ids, null))::text from booked
"""
# Of an overbooking the provider is taken in pieces.
TAKEN = """
select resource_id::text, min(lower(during))::timestamptz at time zone 'UTC',
  max(upper(during))::timestamptz at time zone 'UTC', coalesce(hold_id, appointment_id)::text from occupancy
  group by resource_id, hold_id, appointment_id
"""
LOG = "select seq, event_type, aggregate_id::text, payload from log where clinic_id = %s order by seq"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A log entry, as far as replaying needs it."""

    seq: int
    type: str
    about: str
    payload: dict[str, Any]


class Truth:
    """One clinic's rows, read past row-level security."""

    def __init__(self, url: str, clinic_id: UUID) -> None:
        self.url = url
        self.clinic_id = clinic_id

    def rows(self, query: LiteralString, *params: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(query, params).fetchall()

    def insist(self) -> None:
        """Insist that nothing is booked twice, nothing is half done and nothing was left out of the log."""
        for query in (OVERLAPS, LEFT_OPEN, TOO_MANY_SEATS, BOOKED_TWICE):
            assert self.rows(query) == [(0,)], query
        taken = self.taken()
        assert {(about, resource) for resource, _, _, about in taken} == set(self.rows(WANTED))
        entries = self.log()
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        assert replayed(entries) == taken

    def taken(self) -> set[Taken]:
        return {
            (resource, start.isoformat(), end.isoformat(), about)
            for resource, start, end, about in self.rows(TAKEN)
        }

    def log(self) -> list[Entry]:
        return [
            Entry(seq=seq, type=kind, about=about, payload=payload)
            for seq, kind, about, payload in self.rows(LOG, self.clinic_id)
        ]

    def booked(self) -> set[str]:
        """List the ids of all appointments."""
        return {str(row[0]) for row in self.rows("select id from appointments")}


def replayed(entries: list[Entry]) -> set[Taken]:
    """Work out from the log alone what is taken; of patients it tells who and when, for the bare service."""
    by_booking: dict[str, set[Taken]] = {}
    for entry in entries:
        match entry.type:
            case "hold.placed" | "appointment.created":
                by_booking[entry.about] = _takes(entry)
            case "appointment.confirmed":
                by_booking[entry.about] = _from_hold(by_booking, entry)
            case "appointment.rescheduled" if "holdId" in entry.payload:
                by_booking[entry.about] = _from_hold(by_booking, entry)
            case "appointment.rescheduled":
                by_booking[entry.about] = _takes(entry)
            case "appointment.status_changed" if "takes" in entry.payload:
                by_booking[entry.about] = _takes(entry)
            case "hold.released" | "hold.lapsed" | "appointment.canceled" | "appointment.freed":
                del by_booking[entry.about]
    return set().union(*by_booking.values())


def _takes(entry: Entry) -> set[Taken]:
    """Say what an event says it takes; the pieces of an overbooking are one."""
    found: dict[str, Taken] = {}
    for take in entry.payload["takes"]:
        piece = _taken(take["resource"], take["start"], take["end"], entry.about)
        known = found.get(piece[0], piece)
        found[piece[0]] = (piece[0], min(known[1], piece[1]), max(known[2], piece[2]), entry.about)
    return set(found.values()) | _patient(entry)


def _from_hold(by_booking: dict[str, set[Taken]], entry: Entry) -> set[Taken]:
    held = by_booking.pop(entry.payload["holdId"])
    return {(what, start, end, entry.about) for what, start, end, _ in held} | _patient(entry)


def _patient(entry: Entry) -> set[Taken]:
    who = entry.payload.get("patientId")
    return {_taken(who, entry.payload["start"], entry.payload["end"], entry.about)} if who else set()


def _taken(resource: str, start: str, end: str, about: str) -> Taken:
    first, last = (datetime.fromisoformat(at).astimezone(UTC).replace(tzinfo=None) for at in (start, end))
    return resource, first.isoformat(), last.isoformat(), about
