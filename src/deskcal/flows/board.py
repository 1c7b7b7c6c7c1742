"""What one process knows of each clinic's days, kept right by the log. Never trusted when writing."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from deskcal.core.clinic import Provider, Service
from deskcal.core.refusals import NotFound
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.store import log, occupancy
from deskcal.store.catalog import Catalog, catalog
from deskcal.store.database import Database, ReadTx

MOST_DAYS = 4000
MOST_ENTRIES = 500
BACK, AHEAD = timedelta(days=2), timedelta(days=3)
CALENDAR = ("hold", "appointment")
QUIET = ("patient.added", "token.created", "token.revoked")
"""Events that no day shows anything of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A clinic around one date: its catalogue and all that is taken, as of `seq`.

    `answers` keeps what faces made of it; it goes when the day goes.
    """

    seq: int
    catalog: Catalog
    busy: Mapping[UUID, Sequence[Busy]]
    answers: dict[Any, Any] = field(default_factory=dict)

    def of(self, resource_id: UUID) -> Sequence[Busy]:
        """List what is taken of a resource."""
        return self.busy.get(resource_id, ())

    def rooms(self, provider: Provider, service: Service) -> dict[UUID, Sequence[Busy]]:
        """List the rooms that would do, each with what is taken of it."""
        return {room.id: self.of(room.id) for room in self.catalog.rooms_for(provider, service)}


@dataclass(slots=True, kw_only=True)
class _Clinic:
    """Where a clinic's days stand: right up to `seq`."""

    seq: int
    catalog: Catalog


class Board:
    """Days by clinic and date, loaded on first use, dropped when an event touches them; the oldest go first.

    `hear` is told of every new seq, by the bell and by this process's own commits. While `deaf`, each look
    asks the database.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.deaf = True
        self._heard: dict[UUID, int] = {}
        self._doubted: set[UUID] = set()
        self._reading: dict[UUID, asyncio.Lock] = {}
        self._clinics: dict[UUID, _Clinic] = {}
        self._days: OrderedDict[tuple[UUID, date], Day] = OrderedDict()

    def catalog(self, clinic_id: UUID) -> Catalog | None:
        """Give the catalogue as last read, if any day of the clinic was looked at."""
        known = self._clinics.get(clinic_id)
        return known.catalog if known else None

    def listen(self, *, deaf: bool) -> None:
        """Note whether the bell is heard. What was rung while it was not, is asked for at the next look."""
        self.deaf = deaf
        if not deaf:
            self._doubted |= set(self._clinics)

    def hear(self, clinic_id: UUID, seq: int) -> None:
        """Note that a clinic's log has grown."""
        if seq > self._heard.get(clinic_id, 0):
            self._heard[clinic_id] = seq

    async def catalog_as_of(self, seq: int, tx: ReadTx) -> Catalog:
        """Give the catalogue as it was after an entry of the log, or later; mostly without asking."""
        known = self._clinics.get(tx.clinic_id)
        if known is None or known.seq < seq:
            known = await self._catch_up(tx, tx.clinic_id)
        return known.catalog

    async def day(self, clinic_id: UUID, day: date, tx: ReadTx | None = None) -> Day:
        """Look at a date, as wide as any zone and any buffers could make it.

        Within a transaction give it: a second connection might never come free. Raises NotFound for a clinic
        that is not there.
        """
        known = self._known(clinic_id, day)
        if known:
            return known
        if tx is not None:
            return await self._look(tx, clinic_id, day)
        async with self.database.read(clinic_id) as fresh:
            return await self._look(fresh, clinic_id, day)

    def _known(self, clinic_id: UUID, day: date) -> Day | None:
        clinic = self._clinics.get(clinic_id)
        if clinic is None or self.deaf or clinic_id in self._doubted:
            return None
        return self._days.get((clinic_id, day)) if clinic.seq >= self._heard.get(clinic_id, 0) else None

    async def _look(self, tx: ReadTx, clinic_id: UUID, day: date) -> Day:
        """Read a day, one reader of a clinic at a time: the others find what the first has read."""
        async with self._reading.setdefault(clinic_id, asyncio.Lock()):
            return self._known(clinic_id, day) or await self._read(tx, clinic_id, day)

    async def _read(self, tx: ReadTx, clinic_id: UUID, day: date) -> Day:
        clinic = await self._catch_up(tx, clinic_id)
        found = self._days.get((clinic_id, day))
        if found:
            return found
        seq = clinic.seq
        busy: dict[UUID, list[Busy]] = {}
        for row in await occupancy.within(tx, window(day)):
            busy.setdefault(row.resource_id, []).append(row)
        loaded = Day(seq=seq, catalog=clinic.catalog, busy=busy)
        if self._clinics.get(clinic_id) is clinic and clinic.seq == seq:
            self._days[clinic_id, day] = loaded
            if len(self._days) > MOST_DAYS:
                self._days.popitem(last=False)
        return loaded

    async def _catch_up(self, tx: ReadTx, clinic_id: UUID) -> _Clinic:
        clinic = self._clinics.get(clinic_id)
        self._doubted.discard(clinic_id)
        if clinic:
            entries = await log.since(tx, clinic.seq, limit=MOST_ENTRIES)
            loud = [entry for entry in entries if entry.event_type not in QUIET]
            if len(entries) < MOST_ENTRIES and all(entry.aggregate_type in CALENDAR for entry in loud):
                for entry in loud:
                    self._drop(clinic_id, Span(**{k: _instant(entry.payload[k]) for k in ("start", "end")}))
                clinic.seq = max(clinic.seq, *(entry.seq for entry in entries), 0)
                return clinic
        seq = await log.latest(tx)
        found = await catalog(tx)
        if found is None:
            raise NotFound("There is no such clinic.")
        for key in [key for key in self._days if key[0] == clinic_id]:
            del self._days[key]
        self._clinics[clinic_id] = clinic = _Clinic(seq=seq, catalog=found)
        return clinic

    def _drop(self, clinic_id: UUID, span: Span) -> None:
        """Forget each date whose window a booking touches."""
        day, last = (span.start - AHEAD).date(), (span.end + BACK).date()
        while day <= last:
            self._days.pop((clinic_id, day), None)
            day += timedelta(days=1)


def window(day: date) -> Span:
    """Give the stretch of time that a date can touch: any zone, and buffers of up to a day on either side."""
    midnight = datetime.combine(day, time(), UTC)
    return Span(start=midnight - BACK, end=midnight + AHEAD)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
