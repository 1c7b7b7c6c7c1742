"""When patients come, and when they are called in."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ARRIVALS = """
alter table appointments add column checked_in_at timestamptz, add column started_at timestamptz;
"""


def upgrade() -> None:
    """Add the two times; of what was before, nobody knows them."""
    op.execute(ARRIVALS)
