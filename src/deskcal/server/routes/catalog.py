"""Services, providers and their schedules."""

from datetime import date
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.booking import Appointment
from deskcal.core.clinic import CancellationPolicy, Modality, Provider, Service
from deskcal.core.rota import from_weekly_form, to_weekly_form, week_of
from deskcal.flows import clinics
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_cursor, write_cursor
from deskcal.wire import catalog
from deskcal.wire.shape import Page

ServiceFilter = Annotated[
    UUID | None, QueryParameter(name="serviceId", description="Who offers this service.")
]
Query = Annotated[str | None, QueryParameter(name="query", description="Part of a name or specialty.")]


@post("/v1/services", responses=answers(catalog.Service, 201))
async def add_service(request: Req, context: Here, data: JSONBody[catalog.NewService]) -> Response[bytes]:
    """Add a service; providers offer it once they are given it."""
    own_clinic(request, Scope.CATALOG_WRITE)
    service = Service(
        id=INSTALLATION,
        title=data.title,
        description=data.description,
        duration_minutes=data.duration_minutes,
        slot_step_minutes=data.slot_step_minutes or data.duration_minutes,
        buffer_before_minutes=data.buffer_before_minutes,
        buffer_after_minutes=data.buffer_after_minutes,
        capacity=data.capacity,
        price_cents=data.price_cents,
        currency=data.currency,
        modality=Modality(data.modality),
        room_type=data.room_type,
        policy=CancellationPolicy(
            free_until_hours=data.cancellation_policy.free_until_hours,
            fee_cents=data.cancellation_policy.fee_cents,
            no_show_fee_cents=data.cancellation_policy.no_show_fee_cents,
        ),
    )
    return await change(
        request,
        context,
        lambda asking: clinics.add_service(context.database, asking, service),
        spell=shapes.service,
        data=data,
    )


@get("/v1/services", responses=answers(Page[catalog.Service]))
async def list_services(request: Req, context: Here) -> Page[catalog.Service]:
    """List the clinic's services by title."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return Page(items=[shapes.service(one) for one in await clinics.services(context.database, actor)])


@post("/v1/providers", responses=answers(catalog.Provider, 201))
async def add_provider(request: Req, context: Here, data: JSONBody[catalog.NewProvider]) -> Response[bytes]:
    """Add a provider, who works once hours are set."""
    own_clinic(request, Scope.CATALOG_WRITE)
    provider = Provider(
        id=INSTALLATION,
        name=data.name,
        timezone="",
        specialty=data.specialty,
        rating=data.rating,
        thumbnail_url=data.thumbnail_url,
        location_id=data.location_id,
        is_available=data.is_available,
        is_approved=data.is_approved,
        prices=MappingProxyType(dict.fromkeys(data.service_ids)),
    )
    return await change(
        request,
        context,
        lambda asking: clinics.add_provider(context.database, asking, provider),
        spell=shapes.provider,
        data=data,
    )


@get("/v1/providers", responses=answers(Page[catalog.Provider]))
async def list_providers(
    request: Req,
    context: Here,
    text: Query = None,
    specialty: FromQuery[str | None] = None,
    service_id: ServiceFilter = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[catalog.Provider]:
    """Search providers by name or specialty, whatever the accents and capitals."""
    found = await clinics.search_providers(
        context.database,
        own_clinic(request, Scope.AVAILABILITY_READ),
        query=text,
        specialty=specialty,
        service_id=service_id,
        after=read_cursor(cursor),
        limit=limit + 1,
    )
    more = write_cursor(found[limit - 1].name, found[limit - 1].id) if len(found) > limit else None
    return Page(items=[shapes.provider(one) for one in found[:limit]], next_cursor=more)


@get("/v1/providers/{provider_id:uuid}", responses=answers(catalog.Provider))
async def show_provider(request: Req, context: Here, provider_id: FromPath[UUID]) -> catalog.Provider:
    """Show one provider."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    return shapes.provider(await clinics.provider(context.database, actor, provider_id))


@get("/v1/providers/{provider_id:uuid}/services", responses=answers(Page[catalog.Service]))
async def provider_services(
    request: Req, context: Here, provider_id: FromPath[UUID]
) -> Page[catalog.Service]:
    """List what a provider offers, at the provider's prices, the usual service first."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    provider, services = await clinics.offered(context.database, actor, provider_id)
    return Page(items=[shapes.service(one, provider) for one in services])


@get("/v1/providers/{provider_id:uuid}/schedule", responses=answers(dict[str, Any]))
async def show_schedule(request: Req, context: Here, provider_id: FromPath[UUID]) -> dict[str, Any]:
    """Show the week as it holds now, in the weekly form."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    provider = await clinics.provider(context.database, actor, provider_id)
    return _week(provider, context.now().astimezone(provider.zone).date())


@put("/v1/providers/{provider_id:uuid}/schedule", status_code=200, responses=answers(dict[str, Any]))
async def set_schedule(
    request: Req, context: Here, provider_id: FromPath[UUID], data: JSONBody[catalog.Schedule]
) -> Response[bytes]:
    """Replace a provider's hours, for good or between dates; answers the appointments now outside them."""
    own_clinic(request, Scope.CATALOG_WRITE)
    form = msgspec.to_builtins(data)
    first, last = data.valid_from, data.valid_until
    days = {name: hours for name, hours in form.items() if isinstance(hours, dict)}
    openings = from_weekly_form(days)
    return await change(
        request,
        context,
        lambda asking: clinics.set_hours(
            context.database, asking, provider_id, openings, first=first, last=last
        ),
        spell=lambda made: _schedule(*made, first or context.now().astimezone(made[0].zone).date()),
        data=data,
        status=200,
    )


def _week(provider: Provider, on: date) -> dict[str, Any]:
    return dict(to_weekly_form(week_of(provider.openings, on)))


def _schedule(provider: Provider, outside: list[Appointment], on: date) -> dict[str, Any]:
    return _week(provider, on) | {"appointmentsOutside": [shapes.appointment(made) for made in outside]}


ROUTES = (
    add_service,
    list_services,
    add_provider,
    list_providers,
    show_provider,
    provider_services,
    show_schedule,
    set_schedule,
)
