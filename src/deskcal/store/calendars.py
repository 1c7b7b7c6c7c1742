"""Calendars that somebody outside subscribed to: whose they are, and the hashed tokens that open them."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.tokens import secret_hash

COLUMNS: LiteralString = (
    "select clinic_id, id, patient_id, provider_id, created_by, created_at from calendar_feeds"
    " where revoked_at is null"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedCalendar:
    """The calendar of a patient or of a provider, open to whoever has its token."""

    clinic_id: UUID
    id: UUID
    patient_id: UUID | None
    provider_id: UUID | None
    created_by: str
    created_at: datetime


async def add(tx: WriteTx, made: SharedCalendar, *, token: str) -> None:
    await tx.run(
        "insert into calendar_feeds"
        " (clinic_id, id, token_hash, patient_id, provider_id, created_by, created_at)"
        " values (%(clinic_id)s, %(id)s, %(hash)s, %(patient_id)s, %(provider_id)s, %(by)s, %(at)s)",
        id=made.id,
        hash=secret_hash(token),
        patient_id=made.patient_id,
        provider_id=made.provider_id,
        by=made.created_by,
        at=made.created_at,
    )


async def every(
    tx: ReadTx, *, patient_id: UUID | None = None, provider_id: UUID | None = None
) -> list[SharedCalendar]:
    """List the clinic's calendars that are not revoked, or somebody's, newest first."""
    return await tx.records(
        SharedCalendar,
        COLUMNS
        + " and clinic_id = %(clinic_id)s"
        + " and (%(patient_id)s::uuid is null or patient_id = %(patient_id)s)"
        + " and (%(provider_id)s::uuid is null or provider_id = %(provider_id)s) order by id desc",
        patient_id=patient_id,
        provider_id=provider_id,
    )


async def find(tx: ReadTx, *, token: str) -> SharedCalendar | None:
    """Look up what a token opens, in a transaction that sees across clinics."""
    found = await tx.records(SharedCalendar, COLUMNS + " and token_hash = %(hash)s", hash=secret_hash(token))
    return found[0] if found else None


async def revoke(tx: WriteTx, calendar_id: UUID, now: datetime) -> None:
    """Make the token of a calendar worthless."""
    await tx.run(
        "update calendar_feeds set revoked_at = %(now)s where clinic_id = %(clinic_id)s and id = %(id)s",
        id=calendar_id,
        now=now,
    )
