"""People who sign in with a password, and where old months of the log were put."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The users of the installation are those of the clinic with id zero, as their tokens are. A key's user has no
# e-mail address.
USERS = """
alter table users add column email text, add column password_hash text,
  add column failures int not null default 0, add column locked_until timestamptz,
  add column version int not null default 1, add check (password_hash is null or email is not null);
create unique index users_email on users (clinic_id, lower(email)) where email is not null;
create index tokens_of_user on tokens (clinic_id, user_id);
"""

# What is about times from `kept_from` on stayed in the log.
ARCHIVES = """
create table log_archives (
  clinic_id uuid not null, month date not null, first_seq bigint not null, last_seq bigint not null,
  entries bigint not null, kept_from date not null, file text not null, sha256 text not null,
  archived_at timestamptz not null, primary key (clinic_id, month), check (first_seq <= last_seq)
);
"""

MINE = "clinic_id = (select nullif(current_setting('deskcal.clinic_id', true), '')::uuid)"


def upgrade() -> None:
    """Add what signing in and archiving need; the server only reads where the log went."""
    op.execute(USERS)
    op.execute(ARCHIVES)
    op.execute("alter table log_archives enable row level security")
    op.execute("alter table log_archives force row level security")
    op.execute(f"create policy tenant on log_archives using ({MINE}) with check ({MINE})")
    op.execute("grant select on log_archives to deskcal_app")
