"""What changes of clocks touch: for admins and ops."""

from datetime import timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from litestar import get
from litestar.params import QueryParameter

from deskcal.core.access import Scope
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Provider, Room
from deskcal.core.clock_change import ClockChange
from deskcal.core.localtime import abbreviation
from deskcal.flows import clock_changes as flows
from deskcal.flows.clock_changes import HoursTouched, OtherTime, Rehearsal, Rehearsed, Thing
from deskcal.server.changes import Req
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.store.zone_data import copies
from deskcal.wire import clock_changes as wire

MINUTE = timedelta(minutes=1)
Year = Annotated[int | None, QueryParameter(ge=1970, le=2198, description="All of it; else the next one.")]
Zone = Annotated[str | None, QueryParameter(description="One zone only; else all that the clinic works in.")]


@get("/v1/admin/clock-changes", responses=answers(wire.Rehearsal))
async def rehearse_clock_changes(
    request: Req, context: Here, zone: Zone = None, year: Year = None
) -> wire.Rehearsal:
    """Say which hours and appointments the next change of clocks touches, and what other zone data would."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    found = await flows.rehearse(
        context.database, actor, context.now(), zone=zone, year=year, copies=copies()
    )
    return wire.Rehearsal(
        zones=list(found.zones),
        changes=[_change(one) for one in found.changes],
        zone_data=_zone_data(found),
    )


def _change(found: Rehearsed) -> wire.ClockChange:
    change = found.change
    start, end = change.wall
    return wire.ClockChange(
        zone=change.zone.key,
        kind="forward" if change.forward else "back",
        at=change.at,
        date=change.day,
        day_minutes=change.day_minutes,
        wall_start=start.isoformat(),
        wall_end=end.isoformat(),
        name_before=abbreviation(change.zone, change.at - MINUTE),
        name_after=abbreviation(change.zone, change.at),
        hours=[_hours(one) for one in found.hours],
        appointments=[_appointment(one, change.zone, change) for one in found.appointments],
    )


def kind_of(thing: Thing) -> Literal["provider", "room", "equipment"]:
    """Name the sort of thing that has hours."""
    match thing:
        case Provider():
            return "provider"
        case Room():
            return "room"
    return "equipment"


def _hours(one: HoursTouched) -> wire.HoursTouched:
    return wire.HoursTouched(
        kind=kind_of(one.thing),
        resource_id=one.unit.id if one.unit else one.thing.id,
        name=f"{one.thing.name} {one.unit.number}" if one.unit else one.thing.name,
        window_id=one.window.id if one.window else None,
        window_kind=one.window.kind.value if one.window else None,
        recurs=one.window is None or one.window.rule is not None,
        start=one.touched.start.isoformat(),
        end=one.touched.end.isoformat(),
        wall_minutes=one.touched.wall_minutes,
        minutes=one.touched.minutes,
        edge_inside=one.touched.edge_inside,
    )


def _appointment(
    made: Appointment, zone: ZoneInfo, change: ClockChange | None = None
) -> wire.AppointmentTouched:
    return wire.AppointmentTouched(
        id=made.id,
        reference=made.reference,
        provider_id=made.provider_id,
        provider_name=made.provider_name,
        start=made.span.start.astimezone(zone),
        end=made.span.end.astimezone(zone),
        across=change is not None and made.span.start < change.at < made.span.end,
        series_id=made.series_id,
    )


def _zone_data(found: Rehearsal) -> list[wire.ZoneData]:
    differences = [[], *found.others]
    return [
        wire.ZoneData(
            version=copy.version,
            place=copy.place,
            in_use=copy is found.copies[0],
            differences=[_other_time(one) for one in some],
        )
        for copy, some in zip(found.copies, differences, strict=True)
    ]


def _other_time(one: OtherTime) -> wire.OtherTime:
    return wire.OtherTime(
        zone=one.zone,
        start=one.span.start,
        end=one.span.end,
        offset_minutes=one.offset // MINUTE,
        then_minutes=one.then // MINUTE,
        appointments=[_appointment(made, ZoneInfo(one.zone)) for made in one.appointments],
    )


ROUTES = (rehearse_clock_changes,)
