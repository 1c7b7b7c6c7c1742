"""Which providers run late, and by how much."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DELAYS = """
create table delays (
  clinic_id uuid not null, provider_id uuid not null, day date not null,
  minutes smallint not null check (minutes between 1 and 600),
  noted_at timestamptz not null, noted_by text not null, client text,
  primary key (clinic_id, provider_id, day),
  foreign key (clinic_id, provider_id) references providers
);
create index delays_day on delays (clinic_id, day);
"""

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"


def upgrade() -> None:
    """Add the delays, each seen by its own clinic only."""
    op.execute(DELAYS)
    op.execute("alter table delays enable row level security")
    op.execute("alter table delays force row level security")
    op.execute(f"create policy tenant on delays using ({MINE}) with check ({MINE})")
    op.execute("grant select, insert, update, delete on delays to deskcal_app")
