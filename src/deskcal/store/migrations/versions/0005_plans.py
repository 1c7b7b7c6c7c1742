"""Plans for a day on which a provider is away, and where windows that were imported came from."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PLANS = """
create table plans (
  clinic_id uuid not null references clinics, id uuid not null, provider_id uuid not null, day date not null,
  state text not null default 'open' check (state in ('open', 'applied', 'undone', 'given_up')),
  window_id uuid, created_by text not null, created_at timestamptz not null,
  expires_at timestamptz not null, primary key (clinic_id, id),
  foreign key (clinic_id, provider_id) references providers
);
create unique index plans_open on plans (clinic_id, provider_id, day) where state = 'open';
create table plan_items (
  clinic_id uuid not null, plan_id uuid not null, appointment_id uuid not null,
  was_provider_id uuid not null, was_room_id uuid, was_starts_at timestamptz not null,
  was_ends_at timestamptz not null,
  provider_id uuid, room_id uuid, starts_at timestamptz, ends_at timestamptz, hold_id uuid,
  reason text, check (num_nulls(provider_id, starts_at, ends_at, hold_id) in (0, 4)),
  check ((hold_id is null) = (reason is not null)),
  job_id uuid, primary key (clinic_id, plan_id, appointment_id),
  foreign key (clinic_id, plan_id) references plans,
  foreign key (clinic_id, appointment_id) references appointments,
  foreign key (clinic_id, job_id) references jobs
);
"""

# The UID of the event that an imported window came from: the same event again takes its place.
WINDOWS = """
alter table windows add column source_uid text;
create index windows_source on windows (clinic_id, resource_id, source_uid) where source_uid is not null;
"""

TENANT_TABLES = ("plans", "plan_items")

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"


def upgrade() -> None:
    """Add what sick days and busy times of other calendars need."""
    for statements in (PLANS, WINDOWS):
        op.execute(statements)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant select, insert, update, delete on {table} to deskcal_app")
