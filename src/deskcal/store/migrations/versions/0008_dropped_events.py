"""What ops decided of parked events: which they dropped, when, and why."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep dropped events beside the parked ones."""
    op.execute(
        "alter table parked_events add column dropped_at timestamptz, add column dropped_by text,"
        " add column drop_reason text, add constraint parked_events_dropped"
        " check (num_nulls(dropped_at, dropped_by, drop_reason) in (0, 3)"
        "   and (dropped_at is null or next_try_at is null))"
    )


def downgrade() -> None:
    """Forget what was dropped; it is parked again."""
    op.execute(
        "alter table parked_events drop column dropped_at, drop column dropped_by, drop column drop_reason"
    )
