"""Equipment, windows, closures, rules, preferences, consultation modes, and readers of the log."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RESOURCES = """
alter table clinics add column limited_percent smallint not null default 20
    check (limited_percent between 0 and 100), add column version int not null default 1;
alter table clinics add column catalog_version bigint not null default 1;
alter table rooms add column features text[] not null default '{}',
  add column capacity int check (capacity >= 1);
alter table services add column room_features text[] not null default '{}', add column equipment_type text,
  add column equipment_units smallint not null default 1 check (equipment_units between 1 and 100);
alter table providers add column daily_maximum int check (daily_maximum >= 1),
  add column preferences jsonb not null default '[]';
create table equipment (
  clinic_id uuid not null references clinics, id uuid not null, name text not null, type text not null,
  location_id uuid, version int not null default 1, retired_at timestamptz, primary key (clinic_id, id),
  foreign key (clinic_id, location_id) references locations
);
create table equipment_units (
  clinic_id uuid not null, id uuid not null, equipment_id uuid not null, number smallint not null,
  retired_at timestamptz, primary key (clinic_id, id), unique (clinic_id, equipment_id, number),
  foreign key (clinic_id, equipment_id) references equipment
);
create table windows (
  clinic_id uuid not null references clinics, id uuid not null,
  resource_kind text not null check (resource_kind in ('provider', 'room', 'equipment')),
  resource_id uuid not null, kind text not null check (kind in ('available', 'unavailable', 'override')),
  starts_at timestamp not null, ends_at timestamp not null, check (ends_at > starts_at),
  all_day boolean not null default false, recurrence_rule text, over_at timestamp, reason text,
  source text not null default 'manual' check (source in ('manual', 'imported')),
  created_at timestamptz not null default now(), primary key (clinic_id, id)
);
create index windows_resource on windows (clinic_id, resource_id, starts_at);
create table closures (
  clinic_id uuid not null references clinics, id uuid not null, location_id uuid,
  first_date date not null, last_date date not null, check (last_date >= first_date), reason text not null,
  source text not null default 'manual' check (source in ('manual', 'holiday')),
  created_at timestamptz not null default now(), primary key (clinic_id, id),
  unique nulls not distinct (clinic_id, location_id, first_date, last_date, reason),
  foreign key (clinic_id, location_id) references locations
);
create table service_rules (
  clinic_id uuid not null, id uuid not null, service_id uuid not null, type text not null,
  payload jsonb not null check (jsonb_typeof(payload) = 'object'), priority int not null default 100,
  created_at timestamptz not null default now(), primary key (clinic_id, id),
  foreign key (clinic_id, service_id) references services
);
create index service_rules_service on service_rules (clinic_id, service_id);
"""

BOOKING = """
create index occupancy_overbooked on occupancy using gist (clinic_id, resource_id, during) where overbooked;
alter table holds add column equipment_unit_ids uuid[] not null default '{}';
alter table appointments add column equipment_unit_ids uuid[] not null default '{}',
  add column overbook_reason text, add column medical_info bytea, add column batch_id uuid;
create table remote_sessions (
  clinic_id uuid not null, appointment_id uuid not null,
  state text not null check (state in ('ready', 'failed')), maker text, secret bytea,
  check ((state = 'ready') = (num_nulls(maker, secret) = 0)), primary key (clinic_id, appointment_id),
  foreign key (clinic_id, appointment_id) references appointments
);
"""

# Row-level security keeps `&&` from an index, since it might tell of rows of others; comparing times is fine.
OCCUPANCY = """
alter table occupancy add column starts_at timestamptz generated always as (lower(during)) stored;
drop index occupancy_during;
create index occupancy_start on occupancy (clinic_id, starts_at, resource_id);
create index occupancy_told_apart on occupancy (clinic_id, starts_at)
  where hold_id is not null or capacity > 1 or overbooked;
"""

# A reader of the log stands at `seq`, in the transaction that records its effect. What fails is kept here
# with its error, tried again at `next_try_at`, and parked once that is null.
READERS = """
create table reader_cursors (
  clinic_id uuid not null references clinics, reader text not null, seq bigint not null,
  primary key (clinic_id, reader)
);
create table parked_events (
  clinic_id uuid not null references clinics, reader text not null, seq bigint not null,
  event_type text not null, aggregate_id uuid not null, occurred_at timestamptz not null,
  attempts int not null, error text not null, next_try_at timestamptz, primary key (clinic_id, reader, seq)
);
create index parked_events_due on parked_events (next_try_at) where next_try_at is not null;
"""

# Whoever remembers a clinic's catalogue asks for this number to know whether it still holds.
CATALOG_VERSION = """
create function clinic_changed() returns trigger language plpgsql as $$
begin new.catalog_version := old.catalog_version + 1; return new; end $$;
create trigger catalog_version before update on clinics for each row execute function clinic_changed();
create function catalog_changed() returns trigger language plpgsql as $$
begin
  update clinics set catalog_version = catalog_version
  where clinic_id = coalesce(new.clinic_id, old.clinic_id);
  return null;
end $$;
"""

CATALOG_TABLES = (
    "locations",
    "providers",
    "rooms",
    "services",
    "provider_services",
    "weekly_hours",
    "equipment",
    "equipment_units",
    "windows",
    "closures",
    "service_rules",
)

TENANT_TABLES = (
    "equipment",
    "equipment_units",
    "windows",
    "closures",
    "service_rules",
    "remote_sessions",
    "reader_cursors",
    "parked_events",
)
INSTALLATION_TABLES = ("reader_cursors", "parked_events")

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"
INSTALLATION = "(select current_setting('deskcal.installation', true)) = 'on'"


def upgrade() -> None:
    """Add what clinics with several rooms, pools and rules need."""
    for statements in (RESOURCES, BOOKING, OCCUPANCY, READERS, CATALOG_VERSION):
        op.execute(statements)
    for table in CATALOG_TABLES:
        op.execute(
            f"create trigger catalog_version after insert or update or delete on {table}"
            " for each row execute function catalog_changed()"
        )
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant select, insert, update, delete on {table} to deskcal_app")
    for table in INSTALLATION_TABLES:
        op.execute(f"create policy installation on {table} for select using ({INSTALLATION})")
