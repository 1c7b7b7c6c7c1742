"""Providers, what they offer and when they work."""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Preference, Provider
from deskcal.core.refusals import Invalid
from deskcal.core.rota import from_weekly_form, read_stretch, to_weekly_form, wall_time, week_of
from deskcal.flows import delays
from deskcal.flows import providers as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_cursor, write_cursor
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import catalog
from deskcal.wire.delays import Delay, NewDelay
from deskcal.wire.shape import Page

ServiceFilter = Annotated[
    UUID | None, QueryParameter(name="serviceId", description="Who offers this service.")
]
Query = Annotated[str | None, QueryParameter(name="query", description="Part of a name or specialty.")]


@post("/v1/providers", responses=answers(catalog.Provider, 201))
async def add_provider(request: Req, context: Here, data: JSONBody[catalog.NewProvider]) -> Response[bytes]:
    """Add a provider, who works once hours are set."""
    own_clinic(request, Scope.CATALOG_WRITE)
    own = _prices(data.prices)
    if not own.keys() <= set(data.service_ids):
        raise Invalid(("prices", "a price is for a service that serviceIds names"))
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
        daily_maximum=data.daily_maximum,
        preferences=_preferences(data.preferences),
        prices=MappingProxyType({id_: own.get(id_) for id_ in data.service_ids}),
    )
    return await change(
        request,
        context,
        lambda asking: flows.add(context.database, asking, provider),
        spell=_whole,
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
    found = await flows.search(
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
async def show_provider(request: Req, context: Here, provider_id: FromPath[UUID]) -> Response[bytes]:
    """Show one provider, to staff with what they like; the ETag is what a change must match."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    found = await flows.find(context.database, actor, provider_id)
    return shown(request, _whole(found) if actor.is_staff else shapes.provider(found))


@patch("/v1/providers/{provider_id:uuid}", responses=answers(catalog.Provider))
async def change_provider(
    request: Req, context: Here, provider_id: FromPath[UUID], data: JSONBody[catalog.ProviderChange]
) -> Response[bytes]:
    """Change a provider, if it still is the version of If-Match; appointments stay as they were booked."""
    own_clinic(request, Scope.CATALOG_WRITE)
    version, changes = seen_version(request), given(data)
    offers, prices = changes.pop("service_ids", None), _prices(changes.pop("prices", ()))
    if "preferences" in changes:
        changes["preferences"] = _preferences(changes["preferences"])
    return await change(
        request,
        context,
        lambda asking: flows.change(
            context.database, asking, provider_id, changes, offers=offers, prices=prices, version=version
        ),
        spell=_whole,
        data=data,
        status=200,
    )


@get("/v1/providers/{provider_id:uuid}/services", responses=answers(Page[catalog.Service]))
async def provider_services(
    request: Req, context: Here, provider_id: FromPath[UUID]
) -> Page[catalog.Service]:
    """List what a provider offers, at the provider's prices, the usual service first."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    provider, services = await flows.offered(context.database, actor, provider_id)
    return Page(items=[shapes.service(one, provider) for one in services])


@get("/v1/providers/{provider_id:uuid}/schedule", responses=answers(dict[str, Any]))
async def show_schedule(request: Req, context: Here, provider_id: FromPath[UUID]) -> dict[str, Any]:
    """Show the week as it holds now, in the weekly form."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    provider = await flows.find(context.database, actor, provider_id)
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
        lambda asking: flows.set_hours(
            context.database, asking, provider_id, openings, first=first, last=last, dry_run=data.dry_run
        ),
        spell=lambda made: _schedule(*made, first or context.now().astimezone(made[0].zone).date()),
        data=data,
        status=200,
    )


@put("/v1/providers/{provider_id:uuid}/delay", status_code=200, responses=answers(Delay))
async def note_delay(
    request: Req, context: Here, provider_id: FromPath[UUID], data: JSONBody[NewDelay]
) -> Response[bytes]:
    """Note how many minutes late a provider runs on a local day, for all staff to see; 0 takes it back."""
    own_clinic(request, Scope.APPOINTMENTS_WRITE)
    return await change(
        request,
        context,
        lambda asking: delays.note(
            context.database, asking, provider_id, data.minutes, day=data.day, client=data.client_id
        ),
        spell=shapes.delay,
        data=data,
        status=200,
    )


def _prices(asked: Iterable[catalog.OwnPrice]) -> dict[UUID, int | None]:
    return {one.service_id: one.price_cents for one in asked}


def _preferences(asked: Iterable[catalog.Preference]) -> tuple[Preference, ...]:
    return tuple(
        Preference(
            service_id=liked.service_id,
            room_ids=tuple(liked.room_ids),
            times=tuple(read_stretch(msgspec.to_builtins(one), "preferences.times") for one in liked.times),
            weight=liked.weight,
        )
        for liked in asked
    )


def _whole(found: Provider) -> catalog.Provider:
    """Spell a provider with what they like, which is for staff."""
    spelled = shapes.provider(found)
    spelled.preferences = [
        catalog.Preference(
            service_id=liked.service_id,
            room_ids=list(liked.room_ids),
            times=[
                catalog.Times(start=wall_time(opens), end=wall_time(closes)) for opens, closes in liked.times
            ],
            weight=liked.weight,
        )
        for liked in found.preferences
    ]
    return spelled


def _week(provider: Provider, on: date) -> dict[str, Any]:
    return dict(to_weekly_form(week_of(provider.openings, on)))


def _schedule(provider: Provider, outside: list[Appointment], on: date) -> dict[str, Any]:
    return _week(provider, on) | {"appointmentsOutside": [shapes.appointment(made) for made in outside]}


ROUTES = (
    add_provider,
    list_providers,
    show_provider,
    change_provider,
    provider_services,
    show_schedule,
    set_schedule,
    note_delay,
)
