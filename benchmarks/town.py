"""Clinics to measure with, made in bulk: known ids, always open, one patient for each provider."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

from deskcal.core.access import SCOPES, Actor, Role
from deskcal.server.worker import Plan
from deskcal.store import embedded, migrate

CLINIC, SERVICE, PROVIDER, PATIENT, ROOM, HOLD, APPOINTMENT, DESK = range(1, 9)
SECRET = "a key that only the benchmarks know, long enough"  # noqa: S105  of a server that lives a minute
DAYS = 60
SLOTS, HALF = 48, 24

SETTLE = """
create function pg_temp.ident(kind int, n bigint) returns uuid immutable language sql as
  $$ select format('00000000-0000-4000-800%%s-%%s', kind, lpad(n::text, 12, '0'))::uuid $$;
create temp table c as select n, pg_temp.ident(1, n) id from generate_series(0, %(clinics)s - 1) n;
create temp table p as
  select n, n %% %(clinics)s clinic, pg_temp.ident(1, n %% %(clinics)s) clinic_id, pg_temp.ident(3, n) id
  from generate_series(0, %(providers)s - 1) n;
insert into clinics (clinic_id, slug, name, timezone)
  select id, 'clinic-' || n, 'Clinic ' || n, 'America/New_York' from c;
insert into clinic_feed (clinic_id) select id from c;
insert into services (clinic_id, id, title, duration_minutes, slot_step_minutes)
  select id, pg_temp.ident(2, n), 'Consult', 30, 30 from c;
insert into providers (clinic_id, id, name, search) select clinic_id, id, 'Dr. ' || n, 'dr ' || n from p;
insert into provider_services (clinic_id, provider_id, service_id, position)
  select clinic_id, id, pg_temp.ident(2, clinic), 1 from p;
insert into weekly_hours (clinic_id, provider_id, weekday, opens, closes)
  select clinic_id, id, day, %(opens)s, %(closes)s from p, generate_series(0, 6) day;
insert into patients (clinic_id, id, name, search)
  select clinic_id, pg_temp.ident(4, n), 'Patient ' || n, 'patient ' || n from p;

create temp table a as
  select p.*, gen_random_uuid() appointment,
    %(first)s::timestamptz + day * interval '1 day' + a / %(providers)s * interval '30 minutes' starts
  from generate_series(0, %(daily)s - 1) a, generate_series(0, %(days)s - 1) day, p
  where p.n = a %% %(providers)s;
insert into appointments (clinic_id, id, reference, patient_id, provider_id, service_id, starts_at, ends_at,
    timezone, status, mode, price_cents, currency, free_until_hours, fee_cents, no_show_fee_cents, created_at,
    updated_at)
  select clinic_id, appointment, appointment::text, pg_temp.ident(4, n), id, pg_temp.ident(2, clinic), starts,
    starts + interval '30 minutes', 'America/New_York', 'confirmed', 'in_person', 0, 'USD', 24, 0, 0, now(),
    now()
  from a;
insert into occupancy (clinic_id, resource_id, during, session_key, appointment_id)
  select clinic_id, pg_temp.ident(kind, n), tstzrange(starts, starts + interval '30 minutes'),
    nextval('session_keys'), appointment
  from a, (values (3), (4)) k(kind);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A database full of clinics; provider `n` and patient `n` are of clinic `n % clinics`."""

    url: str
    clinics: int
    providers: int
    first: datetime

    def ident(self, kind: int, n: int) -> UUID:
        """Give the id of the n-th of its kind; services are counted as clinics are."""
        return ident(kind, n % self.clinics if kind in {CLINIC, SERVICE} else n)

    def start(self, number: int) -> datetime:
        """Give the start of a provider's n-th slot in those halves of the days that nothing fills."""
        return self.first + timedelta(minutes=minute(number))

    def desk(self, n: int) -> Actor:
        """Give a front desk of a clinic."""
        return Actor(
            sub=str(ident(DESK, n)),
            role=Role.FRONT_DESK,
            clinic_id=self.ident(CLINIC, n),
            scopes=SCOPES[Role.FRONT_DESK],
        )

    def plan(self, *, connections: int = 10) -> Plan:
        """Plan a server process on it."""
        return Plan(
            database_url=self.url,
            secret_key=SECRET,
            connections=connections,
            hold_seconds=120,
            offer_seconds=1800,
            plan_seconds=1800,
            access_token_seconds=900,
            jitsi_url="https://meet.example.org",
        )


def ident(kind: int, n: int) -> UUID:
    """Name the n-th of a kind."""
    return UUID(f"00000000-0000-4000-800{kind}-{n:012}")


def minute(number: int) -> int:
    """Give the minute, counted from the first day, at which a provider's n-th slot starts."""
    day, slot = divmod(number, HALF)
    return (day * SLOTS + HALF + slot) * 30


def gather_statistics(town: Town) -> None:
    """Let PostgreSQL look at tables that were just written to, as autovacuum does within a minute.

    Before, a cached plan made for an empty table may read a hold by its clinic instead of by its token.
    """
    with psycopg.connect(town.url, autocommit=True) as connection:
        connection.execute("analyze")


@contextmanager
def cluster() -> Iterator[embedded.Cluster]:
    """Run a PostgreSQL of our own, with the settings that deskcal gives it."""
    place = Path(tempfile.mkdtemp(prefix="deskcal-benchmarks-"))
    found = embedded.prepare(place / "postgres")
    found.start()
    try:
        yield found
    finally:
        found.stop()
        shutil.rmtree(place)


def settle(
    found: embedded.Cluster,
    name: str,
    *,
    clinics: int,
    providers: int,
    daily: int = 0,
    hours: tuple[int, int] = (0, 24),
    ahead: int = 7,
) -> Town:
    """Make a database of so many clinics and providers, with so many appointments on each of 60 days.

    The first of those is so many days ahead.
    """
    url = found.url(database=name)
    migrate.create_database(found.url(), name)
    migrate.upgrade(url)
    first = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=ahead)
    facts = {
        "clinics": clinics,
        "providers": providers,
        "opens": hours[0] * 60,
        "closes": hours[1] * 60,
        "first": first,
        "daily": daily,
        "days": DAYS,
    }
    with psycopg.connect(url) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(SETTLE, facts)
        connection.commit()
        connection.autocommit = True
        connection.execute("vacuum analyze")
    return Town(url=url, clinics=clinics, providers=providers, first=first)
