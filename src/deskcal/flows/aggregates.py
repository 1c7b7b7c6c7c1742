"""Months and weeks of many providers, counted from bitmaps; a change has only its own dates counted anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor
from deskcal.core.aggregates import DayStarts, Stretch, Summary, stretches, summary
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import find_zone, local_day, whole_days
from deskcal.core.slot import Visit
from deskcal.core.span import Span
from deskcal.flows.board import View
from deskcal.flows.calendar import day_window, offers
from deskcal.flows.day_starts import day_starts
from deskcal.flows.page import DAY, EPOCH, MINUTE, Page
from deskcal.store import appointments
from deskcal.store.database import Database

WEEK = 7

Booked: TypeAlias = Counter[tuple[date, UUID, UUID | None]]
"""How many appointments start on a local date with a provider: for a service, under None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which providers, and for which service; without one, each for the first that they offer."""

    service_id: UUID | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None

    def offers(self, view: View) -> list[tuple[Provider, Service | None]]:
        """List them, each with the service. Raises NotFound for a provider or service that is not there."""
        return offers(
            view.catalog,
            service_id=self.service_id,
            provider_id=self.provider_id,
            location_id=self.location_id,
        )


def dates(first: date, many: int) -> list[date]:
    """List so many dates in a row."""
    return [first + ahead * DAY for ahead in range(many)]


def window_of(days: Sequence[date]) -> Span:
    """Give the stretch of time that dates in a row can be, in any zone."""
    return Span(start=day_window(days[0]).start, end=day_window(days[-1]).end)


def summaries(
    view: View, days: Sequence[date], asked: Asked, *, own: Sequence[Visit] | None = None
) -> list[Summary]:
    """Sum up dates in a row, each as it is where a provider works. With `own`, only these count as booked."""
    lanes = asked.offers(view)
    starts: dict[date, list[DayStarts]] = {day: [] for day in days}
    for (service_id, zone), providers in _together(lanes).items():
        service = view.catalog.services[service_id]
        for day, found in day_starts(view, service, zone, providers, days).items():
            starts[day] += found
    booked = Counter[date]()
    for zone in {provider.zone for provider, _ in lanes}:
        ids = [provider.id for provider, _ in lanes if provider.zone == zone]
        for day, tables in _booked(view, days, zone, own):
            booked[day] += sum(table.get((day, id_, asked.service_id), 0) for table in tables for id_ in ids)
    percent = view.catalog.clinic.limited_percent
    return [summary(day, starts[day], booked=booked[day], limited_percent=percent) for day in days]


def spans(view: View, days: Sequence[date], asked: Asked) -> list[Stretch]:
    """Cut local dates of the clinic into stretches with the same providers free."""
    zone, percent = find_zone(view.catalog.clinic.timezone), view.catalog.clinic.limited_percent
    starts: dict[date, list[DayStarts]] = {}
    for (service_id, _), providers in _together(asked.offers(view)).items():
        service = view.catalog.services[service_id]
        for day, found in day_starts(view, service, zone, providers, days).items():
            starts.setdefault(day, []).extend(found)
    return [
        stretch
        for day, lanes in starts.items()
        for stretch in stretches(lanes, local_day(day, zone), limited_percent=percent)
    ]


async def own_visits(database: Database, actor: Actor, days: Sequence[date]) -> list[Visit]:
    """Read the caller's bookings: a patient's own, a provider's calendar, else what the caller has booked."""
    async with database.read(actor.clinic_id) as tx:
        return await appointments.visits(
            tx,
            window_of(days),
            patient_id=actor.patient_id,
            provider_id=actor.provider_id,
            booked_by=None if actor.patient_id or actor.provider_id else actor.sub,
        )


def _together(
    lanes: Iterable[tuple[Provider, Service | None]],
) -> dict[tuple[UUID, ZoneInfo], list[Provider]]:
    """Put those together that can be looked at as one: of a service and a zone."""
    found: dict[tuple[UUID, ZoneInfo], list[Provider]] = {}
    for provider, service in lanes:
        if service:
            found.setdefault((service.id, provider.zone), []).append(provider)
    return found


def _booked(
    view: View, days: Sequence[date], zone: ZoneInfo, own: Sequence[Visit] | None
) -> Iterator[tuple[date, list[Booked]]]:
    """Give the tables in which the appointments of each date are counted."""
    if own is not None:
        table: Booked = Counter()
        for visit in own:
            day = visit.span.start.astimezone(zone).date()
            table.update([(day, visit.provider_id, visit.service_id), (day, visit.provider_id, None)])
        yield from ((day, [table]) for day in days)
        return
    for day in days:
        if span := whole_days(day, day, zone):
            yield day, [_made(page, zone) for page in view.over(span)]


def _made(page: Page, zone: ZoneInfo) -> Booked:
    """Count the appointments that start on a page."""
    found: Booked | None = page.memo.get(("made", zone.key))
    if found is None:
        found = page.memo["made", zone.key] = Counter()
        first = page.span.start.astimezone(zone).date()
        for day in dates(first, 3):
            span = whole_days(day, day, zone)
            start, behind = ((at - EPOCH) // MINUTE for at in (span.start, span.end)) if span else (0, 0)
            for (provider_id, service_id), times in page.visits.items():
                if many := sum(start <= one < behind for one, _ in times):
                    found[day, provider_id, service_id] += many
                    found[day, provider_id, None] += many
    return found
