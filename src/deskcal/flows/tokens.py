"""Tokens: API keys made and revoked, exchanged for short access tokens that refresh."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, SCOPES, Actor, Role, Scope
from deskcal.core.refusals import Invalid, NotFound, TokenExpired, Unauthenticated
from deskcal.flows.asking import Asking
from deskcal.flows.granting import granting, insist_there
from deskcal.store import tokens
from deskcal.store.database import Database, WriteTx
from deskcal.store.tokens import Token

ALGORITHM = "HS256"
REFRESH_FOR = timedelta(days=30)
PREFIX = "dk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A short access token and the refresh token for the next pair."""

    access: str
    refresh: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A key to make; without scopes it gets all of its role."""

    role: Role
    name: str | None
    patient_id: UUID | None
    provider_id: UUID | None
    scopes: Sequence[Scope] | None
    days: int


async def create(database: Database, asking: Asking[tuple[Token, str]], grant: Grant) -> tuple[Token, str]:
    """Make an API key; its text is known only now. Nobody gives away more than they have."""
    scopes = frozenset(SCOPES[grant.role] if grant.scopes is None else grant.scopes)
    if not scopes <= SCOPES[grant.role]:
        raise Invalid(
            ("scopes", f"a {grant.role} token cannot have {', '.join(sorted(scopes - SCOPES[grant.role]))}")
        )
    asking = granting(asking, grant.role, scopes)
    if (grant.role is Role.PATIENT) != (grant.patient_id is not None):
        raise Invalid(("patientId", "a patient token, and no other, needs the patient that it is for"))
    token = Token(
        id=uuid.uuid7(),
        user_id=uuid.uuid7(),
        kind="api_key",
        role=grant.role,
        name=grant.name,
        patient_id=grant.patient_id,
        provider_id=grant.provider_id,
        scopes=sorted(scopes),
        family=None,
        created_at=asking.now,
        expires_at=asking.now + timedelta(days=grant.days),
    )
    secret = secrets.token_urlsafe(32)

    async def work(tx: WriteTx) -> tuple[Token, str]:
        await insist_there(tx, patient_id=grant.patient_id, provider_id=grant.provider_id)
        await tokens.add_user(tx, token)
        await tokens.add(tx, token, secret=secret)
        if asking.clinic_id != INSTALLATION:
            tx.say(asking.event("token.created", token.id, role=str(grant.role)))
        return token, _text(asking.clinic_id, token.id, secret)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def every(database: Database, actor: Actor) -> list[Token]:
    async with database.read(actor.clinic_id) as tx:
        return await tokens.every(tx)


async def revoke(database: Database, asking: Asking[None], token_id: UUID) -> None:
    """Make a key worthless. Raises NotFound."""

    async def work(tx: WriteTx) -> None:
        if not await tokens.revoke(tx, token_id, asking.now):
            raise NotFound("There is no such token, or it was revoked already.")
        if asking.clinic_id != INSTALLATION:
            tx.say(asking.event("token.revoked", token_id))

    await database.write(asking.clinic_id, work)


async def actor_of(
    database: Database, text: str, *, secret_key: str, now: datetime
) -> tuple[Actor, datetime]:
    """Tell who shows a token, and until when that holds. Raises Unauthenticated or TokenExpired."""
    if not text.startswith(f"{PREFIX}_"):
        return _of_jwt(text, secret_key)
    token, clinic_id = await _find(database, text, now)
    if token.kind != "api_key":
        raise Unauthenticated("A refresh token only buys the next access token.")
    return _actor(token, clinic_id), token.expires_at


async def exchange(database: Database, text: str, *, secret_key: str, now: datetime, seconds: int) -> Pair:
    """Give a pair for an API key, or for a refresh token, which is spent by it.

    A refresh token that comes a second time was stolen, by the first or by the second: its family ends.
    """
    token, clinic_id = await _find(database, text, now)

    async def work(tx: WriteTx) -> Pair | None:
        await tokens.hold_user(tx, token.user_id)
        if token.kind == "refresh" and not await tokens.use(tx, token.id, now):
            await tokens.revoke_family(tx, token.family or token.id, now)
            return None
        return await issue(tx, token, secret_key=secret_key, now=now, seconds=seconds)

    pair = await database.write(clinic_id, work)
    if pair is None:
        raise Unauthenticated(
            "This refresh token was used or revoked before, so everything that came from it is void. "
            "Sign in again."
        )
    return pair


async def issue(tx: WriteTx, token: Token, *, secret_key: str, now: datetime, seconds: int) -> Pair:
    """Write the next refresh token of the same sign-in, and give it with a short access token."""
    fresh = replace(
        token,
        id=uuid.uuid7(),
        kind="refresh",
        family=token.family or uuid.uuid7(),
        created_at=now,
        expires_at=now + REFRESH_FOR,
    )
    secret = secrets.token_urlsafe(32)
    await tokens.add(tx, fresh, secret=secret)
    actor = _actor(token, tx.clinic_id)
    claims = {
        "sub": actor.sub,
        "clinic_id": None if tx.clinic_id == INSTALLATION else str(tx.clinic_id),
        "role": str(actor.role),
        "scopes": sorted(actor.scopes),
        "patient_id": None if actor.patient_id is None else str(actor.patient_id),
        "provider_id": None if actor.provider_id is None else str(actor.provider_id),
        "iat": now,
        "exp": now + timedelta(seconds=seconds),
    }
    return Pair(
        access=jwt.encode(claims, secret_key, algorithm=ALGORITHM),
        refresh=_text(tx.clinic_id, fresh.id, secret),
        seconds=seconds,
    )


async def end_session(database: Database, text: str, now: datetime) -> None:
    """Void a refresh token and all that came from the same sign-in."""
    token, clinic_id = await _find(database, text, now)

    async def work(tx: WriteTx) -> None:
        if token.family is not None:
            await tokens.revoke_family(tx, token.family, now)

    await database.write(clinic_id, work)


def _of_jwt(text: str, secret_key: str) -> tuple[Actor, datetime]:
    try:
        claims = jwt.decode(
            text, secret_key, algorithms=[ALGORITHM], options={"require": ["sub", "role", "exp"]}
        )
        return Actor(
            sub=claims["sub"],
            role=Role(claims["role"]),
            clinic_id=UUID(claims["clinic_id"]) if claims.get("clinic_id") else INSTALLATION,
            scopes=frozenset(Scope(scope) for scope in claims["scopes"]),
            patient_id=UUID(claims["patient_id"]) if claims.get("patient_id") else None,
            provider_id=UUID(claims["provider_id"]) if claims.get("provider_id") else None,
        ), datetime.fromtimestamp(claims["exp"], tz=UTC)
    except jwt.ExpiredSignatureError as error:
        raise TokenExpired("Your access token has expired. Refresh it, or sign in again.") from error
    except (jwt.InvalidTokenError, KeyError, ValueError) as error:
        raise Unauthenticated("This is not a token of this server.") from error


async def _find(database: Database, text: str, now: datetime) -> tuple[Token, UUID]:
    try:
        prefix, clinic, token_id, secret = text.split("_", 3)
        clinic_id, wanted = UUID(clinic), UUID(token_id)
    except ValueError as error:
        raise Unauthenticated("This is not a token of this server.") from error
    if prefix != PREFIX:
        raise Unauthenticated("This is not a token of this server.")
    async with database.read(clinic_id) as tx:
        found = await tokens.find(tx, wanted, secret=secret)
    if found is None or found.revoked_at or found.disabled_at:
        raise Unauthenticated("This token is not known, or was revoked.")
    if not found.good_at(now):
        raise TokenExpired("This token has expired. Ask for a new one.")
    return found, clinic_id


def _actor(token: Token, clinic_id: UUID) -> Actor:
    return Actor(
        sub=str(token.user_id),
        role=Role(token.role),
        clinic_id=clinic_id,
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        patient_id=token.patient_id,
        provider_id=token.provider_id,
    )


def _text(clinic_id: UUID, token_id: UUID, secret: str) -> str:
    return f"{PREFIX}_{clinic_id.hex}_{token_id.hex}_{secret}"
