"""Boards rebuilt from the log and from the database, compared with each other and with the live one."""

import asyncio
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from typing import Literal, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import bitmap
from deskcal.core.drift import Account, Drift, Source, drifts
from deskcal.core.localtime import find_zone, local_days, whole_days
from deskcal.core.refusals import Invalid
from deskcal.core.session import GROUP
from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import REPLAYED, Board
from deskcal.flows.editing import known
from deskcal.flows.ledger import Ledger
from deskcal.flows.page import DAY, EPOCH, MINUTE, Page, midnight, read
from deskcal.store import clinics, log, occupancy, things
from deskcal.store.database import ReadTx, WriteTx
from deskcal.store.occupancy import Taken
from deskcal.store.things import Thing, ThingKind

DAYS_AT_ONCE = 31
MOST_TRIES = 5
AROUND = timedelta(days=3)
"""How far from a day a booking can start of which a row lies on it: its length and its buffers."""
BOOKED, ON_TOP = "booked", "on top"

Kind: TypeAlias = Literal["provider", "room", "equipment", "patient", "board"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which local dates to compare; where none is said, all on which anything was ever taken.

    `most_days` ends sooner; the rest is asked for next. `check` changes nothing.
    """

    provider_id: UUID | None
    first: date | None
    last: date | None
    most_days: int | None
    check: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A drift on one local date; a patient has no name here, and kind `board` means the day as a whole."""

    day: date
    kind: Kind
    name: str | None
    zone: ZoneInfo
    drift: Drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What came of comparing `first` to `last`, as of `seq`; `then` is the date from which to go on.

    `lost` are numbers that the log lacks. `live_days` of this process's board could be compared.
    """

    seq: int
    first: date
    last: date
    then: date | None
    until: date
    live_days: int
    lost: Sequence[int]
    differences: Sequence[Difference] = field(default=())


async def replay(board: Board, asking: Asking[Replay], wanted: Wanted) -> Replay:
    """Compare, and unless it is a check have every process read the days anew from the database.

    What stands in the database is what is booked: where the log tells otherwise, that is said and no more.
    """
    async with board.database.read(asking.clinic_id) as tx:
        clinic = known(await clinics.own(tx), "clinic")
        named = await things.every(tx)
        told = await occupancy.days(tx)
        lost, newest = await log.missing(tx), await log.latest(tx)
        whole_from = max((one.kept_from for one in await log.archived(tx)), default=date.min)
    zone = find_zone(clinic.timezone)
    if wanted.provider_id and (wanted.provider_id not in named):
        raise Invalid(("providerId", "there is no such provider"))
    days = sorted({*told, *board.days(asking.clinic_id)}) or [asking.now.date()]
    if wanted.first and wanted.first < whole_from:
        raise Invalid(("from", f"the log of before {whole_from} is archived; compare from then on"))
    first = wanted.first or max(days[0] - DAY, whole_from)
    until = wanted.last or max(days[-1] + 2 * DAY, first)
    if until < first:
        raise Invalid(("to", f"it is before {first}, from which on to compare"))
    last = min(until, first + ((wanted.most_days or (until - first).days + 1) - 1) * DAY)
    compared = Replay(
        seq=newest,
        first=first,
        last=last,
        then=last + DAY if last < until else None,
        until=until,
        live_days=0,
        lost=lost,
    )
    for start, end in _parts(first, last, days):
        window = local_days(start, end, zone)
        seq, live_days, found = await _compared(board, asking.clinic_id, window, named, wanted.provider_id)
        compared = replace(
            compared,
            seq=seq,
            live_days=compared.live_days + live_days,
            differences=[
                *compared.differences,
                *(one for drift in found for one in _by_day(drift, named, zone)),
            ],
        )
    if wanted.check:
        return compared
    window = local_days(first, last, zone)

    async def work(tx: WriteTx) -> Replay:
        tx.say(asking.event(REPLAYED, asking.clinic_id, start=window.start, end=window.end))
        return compared

    return await board.database.write(asking.clinic_id, work, claim=asking.claim, keep=asking.keep)


def _parts(first: date, last: date, days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Cut dates into parts, and leave out those that nothing is near."""
    while first <= last:
        end = min(first + (DAYS_AT_ONCE - 1) * DAY, last)
        near = bisect_left(days, first - AROUND)
        if near < len(days) and days[near] <= end + AROUND:
            yield first, end
        first = end + DAY


async def _compared(
    board: Board, clinic_id: UUID, window: Span, named: Mapping[UUID, Thing], provider_id: UUID | None
) -> tuple[int, int, list[Drift]]:
    """Compare within one snapshot; gives its number, how many live days there were, and what differs."""
    first, last = window.start.date(), (window.end - MINUTE).date()
    days = [first + offset * DAY for offset in range((last - first).days + 1)]
    whole = Span(start=midnight(first), end=midnight(last) + DAY)
    for tries in range(1, MOST_TRIES + 1):
        async with board.database.read(clinic_id, snapshot=True) as tx:
            seq = await log.latest(tx)
            stands, live = await board.copied(tx, days)
            if stands > seq and tries < MOST_TRIES:
                continue
            ledger, rows = await _told(tx, whole)
            break

    def compared() -> list[Drift]:
        by_log, by_rows = (list(read(taken, days)) for taken in (ledger.taken(seq, whole), rows))
        of = {provider_id} if provider_id else None
        asked = bitmap.bits(window, whole)
        accounts: dict[Source, Account] = {
            "log": Account(layers=_layers(by_log, whole, of), known=asked, blind=frozenset({ON_TOP})),
            "occupancy": Account(layers=_layers(by_rows, whole, of), known=asked),
        }
        if live:
            remembered = asked & bitmap.union((page.span for page in live), whole)
            layers = _layers(live, whole, of or named.keys())
            accounts["live"] = Account(layers=layers, known=remembered, only=named.keys())
        return [*_ahead(live, seq), *drifts(whole, accounts)]

    # It takes a while, and others want to book meanwhile.
    return seq, len(live), await asyncio.to_thread(compared)


def _ahead(live: Sequence[Page], seq: int) -> Iterator[Drift]:
    """Give the pages that would pass over what comes next."""
    for page in live:
        if page.seq > seq:
            yield Drift(
                resource_id=None,
                what=f"it stands at {page.seq}, ahead of the log's {seq}",
                span=page.span,
                said_by=("live",),
                not_by=("log",),
            )


async def _told(tx: ReadTx, whole: Span) -> tuple[Ledger, Taken]:
    """Read twice what is taken: from what the log tells, and from the rows that guard bookings."""
    ledger = Ledger()
    async for entry in log.of_bookings(tx, Span(start=whole.start - AROUND, end=whole.end + AROUND)):
        ledger.tell(entry)
    rows = await occupancy.taken(tx, whole)
    return ledger, replace(rows, booked={**rows.booked, **await occupancy.patients_taken(tx, whole)})


def _layers(pages: Iterable[Page], whole: Span, of: Iterable[UUID] | None) -> dict[UUID, dict[str, int]]:
    """Spell what pages say as minutes of the whole, of some resources or all."""
    found: dict[UUID, dict[str, int]] = {}
    for page in pages:
        for id_, name, minutes in _said(page, whole):
            layers = found.setdefault(id_, {})
            layers[name] = layers.get(name, 0) | minutes
    return found if of is None else {id_: found[id_] for id_ in of if id_ in found}


def _said(page: Page, whole: Span) -> Iterator[tuple[UUID, str, int]]:
    shift = (page.span.start - whole.start) // MINUTE
    for id_, minutes in page.booked.items():
        yield id_, BOOKED, minutes << shift
    for id_, rows in page.rows.items():
        for row in rows:
            for name in _names(row):
                yield id_, name, bitmap.bits(row.span, page.span) << shift
    visits: dict[UUID, list[Span]] = {}
    for (provider_id, _), times in page.visits.items():
        visits.setdefault(provider_id, []).extend(
            Span.of_minutes(EPOCH + start * MINUTE, minutes) for start, minutes in times
        )
    for provider_id, spans in visits.items():
        yield from ((provider_id, f"visit {n}", minutes) for n, minutes in _counted(spans, whole))


def _names(row: Busy) -> Iterator[str]:
    if row.expires_at:
        yield f"held until {row.expires_at.astimezone(UTC):%H:%M:%S} UTC"
    if row.capacity > 1 and row.session_key & GROUP:
        yield f"seat {row.seat}"
    if row.overbooked:
        yield ON_TOP


def _counted(spans: Iterable[Span], whole: Span) -> Iterator[tuple[int, int]]:
    """Give visits a number such that those of one do not overlap: whoever counts them must find each."""
    numbered: dict[int, int] = {}
    for span in sorted(spans):
        minutes, number = bitmap.bits(span, whole), 1
        while numbered.get(number, 0) & minutes:
            number += 1
        numbered[number] = numbered.get(number, 0) | minutes
    yield from numbered.items()


def _by_day(drift: Drift, named: Mapping[UUID, Thing], clinics_zone: ZoneInfo) -> Iterator[Difference]:
    """Cut a drift at the local midnights of its resource."""
    thing = named.get(drift.resource_id) if drift.resource_id else None
    kind: ThingKind | Literal["patient", "board"] = "patient" if drift.resource_id else "board"
    zone = find_zone(thing.timezone) if thing else clinics_zone
    day, last = (at.astimezone(zone).date() for at in (drift.span.start, drift.span.end - MINUTE))
    while day <= last:
        if today := whole_days(day, day, zone):
            part = Span(start=max(drift.span.start, today.start), end=min(drift.span.end, today.end))
            yield Difference(
                day=day,
                kind=thing.kind if thing else kind,
                name=thing.name if thing else None,
                zone=zone,
                drift=replace(drift, span=part),
            )
        day += DAY
