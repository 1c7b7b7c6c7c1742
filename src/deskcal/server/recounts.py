"""What months and weeks show of the dates that entries of the log have touched, as they are now."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import find_zone, local_days
from deskcal.core.span import Span
from deskcal.flows import aggregates
from deskcal.flows.aggregates import Asked
from deskcal.flows.board import CALENDAR, Board, View
from deskcal.flows.calendar import day_window
from deskcal.flows.page import MINUTE
from deskcal.server.counts import month_summary, week_span
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx
from deskcal.store.log import Entry
from deskcal.wire.aggregates import DaySpans, MonthSummary

MOST_DATES = 10
"""What touches more at once leaves the rest uncounted: whoever shows them asks anew."""


@dataclass(slots=True, kw_only=True)
class Recounts:
    """What to tell with an entry because it is the last that touches a date.

    `months` has the entry's own date for the clinic, under None, and for the provider; `days` has each date
    that it touches, cut into spans. `uncounted` dates were too many; they are of the providers `of`.
    """

    months: dict[UUID | None, MonthSummary] = field(default_factory=dict)
    days: list[DaySpans] = field(default_factory=list)
    uncounted: Span | None = None
    of: AbstractSet[UUID] = frozenset()


NOTHING = Recounts()


async def recounts(board: Board, tx: ReadTx, entries: Sequence[Entry]) -> Mapping[int, Recounts]:
    """Count the dates that entries touch, each once; gives what to tell by seq."""
    touched: dict[date, int] = {}
    own: dict[date, dict[UUID | None, int]] = {}
    for entry in entries:
        catalog = await board.catalog_as_of(entry.seq, tx)
        for facts in _slots(entry):
            if provider := catalog.providers.get(UUID(facts["providerId"])):
                touched |= dict.fromkeys(_dates(catalog, facts, provider), entry.seq)
                day = _instant(facts, "start").astimezone(provider.zone).date()
                own.setdefault(day, {}).update({None: entry.seq, provider.id: entry.seq})
    found: defaultdict[int, Recounts] = defaultdict(Recounts)
    days = sorted(touched)
    for day in days[:MOST_DATES]:
        view = await board.view(tx.clinic_id, day_window(day), entries[-1].occurred_at, tx)
        whole = _summary(view, day, None)
        zone = find_zone(view.catalog.clinic.timezone)
        spans = [week_span(one, zone) for one in aggregates.spans(view, [day], Asked())]
        found[touched[day]].days.append(DaySpans(date=day, spans=spans, month_summary=whole))
        for provider_id, seq in own.get(day, {}).items():
            found[seq].months[provider_id] = _summary(view, day, provider_id) if provider_id else whole
    if uncounted := days[MOST_DATES:]:
        last = found[entries[-1].seq]
        last.uncounted = local_days(uncounted[0], uncounted[-1], find_zone(catalog.clinic.timezone))
        last.of = {id_ for day in uncounted for id_ in own.get(day, ()) if id_}
    return found


def _summary(view: View, day: date, provider_id: UUID | None) -> MonthSummary:
    [found] = aggregates.summaries(view, [day], Asked(provider_id=provider_id))
    return month_summary(found, filters={"providerId": provider_id} if provider_id else {})


def _slots(entry: Entry) -> list[Mapping[str, Any]]:
    """Give the slots that an entry changes: its own, and the one that was left for it."""
    facts = entry.payload
    if entry.aggregate_type not in CALENDAR or "start" not in facts:
        return []
    return [facts, facts["previous"]] if "previous" in facts else [facts]


def _dates(catalog: Catalog, facts: Mapping[str, Any], provider: Provider) -> Iterator[date]:
    """Give the dates on which slots may change: those within reach of the longest service and widest rule."""
    reach = max((_reach(service) for service in catalog.services.values()), default=0) * MINUTE
    for zone in {provider.zone, find_zone(catalog.clinic.timezone)}:
        first = (_instant(facts, "start") - reach).astimezone(zone).date()
        last = (_instant(facts, "end") + reach).astimezone(zone).date()
        yield from aggregates.dates(first, (last - first).days + 1)


def _reach(service: Service) -> int:
    whole = service.buffer_before_minutes + service.duration_minutes + service.buffer_after_minutes
    return max((whole, *(rule.reach(service) for rule in service.rules)))


def _instant(facts: Mapping[str, Any], side: str) -> datetime:
    return datetime.fromisoformat(facts[side])
