"""What one process knows of each clinic's days, kept right by the log. Never trusted when writing."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.session import in_force
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.flows.page import DAY, DELAYED, MINUTE, Page, apply, midnight, read
from deskcal.store import catalog, log, occupancy
from deskcal.store.catalog import Catalog
from deskcal.store.database import Database, ReadTx

MOST_CELLS = 2_000_000
"""Over all clinics; the day of a clinic of forty providers, 12 rooms and 6 pools has about 800."""
MOST_ENTRIES = 500
MOST_ANSWERS = 5_000
REACH = timedelta(days=2)
"""How far around a window a booking in it can reach: buffers, length and rules."""
CALENDAR = ("hold", "appointment")
REPLAYED = "board.replayed"
"""Tells every process to read the days between `start` and `end` anew."""


@dataclass(slots=True, kw_only=True)
class _Clinic:
    """Where a clinic stands: right up to `seq`. `answers` keeps what faces made, each with its stamp."""

    seq: int
    answers: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Some days of a clinic as they stand at `now`: the catalogue, and sight of all that is taken."""

    clinic_id: UUID
    catalog: Catalog
    seq: int
    pages: Sequence[Page]
    now: datetime
    answers: dict[Any, Any]

    @property
    def stamp(self) -> tuple[int, int]:
        """Stays the same while nothing that is seen here changes."""
        return self.catalog.version, max(page.changed for page in self.pages)

    def booked(self, resource_id: UUID, window: Span) -> int:
        """Set the minutes of the window that appointments take, buffers included."""
        minutes = 0
        for page in self.over(window):
            bits = page.booked.get(resource_id)
            if bits:
                shift = (midnight(page.day) - window.start) // MINUTE
                minutes |= bits << shift if shift >= 0 else bits >> -shift
        return minutes & bitmap.full(window)

    def rows(self, resource_id: UUID) -> Sequence[Busy]:
        """List the rows that have to be told apart: holds, seats of group sessions, overbookings."""
        found = dict.fromkeys(row for page in self.pages for row in page.rows.get(resource_id, ()))
        return in_force(found, self.now)

    def visits(self, of: UUID, window: Span) -> Sequence[Visit]:
        """List the bookings of a provider or a service, held ones too, that start in the window."""
        made = (visit for page in self.over(window) for visit in page.made().get(of, ()))
        held = self._held(of, window)
        return [visit for visit in (*made, *held) if window.start <= visit.span.start < window.end]

    def over(self, window: Span) -> Sequence[Page]:
        """Give the pages of the days that a window touches."""
        first, last = (end.date().toordinal() for end in (window.start, window.end))
        base = self.pages[0].day.toordinal()
        return self.pages[max(first - base, 0) : max(last - base + 1, 0)]

    def _held(self, of: UUID, window: Span) -> Iterator[Visit]:
        held = dict.fromkeys(row for page in self.over(window) for row in page.held().get(of, ()))
        for row in in_force(held, self.now):
            service = self.catalog.services.get(row.service_id) if row.service_id else None
            if service and row.resource_id in self.catalog.providers:
                start = row.span.start + service.buffer_before_minutes * MINUTE
                span = Span.of_minutes(start, service.duration_minutes)
                yield Visit(provider_id=row.resource_id, service_id=service.id, span=span)


class Board:
    """Pages by clinic and UTC day, loaded on first use, kept by the log; the longest unused go first.

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
        self._catalogs: dict[UUID, Catalog] = {}
        self._pages: OrderedDict[tuple[UUID, date], Page] = OrderedDict()
        self._cells = 0

    def catalog(self, clinic_id: UUID) -> Catalog | None:
        """Give the catalogue as last read, if the clinic was looked at."""
        return self._catalogs.get(clinic_id)

    def listen(self, *, deaf: bool) -> None:
        """Note whether the bell is heard. What was rung while it was not, is asked for at the next look."""
        self.deaf = deaf
        if not deaf:
            self._doubted |= set(self._clinics)

    def hear(self, clinic_id: UUID, seq: int) -> None:
        """Note that a clinic's log has grown."""
        if seq > self._heard.get(clinic_id, 0):
            self._heard[clinic_id] = seq

    def has_heard(self, clinic_id: UUID) -> int:
        """Give the newest number of a clinic that was rung, 0 before the first."""
        return self._heard.get(clinic_id, 0)

    async def catalog_as_of(self, seq: int, tx: ReadTx) -> Catalog:
        """Give the catalogue as it was after an entry of the log, or later; mostly without asking."""
        known = self._clinics.get(tx.clinic_id)
        if known is None or known.seq < seq:
            await self._catch_up(tx)
        return self._catalogs[tx.clinic_id]

    async def catalog_within(self, tx: ReadTx) -> Catalog:
        """Give the catalogue as a transaction sees it that has not changed it itself.

        It is the one remembered, if its number is still right.
        """
        known = self._catalogs.get(tx.clinic_id)
        if known is None or known.version != await catalog.version(tx):
            known = self._catalogs[tx.clinic_id] = await catalog.catalog(tx)
        return known

    async def view(self, clinic_id: UUID, window: Span, now: datetime, tx: ReadTx | None = None) -> View:
        """Look at all that can matter to bookings that start in a window.

        Within a transaction give it: a second connection might never come free. Raises NotFound for a clinic
        that is not there.
        """
        days = _days_around(window)
        pages = self._known(clinic_id, days)
        if pages is None and tx is not None:
            pages = await self._look(tx, days)
        elif pages is None:
            async with self.database.read(clinic_id) as fresh:
                pages = await self._look(fresh, days)
        clinic = self._clinics[clinic_id]
        return View(
            clinic_id=clinic_id,
            catalog=self._catalogs[clinic_id],
            seq=clinic.seq,
            pages=pages,
            now=now,
            answers=clinic.answers,
        )

    def remembers(self, clinic_id: UUID, window: Span) -> bool:
        """Tell whether a look at a window would not ask the database."""
        return self._known(clinic_id, _days_around(window)) is not None

    def days(self, clinic_id: UUID) -> list[date]:
        """List the days of a clinic that are remembered."""
        return sorted(day for of, day in self._pages if of == clinic_id)

    async def copied(self, tx: ReadTx, days: Sequence[date]) -> tuple[int, list[Page]]:
        """Copy what is remembered of some days, brought up to what a transaction sees of the log.

        It may be ahead of that: the number says where it stands.
        """
        async with self._reading.setdefault(tx.clinic_id, asyncio.Lock()):
            if tx.clinic_id not in self._clinics:
                return 0, []
            clinic = await self._catch_up(tx)
            pages = (self._pages.get((tx.clinic_id, day)) for day in days)
            return clinic.seq, [page.copy() for page in pages if page]

    def _known(self, clinic_id: UUID, days: Sequence[date]) -> list[Page] | None:
        clinic = self._clinics.get(clinic_id)
        if clinic is None or self.deaf or clinic_id in self._doubted:
            return None
        if clinic.seq < self._heard.get(clinic_id, 0):
            return None
        pages = [page for day in days if (page := self._pages.get((clinic_id, day)))]
        if len(pages) < len(days):
            return None
        for day in days:
            self._pages.move_to_end((clinic_id, day))
        return pages

    async def _look(self, tx: ReadTx, days: Sequence[date]) -> list[Page]:
        """Read what is missing, one reader of a clinic at a time: the others find what the first has read."""
        async with self._reading.setdefault(tx.clinic_id, asyncio.Lock()):
            return self._known(tx.clinic_id, days) or await self._read(tx, days)

    async def _read(self, tx: ReadTx, days: Sequence[date]) -> list[Page]:
        clinic = await self._catch_up(tx)
        if len(clinic.answers) > MOST_ANSWERS:
            clinic.answers.clear()
        found = {day: self._pages.get((tx.clinic_id, day)) for day in days}
        missing = [day for day, page in found.items() if page is None]
        if missing:
            between = [day for day in days if missing[0] <= day <= missing[-1]]
            span = Span(start=midnight(between[0]), end=midnight(between[-1]) + DAY)
            for page in read(await occupancy.taken(tx, span), between):
                found[page.day] = page
                self._keep(tx.clinic_id, page)
        return [page for page in found.values() if page]

    def _keep(self, clinic_id: UUID, page: Page) -> None:
        self._forget(clinic_id, page.day)
        self._pages[clinic_id, page.day] = page
        self._cells += page.weight
        while self._cells > MOST_CELLS:
            self._forget(*next(iter(self._pages)))

    def _forget(self, clinic_id: UUID, day: date) -> None:
        page = self._pages.pop((clinic_id, day), None)
        self._cells -= page.weight if page else 0

    async def _catch_up(self, tx: ReadTx) -> _Clinic:
        """Apply what the log tells since; where that is too much, the clinic's pages go."""
        clinic_id = tx.clinic_id
        self._doubted.discard(clinic_id)
        clinic = self._clinics.get(clinic_id)
        if clinic is None:
            seq = await log.latest(tx)
            await self.catalog_within(tx)
            return self._clinics.setdefault(clinic_id, _Clinic(seq=seq))
        entries = await log.since(tx, clinic.seq, limit=MOST_ENTRIES)
        too_many = len(entries) == MOST_ENTRIES or not log.is_whole(entries, clinic.seq)
        if too_many:
            newest = await log.latest(tx)
            for key in [key for key in self._pages if key[0] == clinic_id]:
                self._forget(*key)
        else:
            newest = entries[-1].seq if entries else clinic.seq
        if too_many or any(entry.aggregate_type not in CALENDAR for entry in entries):
            await self.catalog_within(tx)
        for entry in entries:
            if entry.aggregate_type in CALENDAR or entry.event_type == DELAYED:
                for day in apply(entry, lambda day: self._pages.get((clinic_id, day))):
                    self._forget(clinic_id, day)
            elif entry.event_type == REPLAYED:
                self._doubt(clinic, clinic_id, entry)
        clinic.seq = max(clinic.seq, newest)
        return clinic

    def _doubt(self, clinic: _Clinic, clinic_id: UUID, entry: log.Entry) -> None:
        """Forget what may be wrong, and the answers made of it; the next look reads it anew."""
        first, last = (datetime.fromisoformat(entry.payload[side]).date() for side in ("start", "end"))
        for day in self.days(clinic_id):
            if first <= day <= last:
                self._forget(clinic_id, day)
        clinic.answers.clear()


def _days_around(window: Span) -> list[date]:
    first, last = (window.start - REACH).date(), (window.end + REACH).date()
    return [first + offset * DAY for offset in range((last - first).days + 1)]
