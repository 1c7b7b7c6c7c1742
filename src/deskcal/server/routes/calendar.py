"""Availability: a provider's day, the desk's day, and why a slot cannot be had."""

import hashlib
from collections.abc import Awaitable, Callable, Hashable
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response.base import ASGIResponse

from deskcal.core.access import Actor, Scope
from deskcal.core.localtime import find_zone, local_day, parse_date, parse_instant, zone_label
from deskcal.flows import calendar as days
from deskcal.flows import clinics
from deskcal.flows.asking import Asking
from deskcal.flows.board import Day
from deskcal.server import shapes
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Context, Here
from deskcal.server.openapi import answers
from deskcal.wire import calendar

MAX_AGE = timedelta(seconds=15)
FOR_A_WHILE = f"private, max-age={int(MAX_AGE.total_seconds())}"

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

    async def make(day: Day, now: datetime) -> calendar.ProviderDay:
        lane = days.provider_day(day, provider_id=provider_id, service_id=service_id, on=wanted, now=now)
        zone = lane.provider.zone
        return calendar.ProviderDay(
            timezone=lane.provider.timezone,
            timezone_label=zone_label(zone, local_day(wanted, zone).end - timedelta(hours=12)),
            date=wanted,
            timeslots=shapes.lane_slots(lane, actor),
            fetched_at=now,
            seq=day.seq,
        )

    return await _answer(request, context, actor, wanted, asked=("day", provider_id, service_id), make=make)


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

    async def make(day: Day, now: datetime) -> calendar.CalendarDay:
        lanes = days.desk_day(
            day,
            on=wanted,
            now=now,
            service_id=service_id,
            provider_id=provider_id,
            location_id=location_id,
        )
        booked = await days.booked_on(context.board, actor, lanes, wanted)
        zone = find_zone(day.catalog.clinic.timezone)
        noon = local_day(wanted, zone).end - timedelta(hours=12)
        return calendar.CalendarDay(
            date=wanted,
            providers=[shapes.lane(one, actor, noon, booked.get(one.provider.id, ())) for one in lanes],
            timezone=day.catalog.clinic.timezone,
            timezone_label=zone_label(zone, noon),
            fetched_at=now,
            seq=day.seq,
        )

    return await _answer(
        request, context, actor, wanted, asked=("desk", service_id, provider_id, location_id), make=make
    )


@post("/v1/availability/check", status_code=200, responses=answers(calendar.Verdict))
async def check(request: Req, context: Here, data: JSONBody[calendar.CheckRequest]) -> calendar.Verdict:
    """Judge one slot: every reason why not, what would help, and the nearest free ones."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    asking = Asking[None](actor=actor, now=context.now())
    provider = await clinics.provider(context.database, actor, data.provider_id)
    reasons, alternatives = await days.check(
        context.board,
        asking,
        provider_id=data.provider_id,
        service_id=data.service_id,
        start=parse_instant(data.start, provider.zone),
        patient_id=actor.booking_for(data.patient_id),
    )
    known = context.board.catalog(actor.clinic_id)
    return calendar.Verdict(
        available=not reasons,
        reasons=[calendar.Reason(code=why.code, message=why.message, fix=why.fix) for why in reasons],
        alternatives=shapes.timeslots(alternatives, known) if known else [],
    )


async def _answer(
    request: Req,
    context: Context,
    actor: Actor,
    on: date,
    *,
    asked: Hashable,
    make: Callable[[Day, datetime], Awaitable[object]],
) -> ASGIResponse:
    """Answer from what was made for the same sort of caller, while the day has not changed, for 15 s."""
    day = await context.board.day(actor.clinic_id, on)
    now = context.now()
    owners = day.answers.get("owners")
    if owners is None:
        owners = day.answers["owners"] = {row.owner for rows in day.busy.values() for row in rows}
    key = (asked, actor.is_staff, actor.sub if actor.sub in owners else None)
    made_at, tag, ready = day.answers.get(key, (None, b"", None))
    if made_at is None or now - made_at >= MAX_AGE:
        body = msgspec.json.encode(await make(day, now))
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {"Cache-Control": FOR_A_WHILE, "ETag": etag}
        tag = etag.encode()
        ready = ASGIResponse(body=body, headers=headers), ASGIResponse(status_code=304, headers=headers)
        day.answers[key] = (now, tag, ready)
    whole: ASGIResponse = ready[0]
    unchanged: ASGIResponse = ready[1]
    known = next((value for name, value in request.scope["headers"] if name == b"if-none-match"), None)
    return unchanged if known == tag else whole


ROUTES = (provider_availability, desk_day, check)
