"""Boards compared with the log and the database: for admins and ops."""

from litestar import Response, post
from litestar.params import JSONBody

from deskcal.core.access import Scope
from deskcal.core.localtime import parse_date
from deskcal.flows import replay
from deskcal.flows.replay import Difference, Replay, Wanted
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.wire import operating


@post("/v1/admin/replay", status_code=200, responses=answers(operating.Replayed))
async def replay_boards(
    request: Req, context: Here, data: JSONBody[operating.ReplayRequest]
) -> Response[bytes]:
    """Rebuild boards from the log and from the database, and say where they and the live one differ.

    Unless it is a check, every server process reads these days anew.
    """
    own_clinic(request, Scope.CATALOG_WRITE)
    wanted = Wanted(
        provider_id=data.provider_id,
        first=data.from_ and parse_date(f"{data.from_}", field="from"),
        last=data.to and parse_date(f"{data.to}", field="to"),
        most_days=data.days,
        check=data.check,
    )
    return await change(
        request,
        context,
        lambda asking: replay.replay(context.board, asking, wanted),
        spell=lambda found: _spelled(found, wanted),
        data=data,
        status=200,
    )


def _spelled(found: Replay, wanted: Wanted) -> operating.Replayed:
    return operating.Replayed(
        seq=found.seq,
        from_=found.first,
        to=found.last,
        until=found.until,
        next_from=found.then,
        same=not (found.differences or found.lost),
        repaired=not wanted.check,
        live_days=found.live_days,
        lost=list(found.lost),
        drift=[_drift(one) for one in found.differences],
    )


def _drift(one: Difference) -> operating.Drift:
    span = one.drift.span
    return operating.Drift(
        date=one.day,
        kind=one.kind,
        resource_id=one.drift.resource_id,
        name=one.name,
        what=one.drift.what,
        start=span.start.astimezone(one.zone),
        end=span.end.astimezone(one.zone),
        said_by=list(one.drift.said_by),
        not_by=list(one.drift.not_by),
    )


ROUTES = (replay_boards,)
