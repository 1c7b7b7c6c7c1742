"""What somebody does to the demo's database behind the server's back, and undoes."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from cli.typed import Demo
from deskcal.store.embedded import prepare

GUARDED_FOR_NOBODY = """
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
select o.clinic_id, o.resource_id, tstzrange(at, at + interval '30 minutes'), nextval('session_keys'),
  o.appointment_id
from occupancy o join providers p on p.id = o.resource_id,
  (select date_trunc('day', now()) + interval '200 days 15 hours' as at) later
where o.appointment_id is not null and p.name = 'Dr. Ana Perez' limit 1
returning session_key
"""
PARKED = """
insert into parked_events (clinic_id, reader, seq, event_type, aggregate_id, occurred_at, attempts, error)
select clinic_id, 'sessions', seq, event_type, aggregate_id, occurred_at, 12, 'OutsideFailed: no way in'
from log where event_type = 'appointment.created' and (clinic_id, 'sessions', seq) not in (
  select clinic_id, reader, seq from parked_events)
limit 1 returning seq
"""


def harming(demo: Demo) -> psycopg.Connection:
    """Connect as the database's owner."""
    return psycopg.connect(prepare(demo.folder / "postgres").url(database="deskcal"), autocommit=True)


def park(demo: Demo) -> str:
    """Park an event for ops; gives its name."""
    with harming(demo) as connection:
        [(seq,)] = connection.execute(PARKED).fetchall()
    return f"sessions-{seq}"


@contextmanager
def guarded_for_nobody(demo: Demo) -> Iterator[None]:
    """Take half an hour of Dr. Perez that the log does not know of, until the end of the block."""
    with harming(demo) as connection:
        [(key,)] = connection.execute(GUARDED_FOR_NOBODY).fetchall()
        yield
        connection.execute("delete from occupancy where session_key = %s", [key])
