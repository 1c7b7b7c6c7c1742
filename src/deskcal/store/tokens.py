"""Users and the tokens they show: API keys and refresh tokens, hashed at rest."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from deskcal.store.database import ReadTx, WriteTx

COLUMNS: LiteralString = """
select t.id, t.user_id, t.kind, u.role, u.name, u.patient_id, u.provider_id, t.scopes, t.family, t.created_at,
  t.expires_at, t.used_at, t.revoked_at, u.disabled_at
from tokens t join users u on u.clinic_id = t.clinic_id and u.id = t.user_id
where t.clinic_id = %(clinic_id)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token and its user. A refresh token is used once; its family is all that came of the first."""

    id: UUID
    user_id: UUID
    kind: str
    role: str
    name: str | None
    patient_id: UUID | None
    provider_id: UUID | None
    scopes: list[str]
    family: UUID | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None
    disabled_at: datetime | None = None

    def good_at(self, now: datetime) -> bool:
        """Tell whether it may be shown now."""
        return self.revoked_at is None and self.disabled_at is None and now < self.expires_at


def secret_hash(secret: str) -> bytes:
    """Hash a secret of 256 random bits; a slow hash is for passwords, which people choose."""
    return hashlib.sha256(secret.encode()).digest()


async def add_user(tx: WriteTx, token: Token) -> None:
    await tx.run(
        "insert into users (clinic_id, id, name, role, patient_id, provider_id, created_at) values"
        " (%(clinic_id)s, %(id)s, %(name)s, %(role)s, %(patient_id)s, %(provider_id)s, %(at)s)",
        id=token.user_id,
        name=token.name,
        role=token.role,
        patient_id=token.patient_id,
        provider_id=token.provider_id,
        at=token.created_at,
    )


async def add(tx: WriteTx, token: Token, *, secret: str) -> None:
    await tx.run(
        "insert into tokens"
        " (clinic_id, id, user_id, kind, secret_hash, scopes, family, created_at, expires_at)"
        " values (%(clinic_id)s, %(id)s, %(user_id)s, %(kind)s, %(hash)s, %(scopes)s, %(family)s, %(at)s,"
        " %(expires_at)s)",
        id=token.id,
        user_id=token.user_id,
        kind=token.kind,
        hash=secret_hash(secret),
        scopes=list(token.scopes),
        family=token.family,
        at=token.created_at,
        expires_at=token.expires_at,
    )


async def find(tx: ReadTx, token_id: UUID, *, secret: str) -> Token | None:
    """Look a token up by id and secret."""
    found = await tx.records(
        Token,
        COLUMNS + " and t.id = %(id)s and t.secret_hash = %(hash)s",
        id=token_id,
        hash=secret_hash(secret),
    )
    return found[0] if found else None


async def every(tx: ReadTx) -> list[Token]:
    """List the API keys of the clinic, newest first."""
    return await tx.records(Token, COLUMNS + " and t.kind = 'api_key' order by t.id desc")


async def use(tx: WriteTx, token_id: UUID, now: datetime) -> bool:
    """Spend a refresh token; False when it was spent or revoked before."""
    spent = await tx.run(
        "update tokens set used_at = %(now)s where clinic_id = %(clinic_id)s and id = %(id)s"
        " and used_at is null and revoked_at is null",
        id=token_id,
        now=now,
    )
    return spent == 1


async def revoke(tx: WriteTx, token_id: UUID, now: datetime) -> bool:
    """Make a token worthless; False when it is not there or was revoked before."""
    revoked = await tx.run(
        "update tokens set revoked_at = %(now)s"
        " where clinic_id = %(clinic_id)s and id = %(id)s and revoked_at is null",
        id=token_id,
        now=now,
    )
    return revoked == 1


async def revoke_family(tx: WriteTx, family: UUID, now: datetime) -> None:
    await tx.run(
        "update tokens set revoked_at = coalesce(revoked_at, %(now)s)"
        " where clinic_id = %(clinic_id)s and family = %(family)s",
        family=family,
        now=now,
    )


async def hold_user(tx: WriteTx, user_id: UUID) -> None:
    """Let nobody change a user before this transaction ends: what ends sessions then sees what it writes."""
    await tx.row("select from users where clinic_id = %(clinic_id)s and id = %(id)s for share", id=user_id)


async def end_sessions(tx: WriteTx, user_id: UUID, now: datetime) -> None:
    """Void every refresh token of a user whom this transaction has changed."""
    await tx.run(
        "update tokens set revoked_at = %(now)s where clinic_id = %(clinic_id)s and user_id = %(user_id)s"
        " and kind = 'refresh' and revoked_at is null",
        user_id=user_id,
        now=now,
    )
