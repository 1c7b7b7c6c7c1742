"""Months and weeks of many providers, counted from bitmaps; a change has only its own dates counted anew."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core.access import Actor
from deskcal.core.aggregates import Counts, Stretch, Summary, counts_by_day, stretches, summary
from deskcal.core.clinic import Provider, Service
from deskcal.core.localtime import find_zone, local_days, whole_days
from deskcal.core.slot import Visit
from deskcal.core.span import Span
from deskcal.core.survey import Survey
from deskcal.flows.board import REACH, View
from deskcal.flows.calendar import day_window, offers
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
    counts: dict[date, list[Counts]] = {day: [] for day in days}
    for (service_id, zone), providers in _by_service_and_zone(lanes).items():
        service = view.catalog.services[service_id]
        for day, found in _counted(view, service, zone, providers, days).items():
            counts[day] += (found[provider.id] for provider in providers)
    booked = Counter[date]()
    for zone in {provider.zone for provider, _ in lanes}:
        ids = [provider.id for provider, _ in lanes if provider.zone == zone]
        for day, tables in _booked(view, days, zone, own):
            booked[day] += sum(table.get((day, id_, asked.service_id), 0) for table in tables for id_ in ids)
    percent = view.catalog.clinic.limited_percent
    return [summary(day, counts[day], booked=booked[day], limited_percent=percent) for day in days]


def spans(view: View, days: Sequence[date], asked: Asked) -> list[Stretch]:
    """Cut the clinic's local dates, in a row, into stretches with the same providers free."""
    zone, percent = find_zone(view.catalog.clinic.timezone), view.catalog.clinic.limited_percent
    window = local_days(days[0], days[-1], zone)
    by_service: dict[UUID, Survey] = {}
    starts = []
    for provider, service in asked.offers(view):
        if service:
            if service.id not in by_service:
                by_service[service.id] = view.catalog.survey(service, window, view, view.now)
            starts.append(by_service[service.id].of(provider))
    found = (whole_days(day, day, zone) for day in days)
    return [one for day in found if day for one in stretches(starts, day, limited_percent=percent)]


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


def _by_service_and_zone(
    lanes: Iterable[tuple[Provider, Service | None]],
) -> dict[tuple[UUID, ZoneInfo], list[Provider]]:
    found: dict[tuple[UUID, ZoneInfo], list[Provider]] = {}
    for provider, service in lanes:
        if service:
            found.setdefault((service.id, provider.zone), []).append(provider)
    return found


def _counted(
    view: View, service: Service, zone: ZoneInfo, providers: Sequence[Provider], days: Sequence[date]
) -> dict[date, dict[UUID, Counts]]:
    """Count the slots of each date that takes place in the zone, by provider."""
    whole = {day: span for day in days if (span := whole_days(day, day, zone))}
    known = {day: _known(view, service, zone, day, span) for day, span in whole.items()}
    stale = [day for day in known if any(provider.id not in known[day] for provider in providers)]
    for run in _runs(stale):
        survey = view.catalog.survey(service, local_days(run[0], run[-1], zone), view, view.now)
        for provider in providers:
            for day, counts in counts_by_day(survey.of(provider), {day: whole[day] for day in run}).items():
                known[day][provider.id] = counts
    return known


def _known(view: View, service: Service, zone: ZoneInfo, day: date, span: Span) -> dict[UUID, Counts]:
    """Give what was counted of a date by provider, as long as nothing that matters to it has changed."""
    minute = -((EPOCH - view.now) // MINUTE)
    # What is over, what rules say of now, and holds that have run out: the log does not tell of these.
    moving = minute if service.rules or span.start <= view.now < span.end else view.now < span.start
    pages = view.over(_around(view, service, span))
    stamp = view.catalog.version, moving, *((page.changed, _run_out(page, view.now)) for page in pages)
    key = "counts", service.id, zone.key, day
    known, counts = view.answers.get(key, (None, {}))
    if known != stamp:
        counts = {}
        view.answers[key] = stamp, counts
    found: dict[UUID, Counts] = counts
    return found


def _around(view: View, service: Service, span: Span) -> Span:
    """Give the stretch of which something must be taken to matter to slots in a span."""
    if service.rules or any(provider.daily_maximum for provider in view.catalog.providers.values()):
        return Span(start=span.start - REACH, end=span.end + REACH)
    return view.catalog.survey(service, span, view, view.now).reach


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
