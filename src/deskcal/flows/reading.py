"""Durable readers: each follows the log of every clinic and keeps its position with what it did."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias
from uuid import UUID

from deskcal.core.access import INSTALLATION
from deskcal.core.outside import OutsideFailed
from deskcal.store import log, readers
from deskcal.store.database import Database, Unavailable, WriteTx
from deskcal.store.log import Entry
from deskcal.store.readers import Overtaken

PAGE = 200
CLINICS_AT_ONCE = 4
MOST_ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)

Effect: TypeAlias = Callable[[WriteTx], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who acts on events of some types, from the beginning of the log, in order within a clinic.

    `handle` does what takes time, outside any transaction, and gives what to write together with the
    position. After a crash it is called again for the same event, so what it does outside has to bear that.
    `give_up` is written when an event has failed MOST_ATTEMPTS times.
    """

    name: str
    event_types: frozenset[str]
    handle: Callable[[UUID, Entry, datetime], Awaitable[Effect | None]]
    give_up: Callable[[WriteTx, Entry, datetime], Awaitable[None]]


async def catch_up(database: Database, reader: Reader, now: datetime) -> datetime | None:
    """Read all that is new and try again what is due; gives when the next event is due.

    A failing event is put aside and holds up no other, nor does one clinic hold up all. Raises one of
    Unavailable while the database is away: nothing was skipped then.
    """
    async with database.read(INSTALLATION, installation=True) as tx:
        waiting = iter(await readers.clinics_waiting(tx, reader.name, now))

    async def work_off() -> None:
        for clinic_id in waiting:
            turn = _Turn(database=database, reader=reader, clinic_id=clinic_id, now=now)
            with suppress(Overtaken):
                await turn.try_again()
                await turn.read_on()

    ended = await asyncio.gather(*(work_off() for _ in range(CLINICS_AT_ONCE)), return_exceptions=True)
    for error in ended:
        if error is not None:
            raise error
    async with database.read(INSTALLATION, installation=True) as tx:
        return await readers.next_try(tx, reader.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A reader in one clinic."""

    database: Database
    reader: Reader
    clinic_id: UUID
    now: datetime

    async def read_on(self) -> None:
        while True:
            async with self.database.read(self.clinic_id) as tx:
                seen = await readers.position(tx, self.reader.name)
                entries = await log.since(tx, seen, limit=PAGE)
            if not entries:
                return
            for entry in entries:
                if entry.event_type in self.reader.event_types:
                    await self._attempt(entry, 1, self._move(seen, entry.seq))
                    seen = entry.seq
            if seen < entries[-1].seq:
                await self.database.write(self.clinic_id, self._move(seen, entries[-1].seq))

    async def try_again(self) -> None:
        async with self.database.read(self.clinic_id) as tx:
            found = [
                (parked, entry)
                for parked in await readers.due(tx, self.reader.name, self.now)
                for entry in await log.since(tx, parked.seq - 1, limit=1)
            ]
        for parked, entry in found:
            taken_back = partial(readers.take_back, reader=self.reader.name, parked=parked)
            await self._attempt(entry, parked.attempts + 1, taken_back)

    def _move(self, seen: int, to: int) -> Effect:
        return partial(readers.move, reader=self.reader.name, seen=seen, to=to)

    async def _attempt(self, entry: Entry, number: int, step: Effect) -> None:
        """Handle an event; its effect, or that it failed, is written in one transaction with the step."""
        try:
            effect = await self.reader.handle(self.clinic_id, entry, self.now)

            async def done(tx: WriteTx) -> None:
                await step(tx)
                if effect is not None:
                    await effect(tx)

            await self.database.write(self.clinic_id, done)
        except (*Unavailable, Overtaken):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, the events after it go on
            failure, last = _named(error), number >= MOST_ATTEMPTS
            due = None if last else self.now + wait_after(number)

            async def put_aside(tx: WriteTx) -> None:
                await step(tx)
                await readers.park(
                    tx, self.reader.name, entry, attempts=number, error=failure, next_try_at=due
                )
                if last:
                    await self.reader.give_up(tx, entry, self.now)

            await self.database.write(self.clinic_id, put_aside)


def wait_after(attempts: int) -> timedelta:
    """Say how long to wait after so many attempts: each time twice as long, an hour at most."""
    return min(FIRST_WAIT * (1 << attempts - 1), LONGEST_WAIT)


def _named(error: Exception) -> str:
    """Name a failure for ops. The text of an unexpected one may quote a row, and a row may name a patient."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, OutsideFailed) else kind
