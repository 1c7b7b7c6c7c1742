"""Work on many things at once, kept so that it can be taken up again and undone."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its tables."""


def downgrade() -> None:
    """Drop them."""
