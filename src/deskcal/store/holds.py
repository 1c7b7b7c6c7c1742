"""Holds: slots that somebody keeps for a minute or two."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from deskcal.core.booking import Hold, HoldState, Want
from deskcal.core.span import Span
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.occupancy import ALL_TAKEN, TAKE, taking

KEPT_FOR = "24 hours"

PLACE = (
    TAKE
    + """
, placed as (
  insert into holds (clinic_id, id, token_hash, provider_id, service_id, room_id, equipment_unit_ids,
    patient_id, starts_at, ends_at, owner, client, moving_id, expires_at)
  select %(clinic_id)s, %(hold_id)s, %(token_hash)s, %(provider_id)s, %(service_id)s, %(room_id)s,
    %(unit_ids)s, %(patient_id)s, %(start)s, %(end)s, %(owner)s, %(client)s, %(moving_id)s, %(expires_at)s
  where"""
    + ALL_TAKEN
    + """
) select resource_id from taken
"""
)

COLUMNS = """
select id, provider_id, service_id, room_id, patient_id, starts_at, ends_at, owner, client, renewals, state,
  expires_at, equipment_unit_ids, moving_id from holds where clinic_id = %(clinic_id)s
"""


def token_hash(token: str) -> bytes:
    """Hash a hold's token, which is stored in no other form."""
    return hashlib.sha256(token.encode()).digest()


def _hold(row: tuple[Any, ...]) -> Hold:
    return Hold(
        id=row[0],
        provider_id=row[1],
        service_id=row[2],
        room_id=row[3],
        patient_id=row[4],
        span=Span(start=row[5], end=row[6]),
        owner=row[7],
        client=row[8],
        renewals=row[9],
        state=HoldState(row[10]),
        expires_at=row[11],
        unit_ids=tuple(row[12]),
        moving_id=row[13],
    )


async def place(
    tx: WriteTx, hold: Hold, *, token: str, wants: Sequence[Want], session_key: int | None
) -> bool:
    """Take all that the hold wants and keep it; False when somebody was first with any of it.

    After False the transaction has taken a part: restart it.
    """
    taken = await tx.change(
        PLACE,
        **taking(wants, session_key=session_key, hold_id=hold.id),
        token_hash=token_hash(token),
        provider_id=hold.provider_id,
        service_id=hold.service_id,
        room_id=hold.room_id,
        unit_ids=list(hold.unit_ids),
        patient_id=hold.patient_id,
        start=hold.span.start,
        end=hold.span.end,
        owner=hold.owner,
        client=hold.client,
        moving_id=hold.moving_id,
        expires_at=hold.expires_at,
    )
    return len(taken) == len(wants)


async def find(tx: ReadTx, token: str) -> Hold | None:
    """Look a hold up by its token, whatever became of it."""
    row = await tx.row(COLUMNS + " and token_hash = %(hash)s", hash=token_hash(token))
    return _hold(row) if row else None


async def lock(tx: WriteTx, token: str) -> Hold | None:
    """Look a hold up and keep everybody else from ending it until this transaction does."""
    row = await tx.row(COLUMNS + " and token_hash = %(hash)s for update", hash=token_hash(token))
    return _hold(row) if row else None


async def lock_one(tx: WriteTx, hold_id: UUID) -> Hold | None:
    """Look a hold up by its id, without its token, and lock it."""
    row = await tx.row(COLUMNS + " and id = %(id)s for update", id=hold_id)
    return _hold(row) if row else None


async def lock_expired(
    tx: WriteTx, now: datetime, *, ids: Sequence[UUID] | None = None, limit: int = 500
) -> list[Hold]:
    """List holds that ran out, all or some of them, locked, but for those that others are ending."""
    rows = await tx.rows(
        COLUMNS
        + " and state = 'held' and expires_at <= %(now)s and (%(ids)s::uuid[] is null or id = any(%(ids)s))"
        + " order by id limit %(limit)s for update skip locked",
        now=now,
        ids=None if ids is None else list(ids),
        limit=limit,
    )
    return [_hold(row) for row in rows]


async def end(tx: WriteTx, ids: Sequence[UUID], state: HoldState, now: datetime) -> None:
    """Write down what became of holds."""
    await tx.run(
        "update holds set state = %(state)s, ended_at = %(now)s"
        " where clinic_id = %(clinic_id)s and id = any(%(ids)s)",
        state=state,
        now=now,
        ids=list(ids),
    )


async def renew(tx: WriteTx, hold_id: UUID, expires_at: datetime) -> None:
    await tx.run(
        "update holds set expires_at = %(expires_at)s, renewals = renewals + 1"
        " where clinic_id = %(clinic_id)s and id = %(id)s",
        id=hold_id,
        expires_at=expires_at,
    )


async def clinics_due(tx: ReadTx, now: datetime) -> list[UUID]:
    """List the clinics with holds to lapse; needs a transaction over the installation."""
    rows = await tx.rows(
        "select distinct clinic_id from holds where state = 'held' and expires_at <= %(now)s", now=now
    )
    return [row[0] for row in rows]


async def forget_ended(tx: WriteTx) -> None:
    """Delete what ended a day ago; until then a late confirmation is told what to do instead."""
    await tx.run(
        "delete from holds where clinic_id = %(clinic_id)s and state <> 'held'"
        " and ended_at < now() - %(age)s::interval",
        age=KEPT_FOR,
    )
