"""Where services may start on local dates, remembered for each provider until something of theirs changes."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.aggregates import DayStarts, cut
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import local_days, whole_days
from deskcal.core.ruling import needs_of, rules_for
from deskcal.core.span import Span
from deskcal.flows.board import REACH, View
from deskcal.flows.page import EPOCH, MINUTE, Page
from deskcal.store.catalog import Catalog

Stamp: TypeAlias = tuple[Any, ...]
"""Equal as long as what was found still holds."""


def day_starts(
    view: View, service: Service, zone: ZoneInfo, providers: Sequence[Provider], days: Sequence[date]
) -> dict[date, list[DayStarts]]:
    """Cut what each provider has at the midnights of a zone, for those of the dates that take place there."""
    spans = {day: span for day in days if (span := whole_days(day, day, zone))}
    counting = _counting(view.catalog, service)
    known = {
        day: _known(view, service, zone, day=day, span=span, counting=counting) for day, span in spans.items()
    }
    stale = {day: {one.id for one in providers if not known[day].holds_for(one)} for day in spans}
    for run in _runs([day for day in spans if stale[day]]):
        survey = view.catalog.survey(service, local_days(run[0], run[-1], zone), view, view.now)
        for provider in providers:
            new = {day: spans[day] for day in run if provider.id in stale[day]}
            for day, starts in cut(survey.of(provider), new).items() if new else ():
                known[day].keep(provider, starts)
    return {day: [known[day].found[one.id].starts for one in providers] for day in spans}


@dataclass(slots=True, kw_only=True)
class _Found:
    """What a provider has on a date: right while the date is as it was `seen`, or the provider's `own` is."""

    seen: Stamp
    own: Stamp
    starts: DayStarts


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What is known of a service on a local date, and the pages that this depends on.

    `counting` are the providers with rules that count bookings.
    """

    view: View
    service: Service
    pages: Sequence[Page]
    moving: object
    counting: AbstractSet[UUID]
    found: dict[UUID, _Found]

    @cached_property
    def seen(self) -> Stamp:
        """All that slots depend on, as of the last change of anything."""
        return *self._passing, *(page.changed for page in self.pages)

    @cached_property
    def _passing(self) -> Stamp:
        """What changes without a word in the log, and the catalogue."""
        run_out = (_run_out(page, self.view.now) for page in self.pages)
        return self.view.catalog.version, self.moving, *run_out

    @cached_property
    def _shared(self) -> Stamp:
        """What is taken of rooms and units, where the service needs any."""
        needs, catalog = needs_of(self.service), self.view.catalog
        if needs.room_types is None and not needs.units:
            return ()
        units = (unit.id for pool in catalog.equipment for unit in pool.units)
        return tuple(self._taken(id_) for id_ in (*(room.id for room in catalog.rooms), *units))

    def holds_for(self, provider: Provider) -> bool:
        """Tell whether what was found for a provider still holds."""
        found = self.found.get(provider.id)
        if found and found.seen != self.seen and found.own == self._own(provider):
            found.seen = self.seen
        return found is not None and found.seen == self.seen

    def keep(self, provider: Provider, starts: DayStarts) -> None:
        self.found[provider.id] = _Found(seen=self.seen, own=self._own(provider), starts=starts)

    def _own(self, provider: Provider) -> Stamp:
        """Say what a provider's slots depend on: where rules count bookings, that is everything."""
        if provider.id in self.counting:
            return self.seen
        return *self._passing, self._taken(provider.id), self._shared

    def _taken(self, resource_id: UUID) -> Stamp:
        return tuple((page.booked.get(resource_id), *page.rows.get(resource_id, ())) for page in self.pages)


def _counting(catalog: Catalog, service: Service) -> AbstractSet[UUID]:
    """Give the providers whose bookings of a service are judged by rules that count."""
    found: frozenset[UUID] | None = catalog.memo.get(("counting", service.id))
    if found is None:
        found = catalog.memo["counting", service.id] = frozenset(
            provider.id
            for provider in catalog.providers.values()
            if any(rule.counts for rule in rules_for(provider, service))
        )
    return found


def _known(
    view: View, service: Service, zone: ZoneInfo, *, day: date, span: Span, counting: AbstractSet[UUID]
) -> _Known:
    minute = -((EPOCH - view.now) // MINUTE)
    reach = view.catalog.survey(service, span, view, view.now).reach
    if counting:
        reach = Span(start=span.start - REACH, end=span.end + REACH)
    return _Known(
        view=view,
        service=service,
        pages=view.over(reach),
        # A rule may speak of now; else only a date that has begun and is not over changes as time goes by.
        moving=minute if service.rules or span.start <= view.now < span.end else view.now < span.start,
        counting=counting,
        found=view.answers.setdefault(("starts", service.id, zone.key, day), {}),
    )


def _run_out(page: Page, now: datetime) -> int:
    """Count the holds of a page that have run out and are still there."""
    ends: list[datetime] | None = page.memo.get("ends")
    if ends is None:
        rows = (row for rows in page.rows.values() for row in rows)
        ends = page.memo["ends"] = sorted(row.expires_at for row in rows if row.expires_at)
    return bisect_right(ends, now)


def _runs(days: Sequence[date]) -> Iterator[list[date]]:
    """Put dates together that follow each other."""
    for _, run in groupby(enumerate(days), key=lambda one: one[1].toordinal() - one[0]):
        yield [day for _, day in run]
