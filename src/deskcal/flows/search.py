"""Searches over providers and dates: the best free slots, the next ones, and who is free at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from deskcal.core.clinic import Provider, Room, Service
from deskcal.core.ranking import Ranked, TimeOfDay, ranked, soonest
from deskcal.core.refusals import Invalid
from deskcal.core.span import Span
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View

LONGEST = timedelta(days=62, hours=1)
"""One of 62 local days may have 25 hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is searched for; `providers` and `location_id` narrow it, `prefer` and `soonest` order it."""

    service_id: UUID
    window: Span
    providers: Sequence[UUID] = ()
    location_id: UUID | None = None
    prefer: TimeOfDay | None = None
    soonest: bool = False
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A free slot, best first, with the rooms that are free for it."""

    ranked: Ranked
    rooms: tuple[Room, ...]


def window(start: datetime, end: datetime) -> Span:
    """Give the whole minutes of a stretch of time. Raises Invalid if it is not 62 days at most."""
    first, last = _up_to_minute(start), _up_to_minute(end)
    if first >= last:
        raise Invalid(("end", "is not after the start; choose a later one"))
    if last - first > LONGEST:
        raise Invalid(("end", "is more than 62 days after the start; ask for less at a time"))
    return Span(start=first, end=last)


def search(view: View, wanted: Wanted) -> tuple[Service, list[Offer]]:
    """Find the best free slots, or the next ones."""
    service = view.catalog.service(wanted.service_id)
    survey = view.catalog.survey(service, wanted.window, view, view.now)
    chosen = [view.catalog.provider(id_) for id_ in wanted.providers] or view.catalog.providers.values()
    providers = [one for one in chosen if _offers(one, service, wanted.location_id)]
    order = soonest if wanted.soonest else ranked
    best = order(survey, providers, prefer=wanted.prefer, limit=wanted.limit)

    def rooms(one: Ranked) -> tuple[Room, ...]:
        seats = one.starts.sessions.get(one.minute, ())
        return tuple(room for room in one.starts.fits.rooms if survey.room_free(room, one.minute, seats))

    return service, [Offer(ranked=one, rooms=rooms(one)) for one in best]


async def free_providers(
    board: Board, asking: Asking[Any], *, service_id: UUID, start: datetime
) -> list[UUID]:
    """List who is free for a service at a time, the best first: whom to try."""
    window = Span.of_minutes(start, 1)
    view = await board.view(asking.clinic_id, window, asking.now)
    wanted = Wanted(service_id=service_id, window=window, limit=len(view.catalog.providers) or 1)
    _, offers = search(view, wanted)
    return [offer.ranked.starts.provider.id for offer in offers]


def _up_to_minute(at: datetime) -> datetime:
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(minutes=1)


def _offers(provider: Provider, service: Service, location_id: UUID | None) -> bool:
    return service.id in provider.prices and location_id in {None, provider.location_id}
