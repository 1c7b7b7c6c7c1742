"""Series of appointments: booked by a rule, shown, and canceled together."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core import series as core
from deskcal.core.access import Scope
from deskcal.core.booking import Mode
from deskcal.core.localtime import edge, find_zone, midnight, parse_date, parse_local
from deskcal.flows import providers
from deskcal.flows import series as flows
from deskcal.flows.book import Order
from deskcal.server import shapes, verdicts
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic, path_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import series
from deskcal.wire.booking import Canceled

DATE_LENGTH = len("2026-03-09")


@post(
    "/v1/clinics/{clinic_id:uuid}/series",
    responses={**answers(series.SeriesBooked, 201), **answers(series.SeriesJudged)},
)
async def create(
    request: Req, context: Here, clinic_id: FromPath[UUID], data: JSONBody[series.NewSeries]
) -> Response[bytes]:
    """Book a series, or with `dryRun` judge what would come of it: for staff."""
    actor = path_clinic(request, clinic_id, Scope.APPOINTMENTS_WRITE)
    provider = await providers.find(context.database, actor, data.provider_id)
    wish = flows.Wish(
        first=Order(
            patient_id=data.patient_id,
            provider_id=data.provider_id,
            service_id=data.service_id,
            start=parse_local(data.start, provider.zone),
            room_id=data.room_id,
            mode=Mode(data.mode) if data.mode else None,
            notes=data.notes,
        ),
        rule=data.recurrence_rule,
        skip=data.on_conflict == "skip",
        dry_run=data.dry_run,
    )

    def spell(made: flows.Outcome) -> series.SeriesBooked | series.SeriesJudged:
        if wish.dry_run:
            known = context.board.catalog(clinic_id)
            return series.SeriesJudged(verdicts=[verdicts.judged(one, known) for one in made.verdicts])
        return series.SeriesBooked(
            series=_series(made.series),
            booked=[shapes.appointment(one) for one in made.booked],
            refused=[verdicts.refused_start(one) for one in made.verdicts if not one.available],
        )

    return await change(
        request,
        context,
        lambda asking: flows.book_series(context.board, asking, wish),
        spell=spell,
        data=data,
        status=200 if wish.dry_run else 201,
    )


@get("/v1/series/{series_id:uuid}", responses=answers(series.SeriesShown))
async def show(request: Req, context: Here, series_id: FromPath[UUID]) -> series.SeriesShown:
    """Show a series with all its appointments."""
    actor = own_clinic(request, Scope.APPOINTMENTS_READ)
    found, made = await flows.find(context.database, actor, series_id)
    return series.SeriesShown(series=_series(found), appointments=[shapes.shown(one, actor) for one in made])


@post("/v1/series/{series_id:uuid}/cancel", status_code=200, responses=answers(series.SeriesCanceled))
async def cancel(
    request: Req, context: Here, series_id: FromPath[UUID], data: JSONBody[series.CancelSeriesRequest]
) -> Response[bytes]:
    """Cancel the rest of a series, each appointment at the fee of its own policy."""
    actor = own_clinic(request, Scope.BOOKING_WRITE)
    found, _ = await flows.find(context.database, actor, series_id)
    since = _since(data.since, find_zone(found.timezone)) if data.since else None
    return await change(
        request,
        context,
        lambda asking: flows.cancel_rest(
            context.board, asking, series_id, since=since, reason=data.reason, waive_fee=data.waive_fee
        ),
        spell=lambda gone: series.SeriesCanceled(
            canceled=[
                Canceled(
                    appointment=shapes.shown(one, actor),
                    fee_cents=one.charged_cents,
                    refund_cents=one.refunded_cents,
                )
                for one in gone
            ]
        ),
        data=data,
        status=200,
    )


def _since(text: str, zone: ZoneInfo) -> datetime:
    if len(text) == DATE_LENGTH:
        return midnight(parse_date(text, field="from"), zone)
    return parse_local(text, zone, field="from")


def _series(found: core.Series) -> series.Series:
    zone = find_zone(found.timezone)
    return series.Series(
        id=found.id,
        patient_id=found.patient_id,
        provider_id=found.provider_id,
        service_id=found.service_id,
        room_id=found.room_id,
        rule=found.rule,
        start=edge(found.start, zone).astimezone(zone),
        timezone=found.timezone,
        created_at=found.created_at,
    )


ROUTES = (create, show, cancel)
