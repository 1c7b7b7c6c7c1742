"""The Litestar application of one server process."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import SwaggerRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from deskcal import __version__
from deskcal.server.authentication import AuthenticationMiddleware, Authenticator
from deskcal.server.context import Context
from deskcal.server.failures import HANDLERS
from deskcal.server.openapi import openapi_json
from deskcal.server.realtime import realtime
from deskcal.server.routes import (
    aggregates,
    appointments,
    auth,
    bookings,
    calendar,
    calendars,
    clinics,
    clock_changes,
    closures,
    equipment,
    explain,
    health,
    imports,
    jobs,
    locations,
    log,
    managing,
    parked,
    patients,
    plans,
    providers,
    replay,
    reports,
    reservations,
    retiring,
    rezoning,
    rooms,
    rules,
    search,
    series,
    services,
    together,
    users,
    waitlist,
    windows,
)
from deskcal.server.tracing import RequestIdMiddleware

ROUTES = (
    *health.ROUTES,
    *auth.ROUTES,
    *users.ROUTES,
    *clinics.ROUTES,
    *locations.ROUTES,
    *rooms.ROUTES,
    *equipment.ROUTES,
    *services.ROUTES,
    *providers.ROUTES,
    *retiring.ROUTES,
    *rules.ROUTES,
    *windows.ROUTES,
    *plans.ROUTES,
    *closures.ROUTES,
    *calendar.ROUTES,
    *aggregates.ROUTES,
    *search.ROUTES,
    *reservations.ROUTES,
    *bookings.ROUTES,
    *appointments.ROUTES,
    *managing.ROUTES,
    *series.ROUTES,
    *together.ROUTES,
    *calendars.ROUTES,
    *waitlist.ROUTES,
    *jobs.ROUTES,
    *patients.ROUTES,
    *imports.ROUTES,
    *log.ROUTES,
    *reports.ROUTES,
    *explain.ROUTES,
    *replay.ROUTES,
    *parked.ROUTES,
    *clock_changes.ROUTES,
    *rezoning.ROUTES,
    openapi_json,
    realtime,
)

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


def create_app(context: Context, *, lifespan: Sequence[Lifespan] = ()) -> Litestar:
    """Put the routes together around one context, whose connections open and close with the application."""
    authenticator = Authenticator(context)

    @asynccontextmanager
    async def connections(_app: Litestar) -> AsyncIterator[None]:
        await context.database.open()
        try:
            yield
        finally:
            await context.database.close()

    def give(value: Any) -> Provide:
        return Provide(lambda: value, sync_to_thread=False)

    return Litestar(
        ROUTES,
        dependencies={"context": give(context), "authenticator": give(authenticator)},
        middleware=[
            RequestIdMiddleware,
            DefineMiddleware(AuthenticationMiddleware, authenticator=authenticator),
        ],
        exception_handlers=HANDLERS,
        lifespan=[connections, *lifespan],
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="deskcal",
            version=__version__,
            path="/v1/docs",
            use_handler_docstrings=True,
            render_plugins=[SwaggerRenderPlugin(path="/")],
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"token": []}],
        ),
    )
