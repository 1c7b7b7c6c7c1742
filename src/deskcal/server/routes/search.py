"""Search: free slots over providers and dates, best or soonest first."""

import time
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse

from deskcal.core.access import Scope
from deskcal.core.ranking import TimeOfDay
from deskcal.core.refusals import Invalid
from deskcal.core.slot import slot_id
from deskcal.core.span import Span
from deskcal.flows import search
from deskcal.flows.board import View
from deskcal.flows.search import Offer, Wanted
from deskcal.server import shapes
from deskcal.server.answering import answer
from deskcal.server.changes import Req
from deskcal.server.clinic_of import path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Limit
from deskcal.server.period import End, Start, read_period
from deskcal.server.routes.calendar import OptionalLocation, ServiceId
from deskcal.wire.search import Found, FoundSlot, RoomOption, SearchMetadata

ProviderIds = Annotated[
    str | None, QueryParameter(name="providerIds", description="With commas; else all who offer it.")
]
Sort = Annotated[Literal["ranked", "soonest"], QueryParameter(description="By score, or by time.")]
Preferred = Annotated[TimeOfDay | None, QueryParameter(name="preferredTimeOfDay")]


@get("/v1/clinics/{clinic_id:uuid}/availability", responses=answers(Found))
async def search_free(
    request: Req,
    context: Here,
    clinic_id: FromPath[UUID],
    service_id: ServiceId,
    location_id: OptionalLocation = None,
    start: Start = None,
    end: End = None,
    provider_ids: ProviderIds = None,
    preferred_time_of_day: Preferred = None,
    limit: Limit = 50,
    sort: Sort = "ranked",
) -> ASGIResponse:
    """Search free slots over providers and dates: by score, or the next available ones."""
    path_clinic(request, clinic_id, Scope.AVAILABILITY_READ)
    now = context.now()
    today = await context.board.view(clinic_id, Span.of_minutes(now, 1), now)
    zone = today.catalog.zone_at(location_id)
    wanted = Wanted(
        service_id=service_id,
        window=read_period(start, end, zone, now=now),
        providers=_ids(provider_ids),
        location_id=location_id,
        prefer=preferred_time_of_day,
        soonest=sort == "soonest",
        limit=limit,
    )

    async def make(view: View) -> Found:
        begun = time.perf_counter()
        _, offers = search.search(view, wanted)
        return Found(
            slots=[_slot(offer, zone) for offer in offers],
            metadata=SearchMetadata(
                timezone=zone.key,
                fetched_at=view.now,
                seq=view.seq,
                query_duration_ms=round((time.perf_counter() - begun) * 1000, 3),
            ),
        )

    return await answer(request, context, wanted.window, asked=("search", wanted), make=make)


def _slot(offer: Offer, zone: ZoneInfo) -> FoundSlot:
    found, span = offer.ranked, offer.ranked.span
    return FoundSlot(
        **shapes.times(span, zone),
        timeslot_id=slot_id(found.starts.provider.id, found.starts.service.id, span.start),
        provider=shapes.provider(found.starts.provider),
        room_options=[RoomOption(id=room.id, name=room.name) for room in offer.rooms],
        price_cents=found.starts.provider.price_of(found.starts.service),
        score=found.score,
    )


def _ids(text: str | None) -> tuple[UUID, ...]:
    try:
        return tuple(UUID(word) for word in text.split(",")) if text else ()
    except ValueError as error:
        raise Invalid(("providerIds", "write ids of providers with commas between them")) from error


ROUTES = (search_free,)
