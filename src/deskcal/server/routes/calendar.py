"""Availability: a provider's day, the desk's day, and why a slot cannot be had."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response.base import ASGIResponse

from deskcal.core.access import Scope
from deskcal.core.localtime import find_zone, local_day, parse_date, parse_instant, zone_label
from deskcal.flows import calendar as days
from deskcal.flows import providers
from deskcal.flows.asking import Asking
from deskcal.flows.board import View
from deskcal.server import shapes, verdicts
from deskcal.server.answering import answer
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import calendar

On = Annotated[str, QueryParameter(name="date", description="YYYY-MM-DD, a local day.")]
ServiceId = Annotated[UUID, QueryParameter(name="serviceId")]
OptionalService = Annotated[UUID | None, QueryParameter(name="serviceId")]
OptionalProvider = Annotated[UUID | None, QueryParameter(name="providerId")]
OptionalLocation = Annotated[UUID | None, QueryParameter(name="locationId")]


@get("/v1/providers/{provider_id:uuid}/availability", responses=answers(calendar.ProviderDay))
async def provider_availability(
    request: Req, context: Here, provider_id: FromPath[UUID], service_id: ServiceId, on: On
) -> ASGIResponse:
    """Give every slot of a provider's local day for a service, taken ones too."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    wanted = parse_date(on)

    async def make(view: View) -> calendar.ProviderDay:
        lane = days.provider_day(view, provider_id=provider_id, service_id=service_id, on=wanted)
        zone = lane.provider.zone
        return calendar.ProviderDay(
            timezone=lane.provider.timezone,
            timezone_label=zone_label(zone, local_day(wanted, zone).end - timedelta(hours=12)),
            date=wanted,
            timeslots=shapes.lane_slots(lane, actor),
            fetched_at=view.now,
            seq=view.seq,
        )

    asked = "day", wanted, provider_id, service_id
    return await answer(request, context, days.day_window(wanted), asked=asked, make=make)


@get("/v1/calendar/day", responses=answers(calendar.CalendarDay))
async def desk_day(
    request: Req,
    context: Here,
    on: On,
    service_id: OptionalService = None,
    provider_id: OptionalProvider = None,
    location_id: OptionalLocation = None,
) -> ASGIResponse:
    """Give a lane for each provider: the desk's day view in one call."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    wanted = parse_date(on)

    async def make(view: View) -> calendar.CalendarDay:
        found = days.desk_day(
            view,
            on=wanted,
            service_id=service_id,
            provider_id=provider_id,
            location_id=location_id,
        )
        lanes = await days.for_staff(context.board, actor, found, wanted)
        zone = find_zone(view.catalog.clinic.timezone)
        noon = local_day(wanted, zone).end - timedelta(hours=12)
        return calendar.CalendarDay(
            date=wanted,
            providers=[shapes.lane(one, actor, noon) for one in lanes],
            timezone=view.catalog.clinic.timezone,
            timezone_label=zone_label(zone, noon),
            fetched_at=view.now,
            seq=view.seq,
        )

    asked = "desk", wanted, service_id, provider_id, location_id
    return await answer(request, context, days.day_window(wanted), asked=asked, make=make)


@post("/v1/availability/check", status_code=200, responses=answers(calendar.Verdict))
async def check(request: Req, context: Here, data: JSONBody[calendar.CheckRequest]) -> calendar.Verdict:
    """Judge one slot: every reason why not, what would help, and the nearest free ones."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    asking = Asking[None](actor=actor, now=context.now())
    provider = await providers.find(context.database, actor, data.provider_id)
    reasons, alternatives = await days.check(
        context.board,
        asking,
        provider_id=data.provider_id,
        service_id=data.service_id,
        start=parse_instant(data.start, provider.zone),
        patient_id=actor.booking_for(data.patient_id),
        room_id=data.room_id,
    )
    known = context.board.catalog(actor.clinic_id)
    return calendar.Verdict(
        available=not reasons,
        reasons=verdicts.reasons(reasons),
        alternatives=shapes.timeslots(alternatives, known) if known else [],
    )


ROUTES = (provider_availability, desk_day, check)
