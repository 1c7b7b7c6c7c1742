"""Work on many things at once, kept so that it can be taken up again and undone."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# A job is undone by a job of its own; of those that undo the same one, one is under way at most.
JOBS = """
create table jobs (
  clinic_id uuid not null references clinics, id uuid not null, kind text not null, request jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'stopped', 'undone')),
  total int not null, done int not null default 0, refused int not null default 0,
  skipped int not null default 0, check (done + refused + skipped <= total), undo_of uuid,
  created_by text not null, created_role text not null, created_at timestamptz not null,
  finished_at timestamptz, primary key (clinic_id, id), foreign key (clinic_id, undo_of) references jobs
);
create index jobs_at_work on jobs (created_at) where state in ('waiting', 'running');
create index jobs_listed on jobs (clinic_id, created_at, id);
create unique index jobs_undoing on jobs (clinic_id, undo_of)
  where state in ('waiting', 'running', 'stopped');
create table job_items (
  clinic_id uuid not null, job_id uuid not null, n int not null, appointment_id uuid not null,
  state text not null default 'waiting'
    check (state in ('waiting', 'done', 'refused', 'skipped', 'undone')),
  before jsonb, after jsonb, reason text,
  primary key (clinic_id, job_id, n), unique (clinic_id, job_id, appointment_id),
  foreign key (clinic_id, job_id) references jobs,
  foreign key (clinic_id, appointment_id) references appointments
);
"""

TENANT_TABLES = ("jobs", "job_items")

# Whoever works them off looks for jobs in all clinics.
INSTALLATION_TABLES = ("jobs",)

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"
INSTALLATION = "(select current_setting('deskcal.installation', true)) = 'on'"


def upgrade() -> None:
    """Add what bulk work needs."""
    op.execute(JOBS)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant select, insert, update, delete on {table} to deskcal_app")
    for table in INSTALLATION_TABLES:
        op.execute(f"create policy installation on {table} for select using ({INSTALLATION})")
