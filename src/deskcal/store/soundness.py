"""Whether what stands in a database can be true: nothing booked twice, nothing lost, no number missing."""

from typing import LiteralString

from deskcal.store.upkeep import Connection

CHECKS: dict[str, LiteralString] = {
    "stretches of time that two bookings have": """
select count(*) from occupancy a join occupancy b on a.clinic_id = b.clinic_id
  and a.resource_id = b.resource_id and a.during && b.during and a.session_key < b.session_key
where not (a.overbooked or b.overbooked)
""",
    "appointments that nobody keeps the time of": """
select count(*) from appointments a where a.status <> 'canceled' and a.freed_at is null and not exists (
  select from occupancy o where o.clinic_id = a.clinic_id and o.appointment_id = a.id
    and o.resource_id = a.provider_id)
""",
    "clinics whose log lacks a number": """
select count(*) from clinic_feed f left join lateral (
  select max(last_seq) as last from log_archives a where a.clinic_id = f.clinic_id) a on true
left join lateral (
  select count(distinct seq) as numbers, max(seq) as last from log l
  where l.clinic_id = f.clinic_id and l.seq > coalesce(a.last, 0)) l on true
where coalesce(l.last, a.last, 0) <> f.seq or l.numbers <> f.seq - coalesce(a.last, 0)
""",
}


def faults(connection: Connection) -> list[str]:
    """List what cannot be: how many of what."""
    found = {what: connection.execute(query).fetchall()[0][0] for what, query in CHECKS.items()}
    return [f"{count} {what}" for what, count in found.items() if count]
