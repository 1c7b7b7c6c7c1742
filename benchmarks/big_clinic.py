"""One clinic with all that the model has: rooms, pools of equipment, rules, windows, and days nearly full."""

from datetime import UTC, datetime, timedelta

import psycopg

from benchmarks.town import Town
from deskcal.store import migrate
from deskcal.store.embedded import Cluster

SERVICES = 8
"""0 needs nothing, 1 a room, the others a room and one of the pools as well; 2 has a buffer, 7 two rules."""

CLINIC = """
create function pg_temp.ident(kind int, n bigint) returns uuid immutable language sql as
  $$ select format('00000000-0000-4000-800%%s-%%s', kind, lpad(n::text, 12, '0'))::uuid $$;
create temp table clinic as select pg_temp.ident(1, 0) clinic_id;
create temp table p as select clinic_id, pg_temp.ident(3, n) id, n
  from clinic, generate_series(0, %(providers)s - 1) n;
create temp table unit as
  select pool, number, row_number() over (order by pool, number) - 1 n
  from unnest(array[1, 2, 3, 4, 3, 2]) with ordinality pools(units, pool), generate_series(1, units) number;

insert into clinics (clinic_id, slug, name, timezone)
  select clinic_id, 'clinic', 'Clinic', 'America/New_York' from clinic;
insert into rooms (clinic_id, id, name, type)
  select clinic_id, pg_temp.ident(5, n), 'Room ' || n, 'exam'
  from clinic, generate_series(0, %(rooms)s - 1) n;
insert into equipment (clinic_id, id, name, type)
  select clinic_id, pg_temp.ident(9, pool), 'Pool ' || pool, 'pool_' || pool
  from clinic, generate_series(1, 6) pool;
insert into equipment_units (clinic_id, id, equipment_id, number)
  select clinic_id, pg_temp.ident(9, 100 + n), pg_temp.ident(9, pool), number from clinic, unit;
insert into services (clinic_id, id, title, duration_minutes, slot_step_minutes, buffer_after_minutes,
    room_type, equipment_type)
  select clinic_id, pg_temp.ident(2, n), 'Service ' || n, case n when 2 then 20 else 30 end, 30,
    case n when 2 then 10 else 0 end, case when n > 0 then 'exam' end,
    case when n > 1 then 'pool_' || n - 1 end
  from clinic, generate_series(0, %(services)s - 1) n;
insert into service_rules (clinic_id, id, service_id, type, payload)
  select clinic_id, gen_random_uuid(), pg_temp.ident(2, %(services)s - 1), type, payload::jsonb
  from clinic, (values ('max_daily', '{"max_per_day": 400}'), ('min_gap', '{"min_gap_minutes": 30}'))
    rule(type, payload);
insert into providers (clinic_id, id, name, search, daily_maximum)
  select clinic_id, id, 'Dr. ' || n, 'dr ' || n, case when n %% 10 = 9 then 12 end from p;
insert into provider_services (clinic_id, provider_id, service_id, position)
  select clinic_id, id, pg_temp.ident(2, service), (service + n) %% %(services)s
  from p, generate_series(0, %(services)s - 1) service;
insert into weekly_hours (clinic_id, provider_id, weekday, opens, closes)
  select clinic_id, id, day, opens, closes
  from p, generate_series(0, 6) day, (values (540, 720), (780, 1020)) hours(opens, closes);
insert into windows (clinic_id, id, resource_kind, resource_id, kind, starts_at, ends_at, recurrence_rule)
  select clinic_id, gen_random_uuid(), 'provider', id, 'unavailable', (%(first)s::date - 7) + time '16:00',
    (%(first)s::date - 7) + time '16:30', 'RRULE:FREQ=WEEKLY'
  from p where n %% 4 = 0;
insert into windows (clinic_id, id, resource_kind, resource_id, kind, starts_at, ends_at)
  select clinic_id, gen_random_uuid(), 'room', pg_temp.ident(5, 0), 'unavailable', %(first)s::date + 3,
    %(first)s::date + 4 from clinic;
insert into closures (clinic_id, id, first_date, last_date, reason)
  select clinic_id, gen_random_uuid(), %(first)s::date + 20, %(first)s::date + 20, 'Holiday' from clinic;
insert into patients (clinic_id, id, name, search)
  select clinic_id, pg_temp.ident(4, n), 'Patient ' || n, 'patient ' || n from p;
"""

# Provider, room and unit of one number are always booked together, and so never twice.
BOOKED = """
create temp table a as
  select p.*, gen_random_uuid() appointment, pg_temp.ident(4, n) patient_id,
    case when n < least(15, %(rooms)s) then (select 1 + pool from unit where unit.n = p.n)
      when n < %(rooms)s then 1 else 0 end service,
    timezone('America/New_York', %(first)s::date + day + (slot + 18 + case when slot > 5 then 2 else 0 end)
      * interval '30 minutes') starts,
    row_number() over () seq, nextval('session_keys') session_key
  from p, generate_series(0, %(days)s - 1) day, generate_series(0, 13) slot
  where hashint8(n * 100000 + day * 100 + slot) & 1023 < %(full)s * 1024 and day <> 20;
insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, room_id, starts_at,
    ends_at, timezone, status, mode, price_cents, currency, free_until_hours, fee_cents, no_show_fee_cents,
    created_at, updated_at)
  select clinic_id, appointment, seq, patient_id, id, pg_temp.ident(2, service),
    case when service > 0 then pg_temp.ident(5, n) end, starts,
    starts + case service when 2 then 20 else 30 end * interval '1 minute', 'America/New_York', 'confirmed',
    'in_person', 0, 'USD', 24, 0, 0, now(), now()
  from a;
create temp table t as
  select a.*, resource_id, tstzrange(starts, starts
    + case when resource_id = patient_id and service = 2 then 20 else 30 end * interval '1 minute') during
  from a, lateral (
    select id union all select patient_id
    union all select pg_temp.ident(5, n) where service > 0
    union all select pg_temp.ident(9, 100 + n) where service > 1) takes(resource_id);
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
  select clinic_id, resource_id, during, session_key, appointment from t;
insert into log (clinic_id, seq, occurred_at, aggregate_type, aggregate_id, event_type, actor, payload)
  select clinic_id, seq, now(), 'appointment', appointment, 'appointment.created',
    '{"id": "benchmark", "type": "system", "role": "admin"}',
    jsonb_build_object('providerId', id, 'serviceId', pg_temp.ident(2, service), 'patientId', patient_id,
      'start', starts, 'end', starts + case service when 2 then 20 else 30 end * interval '1 minute',
      'takes', jsonb_agg(jsonb_build_object(
        'resource', resource_id, 'start', lower(during), 'end', upper(during)))
        filter (where resource_id <> patient_id))
  from t group by clinic_id, seq, appointment, id, service, patient_id, starts;
insert into clinic_feed (clinic_id, seq) select clinic_id, (select count(*) from a) from clinic;
"""


def settle(
    found: Cluster, name: str, *, providers: int = 40, rooms: int = 12, days: int = 90, full: float = 0.8
) -> Town:
    """Make a database with such a clinic, whose days, the first a week from now, are booked so `full`."""
    url = found.url(database=name)
    migrate.create_database(found.url(), name)
    migrate.upgrade(url)
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=7)
    facts = {
        "providers": providers,
        "rooms": rooms,
        "services": SERVICES,
        "first": first.date(),
        "days": days,
        "full": full,
    }
    with psycopg.connect(url) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(CLINIC, facts)
        cursor.execute(BOOKED, facts)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return Town(url=url, clinics=1, providers=providers, first=first)
