"""Events that failed again and again: ops look at them, have them tried once more, or drop them."""

from deskcal.core.access import Actor
from deskcal.core.refusals import InvalidStatusChange, NotFound
from deskcal.flows.asking import Asking
from deskcal.store import log, parked
from deskcal.store.database import Database, ReadTx, WriteTx
from deskcal.store.log import Entry
from deskcal.store.parked import Aside

MOST = 1 << 63
"""Numbers of the log are below it."""


async def every(database: Database, actor: Actor) -> list[Aside]:
    """List all that is put aside, oldest first."""
    async with database.read(actor.clinic_id) as tx:
        return await parked.every(tx)


async def show(database: Database, actor: Actor, name: str) -> tuple[Aside, Entry | None]:
    """Look one up by its name, `sessions-17`, with the entry of the log. Raises NotFound."""
    async with database.read(actor.clinic_id) as tx:
        found = await _named(tx, name)
        entries = await log.since(tx, found.seq - 1, limit=1)
    return found, next((entry for entry in entries if entry.seq == found.seq), None)


async def retry(database: Database, asking: Asking[Aside], name: str) -> Aside:
    """Have its reader try it at once; where that fails, it is parked again. Raises InvalidStatusChange."""

    async def work(tx: WriteTx) -> Aside:
        found = await _standing(tx, name)
        await parked.try_again(tx, found, asking.now)
        tx.say(asking.event("reader.retried", asking.clinic_id, reader=found.reader, parked=found.seq))
        return await _named(tx, name)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


async def drop(database: Database, asking: Asking[Aside], name: str, *, reason: str) -> Aside:
    """Have it tried never again; who did that stays with it, and why. Raises InvalidStatusChange."""

    async def work(tx: WriteTx) -> Aside:
        found = await _standing(tx, name)
        await parked.drop(tx, found, by=asking.actor.sub, at=asking.now, reason=reason.strip())
        tx.say(asking.event("reader.dropped", asking.clinic_id, reader=found.reader, parked=found.seq))
        return await _named(tx, name)

    return await database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


def name_of(aside: Aside) -> str:
    """Name one as ops do: its reader and the number of the event."""
    return f"{aside.reader}-{aside.seq}"


async def _standing(tx: WriteTx, name: str) -> Aside:
    """Find one and keep everybody else from deciding of it. Raises NotFound or InvalidStatusChange."""
    found = await _named(tx, name, lock=True)
    if found.dropped_at is not None:
        raise InvalidStatusChange(f"{name} was dropped on {found.dropped_at:%Y-%m-%d}: {found.drop_reason}")
    return found


async def _named(tx: ReadTx, name: str, *, lock: bool = False) -> Aside:
    reader, _, seq = name.rpartition("-")
    readable = seq.isdecimal() and int(seq) < MOST
    found = await parked.find(tx, reader, int(seq), lock=lock) if readable else None
    if found is None:
        raise NotFound("Nothing of that name is put aside: it was done meanwhile, or never was.")
    return found
