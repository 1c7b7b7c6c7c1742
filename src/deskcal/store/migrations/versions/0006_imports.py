"""Imports: what came from which file, row by row."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# An import goes on where it stood: `taken` rows are done. The same file read the same way is one import,
# until that is taken back.
IMPORTS = """
create table imports (
  clinic_id uuid not null references clinics, id uuid not null, digest bytea not null,
  kind text not null check (kind in ('patients', 'providers', 'appointments')), file_name text not null,
  terms jsonb not null,
  state text not null default 'running' check (state in ('running', 'finished', 'reverting', 'reverted')),
  taken int not null default 0, created_by text not null, created_at timestamptz not null,
  updated_at timestamptz not null, primary key (clinic_id, id)
);
create unique index imports_digest on imports (clinic_id, digest) where state <> 'reverted';
create index imports_listed on imports (clinic_id, created_at, id);
create table import_rows (
  clinic_id uuid not null, import_id uuid not null, number int not null,
  outcome text not null check (outcome in ('accepted', 'moved', 'known', 'refused')),
  made_id uuid, starts_at timestamptz, field text, reason text, primary key (clinic_id, import_id, number),
  foreign key (clinic_id, import_id) references imports
);
create table import_made (
  clinic_id uuid not null, import_id uuid not null,
  kind text not null check (kind in ('appointment', 'patient', 'provider', 'service', 'location')),
  id uuid not null, version int not null, kept_because text, primary key (clinic_id, import_id, kind, id),
  foreign key (clinic_id, import_id) references imports
);
create table external_ids (
  clinic_id uuid not null references clinics,
  kind text not null check (kind in ('appointment', 'patient', 'provider')),
  external_id text not null, id uuid not null, primary key (clinic_id, kind, external_id)
);
create index external_ids_id on external_ids (clinic_id, id);
create index patients_born on patients (clinic_id, date_of_birth);
"""

TENANT_TABLES = ("imports", "import_rows", "import_made", "external_ids")

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"


def upgrade() -> None:
    """Add what imports remember. No row's names are kept: verdicts have ids and reasons."""
    op.execute(IMPORTS)
    for table in TENANT_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
        op.execute(f"grant select, insert, update, delete on {table} to deskcal_app")


def downgrade() -> None:
    """Drop them."""
    op.execute("drop index patients_born")
    for table in reversed(TENANT_TABLES):
        op.execute(f"drop table {table}")
