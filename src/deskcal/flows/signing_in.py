"""Signing in with a password: what is wrong is not said, and takes as long as what is right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, SCOPES, Actor
from deskcal.core.refusals import Unauthenticated
from deskcal.core.user import User
from deskcal.flows import tokens
from deskcal.flows.asking import Asking
from deskcal.flows.tokens import Pair
from deskcal.store import clinics, passwords, users
from deskcal.store.database import Database, WriteTx
from deskcal.store.tokens import Token

NOBODY = UUID(int=0)
REFUSED = (
    "This e-mail address and password are not those of a user here. Where there are several clinics, say "
    "which. After five wrong passwords, wait: from half a minute up to 16 minutes."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody types. `clinic` is its id or slug, None for the only one; `ops` may name any."""

    email: str
    password: str
    clinic: str | None


async def sign_in(
    database: Database, shown: Credentials, *, secret_key: str, now: datetime, seconds: int
) -> Pair:
    """Give the first pair of a session. Raises Unauthenticated, in the same words whatever was wrong."""
    clinic_id, user = await _meant(database, shown)
    version = await tried(database, clinic_id, user.id if user else NOBODY, shown.password, now)
    if user is None or version is None:
        raise Unauthenticated(REFUSED)
    token = Token(
        id=uuid.uuid7(),
        user_id=user.id,
        kind="refresh",
        role=user.role,
        name=user.name,
        patient_id=user.patient_id,
        provider_id=user.provider_id,
        scopes=sorted(SCOPES[user.role]),
        family=None,
        created_at=now,
        expires_at=now,
    )
    actor = Actor(sub=str(user.id), role=user.role, clinic_id=clinic_id, scopes=SCOPES[user.role])

    async def work(tx: WriteTx) -> Pair:
        if user.version != version or not await users.passed(tx, user.id, version=version):
            raise Unauthenticated(REFUSED)
        asking = Asking[Pair](actor=actor, now=now)
        if clinic_id != INSTALLATION:
            tx.say(asking.event("user.signed_in", user.id))
        return await tokens.issue(tx, token, secret_key=secret_key, now=now, seconds=seconds)

    return await database.write(clinic_id, work)


async def tried(
    database: Database, clinic_id: UUID, user_id: UUID, password: str, now: datetime
) -> int | None:
    """Try a password, and give the version of the user whose it is; None when it is not, or not just now."""

    async def work(tx: WriteTx) -> users.Chance | None:
        return await users.try_password(tx, user_id, now)

    chance = await database.write(clinic_id, work)
    right = await passwords.fits(password, chance.password_hash if chance else None)
    return chance.version if chance and right else None


async def _meant(database: Database, shown: Credentials) -> tuple[UUID, User | None]:
    """Find the user in the clinic, else in the installation; asks both of everybody."""
    async with database.read(INSTALLATION, installation=True) as tx:
        every = await clinics.every(tx)
        ops = await users.with_email(tx, shown.email)
    named = [one.id for one in every if shown.clinic in {None, one.slug, str(one.id)}]
    clinic_id = named[0] if len(named) == 1 else NOBODY
    async with database.read(clinic_id) as tx:
        found = await users.with_email(tx, shown.email)
    return (clinic_id, found) if found else (INSTALLATION, ops)
