"""What the database says about a clinic once the dust has settled, asked in SQL of these tests' own."""

from dataclasses import dataclass
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
# Each standing hold and appointment takes its provider, its room and its patient, and nothing else does.
WANTED = """
select id::text, unnest(array_remove(array[provider_id, room_id, patient_id], null))::text from holds
  where state = 'held'
union all
select id::text, unnest(array_remove(array[provider_id, room_id, patient_id], null))::text from appointments
  where status <> 'canceled' and freed_at is null
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
        wanted = sorted(self.rows(WANTED))
        taken = self.taken()
        assert sorted((about, resource) for resource, _, _, about in taken) == wanted
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
    """Work out from the log alone what is taken. The services of the house have no buffers."""
    by_booking: dict[str, set[Taken]] = {}
    for entry in entries:
        match entry.type:
            case "hold.placed" | "appointment.created":
                by_booking[entry.about] = _takes(entry)
            case "appointment.confirmed":
                del by_booking[entry.payload["holdId"]]
                by_booking[entry.about] = _takes(entry)
            case "appointment.rescheduled":
                by_booking.pop(entry.payload.get("holdId", ""), None)
                by_booking[entry.about] = _takes(entry)
            case "hold.released" | "hold.lapsed" | "appointment.canceled" | "appointment.freed":
                del by_booking[entry.about]
    return set().union(*by_booking.values())


def _takes(entry: Entry) -> set[Taken]:
    start, end = (entry.payload[edge].removesuffix("+00:00") for edge in ("start", "end"))
    resources = (entry.payload.get(name) for name in ("providerId", "roomId", "patientId"))
    return {(resource, start, end, entry.about) for resource in resources if resource}
