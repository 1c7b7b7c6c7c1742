"""First answers by idempotency key: the same question again gets the same answer, whatever happened since."""

import hashlib
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from deskcal.core.refusals import KeyInProgress, KeyReused

KEPT_FOR = "36 hours"
FORGET: LiteralString = """
delete from idempotency_keys where clinic_id = %(clinic_id)s and created_at < now() - %(age)s::interval
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A key of one caller, and the fingerprint of what was asked with it."""

    digest: bytes
    fingerprint: bytes

    @classmethod
    def of(cls, *, owner: str, key: str, request: bytes) -> "Claim":
        """Digest a caller's key and request; callers do not share keys."""
        return cls(
            digest=hashlib.sha256(f"{owner}\0{key}".encode()).digest(),
            fingerprint=hashlib.sha256(request).digest(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it was sent."""

    status: int
    body: bytes


class Replayed(Exception):
    """The key was answered before; `kept` is that answer."""

    def __init__(self, kept: Kept) -> None:
        super().__init__("answered before")
        self.kept = kept


def opening(clinic_id: UUID, claim: Claim | None) -> bytes:
    """Begin a transaction of one clinic and claim the key, in one round trip.

    The advisory lock ends with the transaction, so a server killed half way leaves no claim behind.
    """
    statements = ["begin", f"set local deskcal.clinic_id = '{clinic_id}'"]
    if claim is not None:
        lock = int.from_bytes(claim.digest[:8], signed=True)
        digest = claim.digest.hex()
        statements += [
            f"select pg_try_advisory_xact_lock({lock})",
            f"select fingerprint, status, body from idempotency_keys where digest = '\\x{digest}'",
        ]
    return "; ".join([*statements, "savepoint work"]).encode()


async def read_claim(cursor: psycopg.AsyncCursor[Any], claim: Claim) -> None:
    """Go on only if the key is new. Raises Replayed, KeyReused or KeyInProgress."""
    cursor.nextset()
    cursor.nextset()
    [(free,)] = await cursor.fetchall()
    cursor.nextset()
    before = await cursor.fetchall()
    if before:
        [(fingerprint, status, body)] = before
        if bytes(fingerprint) != claim.fingerprint:
            raise KeyReused("This idempotency key was used for a different request. Use a new one.")
        raise Replayed(Kept(status=status, body=bytes(body)))
    if not free:
        raise KeyInProgress(
            "The first request with this idempotency key is still running. Ask again in a moment."
        )
