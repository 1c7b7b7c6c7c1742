"""Users: who may sign in, with what password, and how often somebody tried in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from deskcal.core.access import Role
from deskcal.core.user import User
from deskcal.store.database import ReadTx, WriteTx

FREE_TRIES = 5
"""So many wrong passwords in a row are free; after each more nobody gets in for 30 s, 1 min … 16 min."""

COLUMNS: LiteralString = """
select id, email, role, name, provider_id, patient_id, created_at, disabled_at, version from users
where clinic_id = %(clinic_id)s and email is not null
"""

# Counted before the password is looked at: of many tries at once only so many are judged.
TRY: LiteralString = """
update users set failures = failures + 1, locked_until = case when failures + 1 >= %(free)s
  then %(now)s + interval '30 s' * power(2, least(failures + 1 - %(free)s, 5)) end
where clinic_id = %(clinic_id)s and id = %(id)s and disabled_at is null
  and (locked_until is null or locked_until <= %(now)s)
returning password_hash, version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """One try at a password: what was kept, if any, and the version of its user."""

    password_hash: str | None
    version: int


async def add(tx: WriteTx, user: User) -> bool:
    """Write a user, who has no password yet; False when the address is somebody's."""
    added = await tx.run(
        "insert into users (clinic_id, id, email, name, role, provider_id, patient_id, created_at) values"
        " (%(clinic_id)s, %(id)s, %(email)s, %(name)s, %(role)s, %(provider_id)s, %(patient_id)s, %(at)s)"
        " on conflict do nothing",
        **_params(user),
        email=user.email,
        at=user.created_at,
    )
    return added == 1


async def change(tx: WriteTx, user: User, *, version: int) -> bool:
    """Write a user as they are now, but for address and password; False when another change came first."""
    changed = await tx.run(
        "update users set name = %(name)s, role = %(role)s, provider_id = %(provider_id)s,"
        " patient_id = %(patient_id)s, disabled_at = %(disabled_at)s, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        **_params(user),
        disabled_at=user.disabled_at,
        version=version,
    )
    return changed == 1


async def find(tx: ReadTx, user_id: UUID) -> User | None:
    rows = await tx.rows(COLUMNS + " and id = %(id)s", id=user_id)
    return _user(rows[0]) if rows else None


async def with_email(tx: ReadTx, email: str) -> User | None:
    """Look a user up by their address; capitals make no difference."""
    rows = await tx.rows(COLUMNS + " and lower(email) = lower(%(email)s)", email=email.strip())
    return _user(rows[0]) if rows else None


async def every(tx: ReadTx, *, after: tuple[str, UUID] | None, limit: int) -> list[User]:
    """List users by address; `after` is the last one already seen."""
    rows = await tx.rows(
        COLUMNS
        + " and (%(email)s::text is null or (lower(email), id) > (%(email)s, %(after)s::uuid))"
        + " order by lower(email), id limit %(limit)s",
        email=after[0] if after else None,
        after=after[1] if after else None,
        limit=limit,
    )
    return [_user(row) for row in rows]


async def try_password(tx: WriteTx, user_id: UUID, now: datetime) -> Chance | None:
    """Count one more try as if it failed; None for whom nobody can be at the moment."""
    rows = await tx.change(TRY, id=user_id, now=now, free=FREE_TRIES)
    return Chance(password_hash=rows[0][0], version=rows[0][1]) if rows else None


async def passed(tx: WriteTx, user_id: UUID, *, version: int) -> bool:
    """Forget the tries in vain; False when the user was changed since the password was looked at."""
    rows = await tx.run(
        "update users set failures = 0, locked_until = null where clinic_id = %(clinic_id)s and id = %(id)s"
        " and version = %(version)s",
        id=user_id,
        version=version,
    )
    return rows == 1


async def set_password(tx: WriteTx, user_id: UUID, password_hash: str, *, version: int) -> bool:
    """Keep a password, and forget the tries in vain; False when another change came first."""
    rows = await tx.run(
        "update users set password_hash = %(hash)s, failures = 0, locked_until = null, version = version + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s and version = %(version)s",
        id=user_id,
        hash=password_hash,
        version=version,
    )
    return rows == 1


def _params(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role,
        "provider_id": user.provider_id,
        "patient_id": user.patient_id,
    }


def _user(row: Sequence[Any]) -> User:
    id_, email, role, name, provider_id, patient_id, created_at, disabled_at, version = row
    return User(
        id=id_,
        email=email,
        role=Role(role),
        name=name,
        provider_id=provider_id,
        patient_id=patient_id,
        created_at=created_at,
        disabled_at=disabled_at,
        version=version,
    )
