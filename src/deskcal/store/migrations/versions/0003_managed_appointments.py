"""What becomes of appointments: fees, no-shows, series, the waitlist, and calendars to subscribe to."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

APPOINTMENTS = """
alter table appointments
  add column charged_cents int not null default 0 check (charged_cents >= 0),
  add column refunded_cents int not null default 0 check (refunded_cents >= 0),
  add column canceled_at timestamptz, add column change_reason text,
  add column missed_by text check (missed_by in ('patient', 'provider')),
  add column freed_at timestamptz,
  add column calendar_sequence int not null default 0,
  add column walk_in boolean not null default false,
  add column series_id uuid;
create index appointments_series on appointments (clinic_id, series_id) where series_id is not null;
create index appointments_batch on appointments (clinic_id, batch_id) where batch_id is not null;
alter table holds add column moving_id uuid;
create table series (
  clinic_id uuid not null, id uuid not null, patient_id uuid not null, provider_id uuid not null,
  service_id uuid not null, room_id uuid, rule text not null, starts_at timestamp not null,
  timezone text not null, created_at timestamptz not null,
  primary key (clinic_id, id),
  foreign key (clinic_id, patient_id) references patients,
  foreign key (clinic_id, provider_id) references providers,
  foreign key (clinic_id, service_id) references services
);
"""

# An entry stays until it is booked or withdrawn; its offers are the chain that everybody sees.
WAITLIST = """
create table waitlist_entries (
  clinic_id uuid not null, id uuid not null, patient_id uuid not null, service_id uuid not null,
  provider_ids uuid[] not null default '{}', location_id uuid, first_date date, last_date date,
  times int4range[] not null default '{}', notes text, priority smallint not null default 0,
  state text not null default 'waiting' check (state in ('waiting', 'offered', 'booked', 'withdrawn')),
  appointment_id uuid, created_by text not null, created_at timestamptz not null,
  updated_at timestamptz not null, version int not null default 1,
  primary key (clinic_id, id),
  foreign key (clinic_id, patient_id) references patients,
  foreign key (clinic_id, service_id) references services
);
create index waitlist_entries_waiting on waitlist_entries (clinic_id, service_id, created_at)
  where state in ('waiting', 'offered');
create index waitlist_entries_listed on waitlist_entries (clinic_id, created_at, id);
create table waitlist_offers (
  clinic_id uuid not null, id uuid not null, entry_id uuid not null, hold_id uuid not null,
  provider_id uuid not null, starts_at timestamptz not null, ends_at timestamptz not null,
  offered_at timestamptz not null, expires_at timestamptz not null,
  state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'lapsed')),
  ended_at timestamptz, primary key (clinic_id, id),
  foreign key (clinic_id, entry_id) references waitlist_entries
);
create index waitlist_offers_entry on waitlist_offers (clinic_id, entry_id, offered_at);
create unique index waitlist_offers_hold on waitlist_offers (clinic_id, hold_id);
create unique index waitlist_offers_open on waitlist_offers (clinic_id, entry_id) where state = 'open';
"""

CALENDARS = """
create table calendar_feeds (
  clinic_id uuid not null, id uuid not null, token_hash bytea not null unique,
  patient_id uuid, provider_id uuid, check (num_nonnulls(patient_id, provider_id) = 1),
  created_by text not null, created_at timestamptz not null, revoked_at timestamptz,
  primary key (clinic_id, id),
  foreign key (clinic_id, patient_id) references patients,
  foreign key (clinic_id, provider_id) references providers
);
"""

TENANT_TABLES = ("series", "waitlist_entries", "waitlist_offers", "calendar_feeds")

# A subscription has no login: its token says which clinic is meant.
INSTALLATION_TABLES = ("calendar_feeds",)

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"
INSTALLATION = "(select current_setting('deskcal.installation', true)) = 'on'"


def upgrade() -> None:
    """Add what managing appointments needs."""
    for statements in (APPOINTMENTS, WAITLIST, CALENDARS):
        op.execute(statements)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant select, insert, update, delete on {table} to deskcal_app")
    for table in INSTALLATION_TABLES:
        op.execute(f"create policy installation on {table} for select using ({INSTALLATION})")
