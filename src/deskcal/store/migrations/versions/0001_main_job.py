"""Tenants, catalogue, holds, appointments, occupancy, log and tokens, all under row-level security."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

EXTENSIONS = "create extension if not exists btree_gist; create extension if not exists pg_trgm;"

# A role is shared by all databases of a PostgreSQL server, so it may be there already.
ROLE = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'deskcal_app') then
    create role deskcal_app login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant deskcal_app to %I', current_user);
exception when others then
  if not pg_has_role(current_user, 'deskcal_app', 'member') then raise; end if;
end $$;
"""

CATALOGUE = """
create table clinics (
  clinic_id uuid primary key, slug text not null unique, name text not null, timezone text not null,
  created_at timestamptz not null default now()
);
create table clinic_feed (
  clinic_id uuid primary key references clinics, seq bigint not null default 0
);
create table locations (
  clinic_id uuid not null references clinics, id uuid not null, name text not null, timezone text,
  version int not null default 1, retired_at timestamptz, primary key (clinic_id, id)
);
create table providers (
  clinic_id uuid not null references clinics, id uuid not null, name text not null, specialty text,
  search text not null, rating real, thumbnail_url text, location_id uuid,
  is_available boolean not null default true, is_approved boolean not null default true,
  version int not null default 1, retired_at timestamptz, primary key (clinic_id, id),
  foreign key (clinic_id, location_id) references locations
);
create table rooms (
  clinic_id uuid not null references clinics, id uuid not null, name text not null, type text not null,
  location_id uuid, version int not null default 1, retired_at timestamptz, primary key (clinic_id, id),
  foreign key (clinic_id, location_id) references locations
);
create table services (
  clinic_id uuid not null references clinics, id uuid not null, title text not null, description text,
  duration_minutes int not null check (duration_minutes between 1 and 1440),
  slot_step_minutes int not null check (slot_step_minutes between 1 and 1440),
  buffer_before_minutes int not null default 0 check (buffer_before_minutes between 0 and 1440),
  buffer_after_minutes int not null default 0 check (buffer_after_minutes between 0 and 1440),
  capacity smallint not null default 1 check (capacity >= 1),
  price_cents int not null default 0 check (price_cents >= 0), currency text not null default 'USD',
  modality text not null default 'in_person' check (modality in ('in_person', 'telehealth')),
  room_type text, free_until_hours int not null default 24, fee_cents int not null default 0,
  no_show_fee_cents int not null default 0,
  version int not null default 1, retired_at timestamptz, primary key (clinic_id, id)
);
create table provider_services (
  clinic_id uuid not null, provider_id uuid not null, service_id uuid not null, position int not null,
  price_cents int, primary key (clinic_id, provider_id, service_id),
  foreign key (clinic_id, provider_id) references providers,
  foreign key (clinic_id, service_id) references services
);
create table weekly_hours (
  clinic_id uuid not null, provider_id uuid not null,
  weekday smallint not null check (weekday between 0 and 6),
  opens smallint not null check (opens between 0 and 1439), closes smallint not null check (closes <= 1440),
  valid_from date, valid_until date, check (closes > opens),
  foreign key (clinic_id, provider_id) references providers
);
create index weekly_hours_provider on weekly_hours (clinic_id, provider_id);
create table patients (
  clinic_id uuid not null references clinics, id uuid not null, name text not null, date_of_birth date,
  phone text, email text, search text not null, created_at timestamptz not null default now(),
  version int not null default 1, primary key (clinic_id, id)
);
create index patients_search on patients using gin (search gin_trgm_ops);
create index patients_name on patients (clinic_id, name, id);
"""

BOOKING = """
create sequence session_keys;
create sequence booking_references start 20001;
create table holds (
  clinic_id uuid not null, id uuid not null, token_hash bytea not null,
  provider_id uuid not null, service_id uuid not null, room_id uuid, patient_id uuid,
  starts_at timestamptz not null, ends_at timestamptz not null, check (ends_at > starts_at),
  owner text not null, client text, renewals smallint not null default 0,
  state text not null default 'held' check (state in ('held', 'confirmed', 'released', 'lapsed')),
  expires_at timestamptz not null, created_at timestamptz not null default now(), ended_at timestamptz,
  primary key (clinic_id, id), unique (clinic_id, token_hash),
  foreign key (clinic_id, provider_id) references providers,
  foreign key (clinic_id, service_id) references services,
  foreign key (clinic_id, room_id) references rooms, foreign key (clinic_id, patient_id) references patients
);
create index holds_due on holds (expires_at) where state = 'held';
create index holds_ended on holds (clinic_id, ended_at) where state <> 'held';
create table appointments (
  clinic_id uuid not null, id uuid not null, reference text not null,
  patient_id uuid not null, provider_id uuid not null, service_id uuid not null, room_id uuid, hold_id uuid,
  starts_at timestamptz not null, ends_at timestamptz not null, check (ends_at > starts_at),
  timezone text not null,
  status text not null check (status in
    ('scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed', 'canceled', 'no_show')),
  mode text not null check (mode in ('in_person', 'voice', 'video', 'chat')),
  price_cents int not null, currency text not null, free_until_hours int not null, fee_cents int not null,
  no_show_fee_cents int not null, overbooked boolean not null default false, notes text, booked_by text,
  version int not null default 1, created_at timestamptz not null, updated_at timestamptz not null,
  primary key (clinic_id, id), unique (clinic_id, reference), unique (clinic_id, hold_id),
  foreign key (clinic_id, patient_id) references patients,
  foreign key (clinic_id, provider_id) references providers,
  foreign key (clinic_id, service_id) references services, foreign key (clinic_id, room_id) references rooms
);
create index appointments_start on appointments (clinic_id, starts_at, id);
create index appointments_provider on appointments (clinic_id, provider_id, starts_at);
create index appointments_patient on appointments (clinic_id, patient_id, starts_at);
create table occupancy (
  clinic_id uuid not null, resource_id uuid not null, during tstzrange not null,
  session_key bigint not null, seat smallint not null default 1, capacity smallint not null default 1,
  hold_id uuid, appointment_id uuid, overbooked boolean not null default false,
  constraint occupancy_seat check (seat between 1 and capacity),
  constraint occupancy_one_reason check (num_nonnulls(hold_id, appointment_id) = 1),
  constraint occupancy_seat_once unique (clinic_id, resource_id, session_key, seat),
  constraint occupancy_no_overlap exclude using gist
    (clinic_id with =, resource_id with =, during with &&, session_key with <>) where (not overbooked)
);
create index occupancy_during on occupancy using gist (clinic_id, during);
create index occupancy_hold on occupancy (clinic_id, hold_id) where hold_id is not null;
create index occupancy_appointment on occupancy (clinic_id, appointment_id) where appointment_id is not null;
create table idempotency_keys (
  clinic_id uuid not null, digest bytea not null, fingerprint bytea not null,
  status smallint not null, body bytea not null, created_at timestamptz not null default now(),
  primary key (clinic_id, digest)
);
create index idempotency_keys_age on idempotency_keys (created_at);
"""

LOG = """
create table log (
  clinic_id uuid not null, seq bigint not null, occurred_at timestamptz not null,
  aggregate_type text not null, aggregate_id uuid not null, event_type text not null,
  actor jsonb not null, payload jsonb not null, trace_id text,
  primary key (clinic_id, seq, occurred_at)
) partition by range (occurred_at);
create index log_aggregate on log (clinic_id, aggregate_id, seq);
create table log_rest partition of log default;
create function refuse_log_change() returns trigger language plpgsql as $$
begin raise exception 'the log is append-only'; end $$;
create trigger log_is_append_only before update or delete on log
  for each row execute function refuse_log_change();
create trigger log_is_never_emptied before truncate on log
  for each statement execute function refuse_log_change();
"""

PEOPLE = """
create table users (
  clinic_id uuid not null, id uuid not null, name text, role text not null
    check (role in ('patient', 'provider', 'front_desk', 'admin', 'ops')),
  patient_id uuid, provider_id uuid, created_at timestamptz not null default now(), disabled_at timestamptz,
  primary key (clinic_id, id), check (role <> 'patient' or patient_id is not null),
  foreign key (clinic_id, patient_id) references patients,
  foreign key (clinic_id, provider_id) references providers
);
create table tokens (
  clinic_id uuid not null, id uuid not null, user_id uuid not null, kind text not null
    check (kind in ('api_key', 'refresh')),
  secret_hash bytea not null, scopes text[] not null, family uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null, used_at timestamptz, revoked_at timestamptz,
  primary key (clinic_id, id), foreign key (clinic_id, user_id) references users
);
"""

TENANT_TABLES = (
    "clinics",
    "clinic_feed",
    "locations",
    "providers",
    "rooms",
    "services",
    "provider_services",
    "weekly_hours",
    "patients",
    "holds",
    "appointments",
    "occupancy",
    "idempotency_keys",
    "log",
    "users",
    "tokens",
)

# The sweeper and `ops` look across clinics, but only at these, and only to read.
INSTALLATION_TABLES = ("clinics", "clinic_feed", "holds")

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"
INSTALLATION = "(select current_setting('deskcal.installation', true)) = 'on'"


def upgrade() -> None:
    """Create everything. Tables belong to the migrating role; the server gets what it needs, no more."""
    for statements in (EXTENSIONS, ROLE, CATALOGUE, BOOKING, LOG, PEOPLE):
        op.execute(statements)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        rights = "select, insert" if table == "log" else "select, insert, update, delete"
        op.execute(f"grant {rights} on {table} to deskcal_app")
    for table in INSTALLATION_TABLES:
        op.execute(f"create policy installation on {table} for select using ({INSTALLATION})")
    op.execute("grant usage on all sequences in schema public to deskcal_app")
    op.execute("grant usage on schema public to deskcal_app")
    op.execute("grant select on alembic_version to deskcal_app")
