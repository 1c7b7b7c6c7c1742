"""Months and weeks: counts of many providers for each local day, and who is free when."""

from calendar import monthrange
from datetime import date
from typing import Annotated

from litestar import get
from litestar.params import QueryParameter
from litestar.response.base import ASGIResponse

from deskcal.core.access import Scope
from deskcal.core.localtime import find_zone, parse_date
from deskcal.flows import aggregates
from deskcal.flows.aggregates import Asked
from deskcal.flows.board import View
from deskcal.server.answering import answer
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.counts import day_summary, week_span
from deskcal.server.openapi import answers
from deskcal.server.routes.calendar import OptionalLocation, OptionalProvider, OptionalService
from deskcal.wire.aggregates import CalendarMonth, Week

Year = Annotated[int, QueryParameter(ge=1900, le=2199)]
Month = Annotated[int, QueryParameter(ge=1, le=12)]
Mine = Annotated[bool, QueryParameter(name="myBookingsOnly", description="Count the caller's bookings only.")]
First = Annotated[str, QueryParameter(name="start", description="YYYY-MM-DD, the first of seven local days.")]


@get("/v1/calendar/month", responses=answers(CalendarMonth))
async def calendar_month(
    request: Req,
    context: Here,
    year: Year,
    month: Month,
    provider_id: OptionalProvider = None,
    service_id: OptionalService = None,
    location_id: OptionalLocation = None,
    my_bookings_only: Mine = False,
) -> ASGIResponse:
    """Count what is free and what is booked on each date of a month."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    days = aggregates.dates(date(year, month, 1), monthrange(year, month)[1])
    asked = Asked(service_id=service_id, provider_id=provider_id, location_id=location_id)

    async def make(view: View) -> CalendarMonth:
        own = await aggregates.own_visits(context.database, actor, days) if my_bookings_only else None
        return CalendarMonth(
            days=[day_summary(one) for one in aggregates.summaries(view, days, asked, own=own)],
            timezone=view.catalog.clinic.timezone,
            fetched_at=view.now,
            seq=view.seq,
        )

    question = "month", year, month, asked, actor.sub if my_bookings_only else None
    return await answer(request, context, aggregates.window_of(days), asked=question, make=make)


@get("/v1/availability/week", responses=answers(Week))
async def week(
    request: Req,
    context: Here,
    first: First,
    provider_id: OptionalProvider = None,
    service_id: OptionalService = None,
    location_id: OptionalLocation = None,
) -> ASGIResponse:
    """Cut seven local days into spans with the same providers free."""
    own_clinic(request, Scope.AVAILABILITY_READ)
    days = aggregates.dates(parse_date(first, field="start"), aggregates.WEEK)
    asked = Asked(service_id=service_id, provider_id=provider_id, location_id=location_id)

    async def make(view: View) -> Week:
        zone = find_zone(view.catalog.clinic.timezone)
        return Week(
            spans=[week_span(one, zone) for one in aggregates.spans(view, days, asked)],
            timezone=zone.key,
            fetched_at=view.now,
            seq=view.seq,
        )

    question = "week", days[0], asked
    return await answer(request, context, aggregates.window_of(days), asked=question, make=make)


ROUTES = (calendar_month, week)
