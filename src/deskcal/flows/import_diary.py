"""What is taken, as far as an import has looked: read for many rows at once, and what they take put to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.booking import Want
from deskcal.core.session import in_force
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.securing import COUNTED, Sought, lapse_expired
from deskcal.store import locks, occupancy
from deskcal.store.database import WriteTx

DAY = timedelta(days=1)
REACH = 3
"""How many days before its end a row can begin."""


@dataclass(slots=True, kw_only=True)
class Diary:
    """Rows of occupancy by resource and UTC day of their start; holds that have run out are lapsed."""

    tx: WriteTx
    asking: Asking[Any]
    _rows: dict[tuple[UUID, date], list[Busy]] = field(default_factory=dict)
    _looked: dict[UUID, list[Span]] = field(default_factory=dict)
    _told: set[tuple[UUID, int, int]] = field(default_factory=set)
    _visits: dict[tuple[UUID, UUID], list[Visit]] = field(default_factory=dict)
    _locked: set[tuple[UUID, UUID, str]] = field(default_factory=set)

    async def look(self, resources: Iterable[UUID], span: Span) -> None:
        """Read what stands in the way of resources then, unless that was read before."""
        new = [
            id_
            for id_ in dict.fromkeys(resources)
            if not any(seen.contains(span) for seen in self._looked.get(id_, ()))
        ]
        if not new:
            return
        found = await occupancy.of_resources(self.tx, new, span)
        standing = in_force(found, self.asking.now)
        ran_out = {row.hold_id for row in found if row.hold_id} - {row.hold_id for row in standing}
        await lapse_expired(self.tx, self.asking, [id_ for id_ in ran_out if id_])
        for id_ in new:
            self._looked.setdefault(id_, []).append(span)
        for row in standing:
            self._put(row)

    async def count(self, names: Sequence[str], provider_id: UUID, service_id: UUID, span: Span) -> None:
        """Take the locks of rules that count, and read what they count around a span, once for a day."""
        if self._locked.issuperset((provider_id, service_id, name) for name in names):
            return
        self._locked.update((provider_id, service_id, name) for name in names)
        await locks.wait_for(self.tx, names)
        around = Span(start=span.start - COUNTED, end=span.end + COUNTED)
        found = await occupancy.visits(
            self.tx, around, provider_id=provider_id, service_id=service_id, now=self.asking.now
        )
        kept = self._visits.setdefault((provider_id, service_id), [])
        kept += [visit for visit in found if visit not in kept]

    def visits(self, provider_id: UUID, service_id: UUID, span: Span) -> list[Visit]:
        """List the bookings that rules count around a span."""
        around = Span(start=span.start - COUNTED, end=span.end + COUNTED)
        return [
            visit for visit in self._visits.get((provider_id, service_id), ()) if visit.span.overlaps(around)
        ]

    def in_way(self, sought: Sought) -> list[Busy]:
        """List what is in the way of a booking, as `secure` sees it."""
        whole = sought.whole
        return [
            row
            for id_ in sought.kinds
            for row in self._of(id_, whole)
            if row.span.overlaps(sought.span if id_ == sought.patient_id else whole)
        ]

    def busy(self, resources: Iterable[UUID], window: Span) -> int:
        """Set the minutes of a window that any of some resources is taken in, seats of sessions left out."""
        return bitmap.union(
            (row.span for id_ in resources for row in self._of(id_, window) if row.capacity == 1), window
        )

    def take(self, appointment_id: UUID, wants: Iterable[Want], session_key: int, visit: Visit) -> None:
        """Put what a row takes to what is taken, so that the next rows see it."""
        for want in wants:
            self._put(
                Busy(
                    resource_id=want.resource_id,
                    span=want.span,
                    session_key=session_key,
                    seat=want.seat,
                    capacity=want.capacity,
                    appointment_id=appointment_id,
                )
            )
        for (provider_id, service_id), kept in self._visits.items():
            if visit.provider_id == provider_id or visit.service_id == service_id:
                kept.append(visit)

    def _of(self, id_: UUID, span: Span) -> Iterable[Busy]:
        day, last = span.start.date() - REACH * DAY, span.end.date()
        while day <= last:
            yield from self._rows.get((id_, day), ())
            day += DAY

    def _put(self, row: Busy) -> None:
        place = row.resource_id, row.session_key, row.seat
        if place not in self._told:
            self._told.add(place)
            self._rows.setdefault((row.resource_id, row.span.start.date()), []).append(row)


def around(first: datetime, last: datetime) -> Span:
    """Give a stretch that has whole the local days of starts between two, wherever they are."""
    return Span(start=first - DAY, end=last + 2 * DAY)
