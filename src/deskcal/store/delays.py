"""How late providers run, by their local day: one row for each who was noted and not taken back."""

from datetime import date

from deskcal.core.delay import Delay
from deskcal.store.database import ReadTx, WriteTx


async def put(tx: WriteTx, delay: Delay) -> None:
    """Write a delay in place of the one before; one of no minutes takes it away."""
    if delay.minutes == 0:
        await tx.run(
            "delete from delays where clinic_id = %(clinic_id)s and provider_id = %(provider_id)s"
            " and day = %(day)s",
            provider_id=delay.provider_id,
            day=delay.day,
        )
        return
    await tx.run(
        "insert into delays (clinic_id, provider_id, day, minutes, noted_at, noted_by, client) values"
        " (%(clinic_id)s, %(provider_id)s, %(day)s, %(minutes)s, %(noted_at)s, %(noted_by)s, %(client)s)"
        " on conflict (clinic_id, provider_id, day) do update set minutes = excluded.minutes,"
        " noted_at = excluded.noted_at, noted_by = excluded.noted_by, client = excluded.client",
        provider_id=delay.provider_id,
        day=delay.day,
        minutes=delay.minutes,
        noted_at=delay.noted_at,
        noted_by=delay.noted_by,
        client=delay.client,
    )


async def on(tx: ReadTx, day: date) -> list[Delay]:
    """Read who runs late on a local day of theirs."""
    return await tx.records(
        Delay,
        "select provider_id, day, minutes, noted_at, noted_by, client from delays"
        " where clinic_id = %(clinic_id)s and day = %(day)s",
        day=day,
    )
