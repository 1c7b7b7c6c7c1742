"""Reports of a clinic, for its front desk and its admins."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get
from litestar.params import QueryParameter

from deskcal.core.access import Actor, Scope
from deskcal.core.localtime import parse_date
from deskcal.core.report import Attendance, Counts, Step, Use
from deskcal.flows import reports as flows
from deskcal.flows.reports import Asked
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.routes.calendar import OptionalLocation, OptionalProvider, OptionalService
from deskcal.wire import reports

First = Annotated[
    str | None, QueryParameter(name="from", description="A local date; four weeks before `to` if not given.")
]
Last = Annotated[str | None, QueryParameter(name="to", description="A local date, included; else today.")]
Per = Annotated[Literal["day", "week"], QueryParameter(description="What has a row of its own.")]


@get("/v1/reports/volume", responses=answers(reports.VolumeReport))
async def volume(
    request: Req,
    context: Here,
    first: First = None,
    last: Last = None,
    provider_id: OptionalProvider = None,
    location_id: OptionalLocation = None,
    service_id: OptionalService = None,
    per: Per = "day",
) -> reports.VolumeReport:
    """Count what was booked for each day or week, and what became of it."""
    actor, asked = _asked(request, first, last, provider_id, location_id, service_id)
    found = await flows.volume(context.board, actor, asked, context.now(), step=Step(per))
    return reports.VolumeReport(
        from_=found.period.first,
        to=found.period.last,
        per=per,
        rows=[reports.VolumeRow(date=day, **asdict(row)) for day, row in found.rows.items()],
        total=reports.VolumeCounts(**asdict(sum(found.rows.values(), Counts()))),
    )


@get("/v1/reports/no-shows", responses=answers(reports.NoShowReport))
async def no_shows(
    request: Req,
    context: Here,
    first: First = None,
    last: Last = None,
    provider_id: OptionalProvider = None,
    location_id: OptionalLocation = None,
    service_id: OptionalService = None,
) -> reports.NoShowReport:
    """Count who came and who did not: by provider, weekday, and days since it was booked."""
    actor, asked = _asked(request, first, last, provider_id, location_id, service_id)
    found = await flows.no_shows(context.board, actor, asked, context.now())
    rows = [_attendance(row) for row in found.rows]
    return reports.NoShowReport(from_=found.period.first, to=found.period.last, rows=rows)


@get("/v1/reports/utilization", responses=answers(reports.UtilizationReport))
async def utilization(
    request: Req,
    context: Here,
    first: First = None,
    last: Last = None,
    provider_id: OptionalProvider = None,
    location_id: OptionalLocation = None,
    service_id: OptionalService = None,
) -> reports.UtilizationReport:
    """Measure what is booked of what each provider has open on each date."""
    actor, asked = _asked(request, first, last, provider_id, location_id, service_id)
    found = await flows.utilization(context.board, actor, asked, context.now())
    return reports.UtilizationReport(
        from_=found.period.first,
        to=found.period.last,
        rows=[
            reports.UseRow(date=day, provider_id=one.id, provider_name=one.name, **_minutes(use))
            for one, day, use in found.rows
        ],
        total=reports.UseCounts(**_minutes(sum((use for _, _, use in found.rows), Use()))),
        left_out=reports.UseLeftOut(**asdict(found.left_out)),
    )


@get("/v1/reports/peak-hours", responses=answers(reports.PeakHoursReport))
async def peak_hours(
    request: Req,
    context: Here,
    first: First = None,
    last: Last = None,
    provider_id: OptionalProvider = None,
    location_id: OptionalLocation = None,
    service_id: OptionalService = None,
) -> reports.PeakHoursReport:
    """Count what starts in each hour of each weekday."""
    actor, asked = _asked(request, first, last, provider_id, location_id, service_id)
    found = await flows.peak_hours(context.board, actor, asked, context.now())
    return reports.PeakHoursReport(
        from_=found.period.first,
        to=found.period.last,
        rows=[
            reports.PeakHour(weekday=weekday, hour=hour, booked=booked)
            for (weekday, hour), booked in found.rows.items()
        ],
        total=sum(found.rows.values()),
        canceled=found.canceled,
    )


def _asked(
    request: Req,
    first: str | None,
    last: str | None,
    provider_id: UUID | None,
    location_id: UUID | None,
    service_id: UUID | None,
) -> tuple[Actor, Asked]:
    return own_clinic(request, Scope.REPORTS_READ), Asked(
        first=parse_date(first, field="from") if first else None,
        last=parse_date(last, field="to") if last else None,
        provider_id=provider_id,
        location_id=location_id,
        service_id=service_id,
    )


def _attendance(row: Attendance) -> reports.NoShowRow:
    return reports.NoShowRow(**asdict(row) | {"by": row.by.value}, rate=row.rate)


def _minutes(use: Use) -> dict[str, Any]:
    return {
        "open_minutes": use.opened,
        "booked_minutes": use.booked,
        "outside_minutes": use.outside,
        "rate": use.rate,
    }


ROUTES = (volume, no_shows, utilization, peak_hours)
