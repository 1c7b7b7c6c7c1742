"""Noting how late a provider runs: for staff to see on every desk, while the times booked stand."""

from datetime import date
from uuid import UUID

from deskcal.core.delay import Delay, noted
from deskcal.flows.asking import Asking
from deskcal.flows.editing import known
from deskcal.store import catalog, delays
from deskcal.store.database import Database, WriteTx


async def note(
    database: Database,
    asking: Asking[Delay],
    provider_id: UUID,
    minutes: int,
    *,
    day: date | None,
    client: str | None,
) -> Delay:
    """Note a delay in place of the one before; no minutes take it back. Raises NotFound and Invalid."""

    async def work(tx: WriteTx) -> Delay:
        provider = known(await catalog.provider(tx, provider_id), "provider")
        by = asking.actor.sub
        delay = noted(provider, minutes, day=day, now=asking.now, by=by, client=client)
        await delays.put(tx, delay)
        tx.say(
            asking.event(
                "provider.delayed",
                provider_id,
                providerId=provider_id,
                date=delay.day.isoformat(),
                minutes=minutes,
                notedBy=by,
                client=client,
            )
        )
        return delay

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)
