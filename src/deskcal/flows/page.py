"""One UTC day of a clinic as bitmaps: read from the database once, then kept right by the log."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.booking import Want
from deskcal.core.refusals import Kind
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.store.log import Entry
from deskcal.store.occupancy import Taken

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MINUTES = 1440
REACH = 2
"""How many days before and after a booking's own a row of it can lie."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DELAYED, STATUS_CHANGED = "provider.delayed", "appointment.status_changed"
"""What may take no time, and yet the day reads differently to staff."""


@dataclass(slots=True, kw_only=True)
class Page:
    """What is taken of a clinic on one UTC day, right up to `seq`; `changed` is what touched it last.

    `booked` has a bitmap of its 1,440 minutes for each resource but patients; `rows` what has to be told
    apart, by resource; `visits` the appointments that start on it, by provider and service, as minutes since
    1970 and length. `memo` keeps what was made of it and goes with every change.
    """

    day: date
    seq: int
    changed: int
    booked: dict[UUID, int] = field(default_factory=dict)
    rows: dict[UUID, list[Busy]] = field(default_factory=dict)
    visits: dict[tuple[UUID, UUID], list[tuple[int, int]]] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    weight: int = 1
    """How much there was to remember when it was read."""

    def copy(self) -> "Page":
        """Give the page as it is now, whatever becomes of it."""
        return replace(
            self,
            booked=dict(self.booked),
            rows={id_: list(rows) for id_, rows in self.rows.items()},
            visits={key: list(times) for key, times in self.visits.items()},
            memo={},
        )

    @property
    def span(self) -> Span:
        """The day."""
        start = midnight(self.day)
        return Span(start=start, end=start + DAY)

    def book(self, resource_id: UUID, span: Span) -> None:
        """Take some time of a resource."""
        self.booked[resource_id] = self.booked.get(resource_id, 0) | bitmap.bits(span, self.span)

    def add(self, row: Busy) -> None:
        """Remember a hold or a seat."""
        rows = self.rows.setdefault(row.resource_id, [])
        if row not in rows:
            rows.append(row)

    def pull(self, hold_id: UUID) -> list[Busy]:
        """Take out the rows of a hold."""
        found = [row for rows in self.rows.values() for row in rows if row.hold_id == hold_id]
        for row in found:
            self.rows[row.resource_id].remove(row)
            if not self.rows[row.resource_id]:
                del self.rows[row.resource_id]
        return found

    def made(self) -> Mapping[UUID, Sequence[Visit]]:
        """List the appointments that start on it, by provider and by service."""
        found: dict[UUID, list[Visit]] | None = self.memo.get("made")
        if found is None:
            found = self.memo["made"] = {}
            for (provider_id, service_id), times in self.visits.items():
                spans = (Span.of_minutes(EPOCH + start * MINUTE, minutes) for start, minutes in times)
                visits = [Visit(provider_id=provider_id, service_id=service_id, span=span) for span in spans]
                found.setdefault(provider_id, []).extend(visits)
                found.setdefault(service_id, []).extend(visits)
        return found

    def held(self) -> Mapping[UUID, Sequence[Busy]]:
        """List the rows of holds, by resource and by service."""
        found: dict[UUID, list[Busy]] | None = self.memo.get("held")
        if found is None:
            found = self.memo["held"] = {}
            for row in (row for rows in self.rows.values() for row in rows):
                if row.hold_id and row.service_id:
                    found.setdefault(row.resource_id, []).append(row)
                    found.setdefault(row.service_id, []).append(row)
        return found

    def touched(self, seq: int) -> None:
        """Note a change."""
        self.reads_differently(seq)
        self.memo.clear()

    def reads_differently(self, seq: int) -> None:
        """Note a change of what is shown beside what is taken."""
        self.seq = self.changed = seq


def midnight(day: date) -> datetime:
    """Give the instant at which a UTC day begins."""
    return datetime.combine(day, time(), UTC)


def read(taken: Taken, days: Sequence[date]) -> Iterator[Page]:
    """Sort what was read into days, which are consecutive."""
    pages = {day: Page(day=day, seq=taken.seq, changed=taken.seq) for day in days}
    base = (days[0] - EPOCH.date()).days * MINUTES
    for resource_id, times in taken.booked.items():
        for day, bits in _bits_by_day(times, base, days):
            pages[day].booked[resource_id] = bits
    for row in taken.rows:
        for day in _days_of(row.span):
            if day in pages:
                pages[day].add(row)
    for provider_id, service_id, visits in taken.visits:
        for start, length in visits:
            page = pages[days[(start - base) // MINUTES]]
            page.visits.setdefault((provider_id, service_id), []).append((start, length))
    for page in pages.values():
        page.weight += len(page.booked) + len(page.rows) + sum(map(len, page.visits.values()))
        yield page


def _bits_by_day(
    times: Iterable[tuple[int, int]], base: int, days: Sequence[date]
) -> Iterator[tuple[date, int]]:
    minutes = 0
    for start, end in times:
        minutes |= (1 << max(end - base, 0)) - (1 << max(start - base, 0))
    for place, day in enumerate(days):
        bits = minutes >> place * MINUTES & (1 << MINUTES) - 1
        if bits:
            yield day, bits


def takes(wants: Iterable[Want], session_key: int | None) -> list[dict[str, Any]]:
    """Spell in an event what a booking takes, but for the patient: the log alone tells what is taken."""
    return [
        {"resource": want.resource_id, "start": want.span.start, "end": want.span.end}
        | ({"seat": want.seat, "capacity": want.capacity} if want.capacity > 1 else {})
        | ({"session": str(session_key)} if session_key is not None else {})
        | ({"overbooked": True} if want.overbooked else {})
        for want in wants
        if want.kind is not Kind.PATIENT
    ]


def apply(entry: Entry, page_of: Callable[[date], Page | None]) -> set[date]:
    """Change the pages that are there as a booking did; gives the days that must be read anew."""
    if entry.event_type == DELAYED:
        for day in _around_day(date.fromisoformat(entry.payload["date"])):
            if (page := page_of(day)) and page.seq < entry.seq:
                page.reads_differently(entry.seq)
    if "start" not in entry.payload:
        return set()
    change = _CHANGES.get(entry.event_type)
    around = list(_around(entry))
    if change is None or (change in {_hold_placed, _created} and "takes" not in entry.payload):
        return set(around)
    for day in around:
        page = page_of(day)
        if page is None or page.seq >= entry.seq:
            continue
        if change(page, entry):
            page.touched(entry.seq)
        elif entry.event_type == STATUS_CHANGED and page.span.overlaps(_span(entry)):
            page.reads_differently(entry.seq)
    return set()


def _hold_placed(page: Page, entry: Entry) -> bool:
    rows = [row for row in rows_taken(entry) if row.span.overlaps(page.span)]
    for row in rows:
        page.add(row)
    return bool(rows)


def _hold_renewed(page: Page, entry: Entry) -> bool:
    rows = page.pull(entry.aggregate_id)
    for row in rows:
        page.add(replace(row, expires_at=datetime.fromisoformat(entry.payload["expiresAt"])))
    return bool(rows)


def _hold_ended(page: Page, entry: Entry) -> bool:
    return bool(page.pull(entry.aggregate_id))


def _hold_confirmed(page: Page, entry: Entry) -> bool:
    rows = page.pull(UUID(entry.payload["holdId"]))
    patient = entry.payload.get("patientId")
    for row in rows:
        if str(row.resource_id) != patient:
            _booked(page, replace(row, hold_id=None, appointment_id=entry.aggregate_id, expires_at=None))
    return _visited(page, entry) or bool(rows)


def _created(page: Page, entry: Entry) -> bool:
    rows = [row for row in rows_taken(entry) if row.span.overlaps(page.span)]
    for row in rows:
        _booked(page, row)
    return _visited(page, entry) or bool(rows)


_CHANGES: dict[str, Callable[[Page, Entry], bool]] = {
    "hold.placed": _hold_placed,
    "hold.renewed": _hold_renewed,
    "hold.released": _hold_ended,
    "hold.lapsed": _hold_ended,
    "appointment.confirmed": _hold_confirmed,
    "appointment.created": _created,
    "appointment.restored": _created,
    STATUS_CHANGED: lambda page, entry: "takes" in entry.payload and _created(page, entry),
}


def _booked(page: Page, row: Busy) -> None:
    page.book(row.resource_id, row.span)
    if row.told_apart:
        page.add(replace(row, owner=None, client=None, service_id=None))


def _visited(page: Page, entry: Entry) -> bool:
    span = _span(entry)
    if not page.span.start <= span.start < page.span.end:
        return False
    key = UUID(entry.payload["providerId"]), UUID(entry.payload["serviceId"])
    page.visits.setdefault(key, []).append(((span.start - EPOCH) // MINUTE, span.minutes))
    return True


def rows_taken(entry: Entry) -> Iterator[Busy]:
    """Read from an event what a booking takes: what `takes` has spelled in it."""
    facts, held = entry.payload, entry.aggregate_type == "hold"
    for take in facts["takes"]:
        yield Busy(
            resource_id=UUID(take["resource"]),
            span=Span(start=datetime.fromisoformat(take["start"]), end=datetime.fromisoformat(take["end"])),
            session_key=int(take.get("session", 0)),
            seat=take.get("seat", 1),
            capacity=take.get("capacity", 1),
            overbooked=take.get("overbooked", False),
            service_id=UUID(facts["serviceId"]) if held else None,
            hold_id=entry.aggregate_id if held else None,
            appointment_id=None if held else entry.aggregate_id,
            expires_at=datetime.fromisoformat(facts["expiresAt"]) if held else None,
            owner=facts.get("owner"),
            client=facts.get("client"),
        )


def _span(entry: Entry) -> Span:
    return Span(**{side: datetime.fromisoformat(entry.payload[side]) for side in ("start", "end")})


def _around(entry: Entry) -> Iterator[date]:
    for facts in (entry.payload, entry.payload.get("previous")):
        if facts:
            start, end = (datetime.fromisoformat(facts[side]) for side in ("start", "end"))
            yield from _days_of(Span(start=start - REACH * DAY, end=end + REACH * DAY))


def _around_day(day: date) -> Iterator[date]:
    """Give the UTC days that a local date can touch, in any zone."""
    return (day + ahead * DAY for ahead in (-1, 0, 1))


def _days_of(span: Span) -> Iterator[date]:
    day, last = span.start.date(), (span.end - timedelta(microseconds=1)).date()
    while day <= last:
        yield day
        day += DAY
