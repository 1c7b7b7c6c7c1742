"""Locks by name that end with the transaction: whoever counts something first, counts alone."""

from collections.abc import Sequence
from uuid import UUID

from deskcal.store.database import WriteTx


async def wait_for(tx: WriteTx, names: Sequence[str]) -> None:
    """Take the locks of these names within the clinic, in the order given, waiting for whoever has one."""
    await tx.change(
        "select pg_advisory_xact_lock(hashtextextended(%(clinic_id)s::text || n.name, 0))"
        " from unnest(%(names)s::text[]) with ordinality n(name, place) order by n.place",
        names=list(names),
    )


async def stack(tx: WriteTx, provider_id: UUID) -> None:
    """Be alone in laying a booking on top of others of a provider, and in taking away what one lies on.

    An overbooking is not guarded where it lies on something, so that must not go at the same moment.
    """
    await tx.row(
        "select pg_advisory_xact_lock(hashtextextended(%(clinic_id)s::text || %(name)s, 0))",
        name=f"stack {provider_id}",
    )
