"""Hot statements use their indexes, whatever the tables grow to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from deskcal.core.report import Period, Step
from deskcal.core.span import Span
from deskcal.store import holds, jobs, log, occupancy, reports
from deskcal.store.database import as_server
from deskcal.store.listing import Filter, statement
from deskcal.store.reports import Wanted
from house import House

NOW = datetime(2026, 11, 23, tzinfo=UTC)
A_DAY = Span.of_minutes(NOW, 24 * 60)
A_MONTH = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))

A_YEAR = """
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
select %(clinic_id)s, ('00000000-0000-0000-0000-' || lpad(r::text, 12, '0'))::uuid,
  tstzrange(t, t + interval '30 minutes'), nextval('session_keys'), gen_random_uuid()
from generate_series(1, 20) r,
  generate_series('2026-01-01'::timestamptz, '2026-12-31'::timestamptz, interval '6 hours') t;
insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, starts_at, ends_at,
    timezone, status, mode, price_cents, currency, free_until_hours, fee_cents, no_show_fee_cents, created_at,
    updated_at)
select %(clinic_id)s, gen_random_uuid(), t, %(patient_id)s, %(provider_id)s, %(service_id)s, t,
  t + interval '30 minutes', 'UTC', 'confirmed', 'in_person', 0, 'USD', 24, 0, 0, now(), now()
from generate_series('2026-01-01'::timestamptz, '2026-12-31'::timestamptz, interval '1 hour') t;
"""

PATIENTS = """
insert into patients (clinic_id, id, name, search)
select %(clinic_id)s, ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'Somebody', 'somebody'
from generate_series(1, 100) n
"""

THEIR_YEAR = """
insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, starts_at, ends_at,
  timezone, status, mode, price_cents, currency, free_until_hours, fee_cents, no_show_fee_cents, created_at,
  updated_at)
select %(clinic_id)s, gen_random_uuid(), 'B-' || 30000 + row_number() over (), p.id, d.id, s.id, t,
  t + interval '30 minutes', 'UTC', 'scheduled', 'in_person', 0, 'USD', 24, 0, 0, t, t
from (select * from patients where name = 'Somebody') p, providers d,
  (select * from services where title = 'Consult') s,
  generate_series('2026-01-01'::timestamptz, '2026-12-31'::timestamptz, interval '7 days') t
"""

HOT: dict[str, tuple[LiteralString, dict[str, Any], str]] = {
    "what is taken around a day": (
        occupancy.BUSY,
        {"start": NOW - timedelta(days=2), "end": NOW + timedelta(days=3)},
        "occupancy_start",
    ),
    "what is taken of everything for a month": (
        occupancy.TAKEN,
        {"start": NOW - timedelta(days=2), "end": NOW + timedelta(days=33)},
        "occupancy_start",
    ),
    "what has to be told apart for a month": (
        occupancy.TAKEN,
        {"start": NOW - timedelta(days=2), "end": NOW + timedelta(days=33)},
        "occupancy_told_apart",
    ),
    "what is booked for a month": (
        occupancy.TAKEN,
        {"start": NOW - timedelta(days=2), "end": NOW + timedelta(days=33)},
        "appointments_start",
    ),
    "the bookings that rules count": (
        occupancy.VISITS,
        {
            "start": NOW - timedelta(days=2),
            "end": NOW + timedelta(days=2),
            "provider_id": UUID(int=1),
            "service_id": UUID(int=2),
            "now": NOW,
            "but": None,
        },
        "appointments_start",
    ),
    "what stands in the way": (
        occupancy.IN_WAY,
        {"start": NOW, "end": NOW + timedelta(hours=1), "resources": [UUID(int=1), UUID(int=2)]},
        "occupancy_start",
    ),
    "a hold by its token": (
        holds.COLUMNS + " and token_hash = %(hash)s",
        {"hash": b"x"},
        "holds_clinic_id_token_hash_key",
    ),
    "the jobs to work on": (jobs.AT_WORK, {}, "jobs_at_work"),
    "the log from a number on": (
        log.READ + " order by seq limit %(limit)s",
        {"since": 5, "limit": 100},
        "_pkey on log_2",
    ),
}

LISTS: dict[str, tuple[LiteralString, dict[str, Any], str]] = {
    "what is ahead of a patient": (
        *statement(Filter(patient_id=UUID(int=1), ahead_of=NOW)),
        "appointments_patient",
    ),
    "what is behind a patient, page after page": (
        *statement(Filter(patient_id=UUID(int=1), behind=NOW), after=(NOW, UUID(int=1))),
        "appointments_patient",
    ),
    "a provider's day": (
        *statement(Filter(provider_id=UUID(int=1), span=A_DAY)),
        "appointments_provider",
    ),
    "a clinic's day": (*statement(Filter(span=A_DAY)), "appointments_start"),
    "the clinic's list, page after page": (
        *statement(Filter(), after=(NOW, UUID(int=1))),
        "Index Scan using appointments_start",
    ),
    "a clinic's month, counted": (
        *reports.statement(Wanted(period=A_MONTH), Step.DAY),
        "Index Scan on appointments_",
    ),
    "a provider's month, counted": (
        *reports.statement(Wanted(period=A_MONTH, provider_id=UUID(int=1)), Step.DAY),
        "appointments_provider",
    ),
    "an appointment by its reference": (
        *statement(Filter(reference="B-30007")),
        "appointments_clinic_id_reference_key",
    ),
}


async def plans_of(
    house: House,
    database_url: str,
    statements: Mapping[str, tuple[LiteralString, dict[str, Any], str]],
    filled: Sequence[LiteralString],
) -> dict[str, str]:
    """Give the plans, by name, that the server has for statements which do without their index."""
    year = {
        "clinic_id": house.clinic.id,
        "patient_id": house.patients[0].id,
        "provider_id": house.perez.id,
        "service_id": house.consult.id,
    }
    found = {}
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        for rows in filled:
            await psycopg.AsyncClientCursor(connection).execute(rows, year)
        await connection.execute("analyze occupancy, appointments")
        await connection.commit()
    async with await psycopg.AsyncConnection.connect(as_server(database_url)) as connection:
        await connection.execute(f"set deskcal.clinic_id = '{house.clinic.id}'".encode())
        await connection.execute("set enable_seqscan = off")
        for name, (query, params, index) in statements.items():
            cursor = await connection.execute(
                b"explain (format text) " + query.encode(),
                {"clinic_id": house.clinic.id, "offset": 0, "limit": 50, **params},
            )
            plan = "\n".join(line for (line,) in await cursor.fetchall())
            if index not in plan:
                found[name] = plan
    return found


async def test_hot_statements_use_their_index(house: House, database_url: str) -> None:
    """With a year of bookings of twenty resources, what the server reads often is read through its index."""
    assert await plans_of(house, database_url, HOT, [A_YEAR]) == {}


async def test_lists_use_their_index(house: House, database_url: str) -> None:
    """With a year of appointments of a hundred patients, each list is read through its index."""
    assert await plans_of(house, database_url, LISTS, [PATIENTS, THEIR_YEAR]) == {}
