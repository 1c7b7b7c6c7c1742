"""Availability windows: when a provider, a room or equipment is there or away, besides the weekly hours."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, delete, get, post
from litestar.params import FromPath, JSONBody

from deskcal.core import window as core
from deskcal.core.access import INSTALLATION, Scope
from deskcal.core.localtime import edge, parse_date, parse_instant
from deskcal.core.refusals import Invalid
from deskcal.flows import foreign
from deskcal.flows import windows as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.store.schedule_windows import ResourceKind
from deskcal.wire import windows
from deskcal.wire.shape import Page

KINDS: dict[str, ResourceKind] = {"providers": "provider", "rooms": "room", "equipment": "equipment"}
PATHS = [f"/v1/{things}/{{resource_id:uuid}}/windows" for things in KINDS]
DAY = timedelta(days=1)


@get(PATHS, responses=answers(Page[windows.Window]))
async def list_windows(request: Req, context: Here, resource_id: FromPath[UUID]) -> Page[windows.Window]:
    """List the windows of a provider, a room, a pool of equipment or one unit, by start."""
    actor = own_clinic(request, Scope.AVAILABILITY_READ)
    zone, found = await flows.every(context.database, actor, _kind(request), resource_id)
    return Page(items=[_window(one, zone, private=actor.is_staff) for one in found])


@post(PATHS, responses=answers(windows.WindowChanged, 201))
async def add_window(
    request: Req, context: Here, resource_id: FromPath[UUID], data: JSONBody[windows.NewWindow]
) -> Response[bytes]:
    """Add a window, once or recurring; answers the coming appointments that it clashes with."""
    actor = own_clinic(request, Scope.CATALOG_WRITE)
    zone, _ = await flows.every(context.database, actor, _kind(request), resource_id)
    window = _read(data, zone)
    return await change(
        request,
        context,
        lambda asking: flows.add(context.database, asking, _kind(request), resource_id, window),
        spell=_changed,
        data=data,
    )


@delete(
    [f"{path}/{{window_id:uuid}}" for path in PATHS],
    status_code=200,
    responses=answers(windows.WindowChanged),
)
async def remove_window(
    request: Req, context: Here, resource_id: FromPath[UUID], window_id: FromPath[UUID]
) -> Response[bytes]:
    """Remove a window; answers the coming appointments that are outside the hours without it."""
    own_clinic(request, Scope.CATALOG_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.remove(context.database, asking, _kind(request), resource_id, window_id),
        spell=_changed,
        status=200,
    )


@post("/v1/providers/{provider_id:uuid}/windows/import", responses=answers(windows.CalendarImported, 201))
async def import_calendar(
    request: Req, context: Here, provider_id: FromPath[UUID], data: JSONBody[windows.NewCalendarImport]
) -> Response[bytes]:
    """Make the busy times of another calendar windows; the same event again takes the place of its own."""
    own_clinic(request, Scope.CATALOG_WRITE)
    source = foreign.Source(
        text=data.text,
        first=parse_date(data.first, field="from") if data.first else None,
        last=parse_date(data.until, field="until") if data.until else None,
        replaces=data.replace,
        keep_titles=data.keep_titles,
    )
    return await change(
        request,
        context,
        lambda asking: foreign.import_calendar(
            context.database, asking, provider_id, source, dry_run=data.dry_run
        ),
        spell=_imported,
        data=data,
    )


def _kind(request: Req) -> ResourceKind:
    return KINDS[request.url.path.split("/")[2]]


def _read(data: windows.NewWindow, zone: ZoneInfo) -> core.Window:
    """Read a window onto the wall clock of its resource."""
    if data.all_day:
        first, last = (
            parse_date(text, field=side) for side, text in (("start", data.start), ("end", data.end))
        )
        start, end = datetime.combine(first, time()), datetime.combine(last, time()) + DAY
        backwards = "the last day is before the first"
    else:
        start, end = (_wall(text, zone, side) for side, text in (("start", data.start), ("end", data.end)))
        backwards = f"it is not after the start on the clocks of {zone.key}"
    if end <= start:
        raise Invalid(("end", backwards))
    rule = data.recurrence_rule
    return core.Window(
        id=INSTALLATION,
        kind=core.WindowKind(data.kind),
        start=start,
        end=end,
        all_day=data.all_day,
        rule=None if rule is None else core.read_rule(rule, start, all_day=data.all_day, zone=zone),
        reason=data.reason,
    )


def _wall(text: str, zone: ZoneInfo, side: str) -> datetime:
    at = parse_instant(text, zone, field=side).astimezone(zone).replace(tzinfo=None)
    if at.second or at.microsecond:
        raise Invalid((side, f"{text} is not a whole minute"))
    return at


def _changed(done: flows.Changed) -> windows.WindowChanged:
    return windows.WindowChanged(
        window=_window(done.window, done.zone, private=True),
        appointments=[shapes.appointment(one) for one in done.appointments],
    )


def _imported(done: foreign.Imported) -> windows.CalendarImported:
    return windows.CalendarImported(
        events=[
            windows.ImportedEvent(
                uid=one.uid,
                line=one.line,
                verdict=one.verdict,
                reason=one.why,
                start=one.windows[0].start.isoformat() if one.windows else None,
                windows=len(one.windows),
            )
            for one in done.events
        ],
        appointments=[shapes.appointment(one) for one in done.appointments],
    )


def _window(found: core.Window, zone: ZoneInfo, *, private: bool) -> windows.Window:
    return windows.Window(
        id=found.id,
        kind=found.kind.value,
        start=_said(found.start, found, zone),
        end=_said(found.end - DAY if found.all_day else found.end, found, zone),
        all_day=found.all_day,
        recurrence_rule=found.rule,
        reason=found.reason if private else None,
        source=found.source,
    )


def _said(at: datetime, window: core.Window, zone: ZoneInfo) -> str:
    return str(at.date()) if window.all_day else edge(at, zone).astimezone(zone).isoformat()


ROUTES = (list_windows, add_window, remove_window, import_calendar)
