"""Imports: files of patients, providers and appointments, row by row."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from deskcal.core.access import Actor, Scope
from deskcal.core.importing import Creatable, ImportKind, Line, OnConflict, Outcome, Terms, Verdict
from deskcal.core.refusals import Invalid
from deskcal.core.rota import parse_words
from deskcal.flows import import_undoing
from deskcal.flows import imports as flows
from deskcal.flows.asking import Asking
from deskcal.flows.import_undoing import Undone
from deskcal.server.changes import Req, change
from deskcal.server.clinic_of import own_clinic
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_place, write_cursor
from deskcal.store.imports import Import
from deskcal.wire import imports
from deskcal.wire.shape import Page

NEEDED = {
    ImportKind.PATIENTS: Scope.PATIENTS_WRITE,
    ImportKind.PROVIDERS: Scope.CATALOG_WRITE,
    ImportKind.APPOINTMENTS: Scope.APPOINTMENTS_WRITE,
}
OutcomeQuery = Annotated[imports.OutcomeName | None, QueryParameter(description="Those that ended so.")]
After = Annotated[int, QueryParameter(ge=0, description="The number of the last row already seen.")]


@post("/v1/imports", responses=answers(imports.Import, 201))
async def begin(request: Req, context: Here, data: JSONBody[imports.NewImport]) -> Response[bytes]:
    """Begin an import; the same file with the same mapping and terms goes on where it stopped."""
    terms = _terms(data.terms)
    _insist(own_clinic(request, Scope.PATIENTS_WRITE), terms)
    source = flows.Source(
        file_name=data.file_name,
        file_hash=data.file_hash,
        mapping=msgspec.to_builtins(data.mapping),
        terms=terms,
    )
    return await change(
        request,
        context,
        lambda asking: flows.begin(context.database, asking, source),
        spell=_import,
        data=data,
    )


@post("/v1/imports/check", status_code=200, responses=answers(imports.Verdicts))
async def check(request: Req, context: Here, data: JSONBody[imports.Check]) -> imports.Verdicts:
    """Say what would become of rows, as they stand together; nothing is kept."""
    terms = _terms(data.terms)
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    _insist(actor, terms)
    asking = Asking[list[Verdict]](actor=actor, now=context.now())
    return _verdicts(await flows.check(context.board, asking, terms, _lines(data.rows)))


@post("/v1/imports/{import_id:uuid}/rows", status_code=200, responses=answers(imports.Verdicts))
async def take(
    request: Req, context: Here, import_id: FromPath[UUID], data: JSONBody[imports.Rows]
) -> Response[bytes]:
    """Take the next rows in one transaction; rows that came before keep their verdicts."""
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    _insist(actor, (await flows.find(context.database, actor, import_id)).terms)
    return await change(
        request,
        context,
        lambda asking: flows.take(context.board, asking, import_id, _lines(data.rows)),
        spell=_verdicts,
        data=data,
        status=200,
    )


@post("/v1/imports/{import_id:uuid}/finish", status_code=200, responses=answers(imports.Import))
async def finish(request: Req, context: Here, import_id: FromPath[UUID]) -> Response[bytes]:
    """Say that the file has no more rows."""
    own_clinic(request, Scope.PATIENTS_WRITE)
    return await change(
        request,
        context,
        lambda asking: flows.finish(context.database, asking, import_id),
        spell=_import,
        status=200,
    )


@post("/v1/imports/{import_id:uuid}/revert", status_code=200, responses=answers(imports.Reverted))
async def revert(
    request: Req, context: Here, import_id: FromPath[UUID], data: JSONBody[imports.RevertRequest]
) -> Response[bytes]:
    """Take back a part of what an import made and nobody has touched since; ask again while there is more."""
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    _insist(actor, (await flows.find(context.database, actor, import_id)).terms)
    return await change(
        request,
        context,
        lambda asking: import_undoing.undo(context.board, asking, import_id, dry_run=data.dry_run),
        spell=_reverted,
        data=data,
        status=200,
    )


@get("/v1/imports", responses=answers(Page[imports.Import]))
async def list_imports(
    request: Req, context: Here, limit: Limit = 50, cursor: Cursor = None
) -> Page[imports.Import]:
    """List imports, the newest first."""
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    found = await flows.newest(context.database, actor, before=read_place(cursor), limit=limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[_import(one) for one in found[:limit]],
        next_cursor=write_cursor(last.created_at, last.id) if last else None,
    )


@get("/v1/imports/{import_id:uuid}", responses=answers(imports.Import))
async def show(request: Req, context: Here, import_id: FromPath[UUID]) -> imports.Import:
    """Show how far an import is, and what became of its rows."""
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    return _import(await flows.find(context.database, actor, import_id))


@get("/v1/imports/{import_id:uuid}/rows", responses=answers(imports.Verdicts))
async def rows(
    request: Req,
    context: Here,
    import_id: FromPath[UUID],
    outcome: OutcomeQuery = None,
    after: After = 0,
    limit: Limit = 200,
) -> imports.Verdicts:
    """List what became of rows, by number; go on after the last one seen."""
    actor = own_clinic(request, Scope.PATIENTS_WRITE)
    found = await flows.verdicts(
        context.database,
        actor,
        import_id,
        outcome=Outcome(outcome) if outcome else None,
        after=after,
        limit=limit,
    )
    return _verdicts(found)


def _insist(actor: Actor, terms: Terms) -> None:
    """Raise NotAllowed for who could not do by hand what the rows do."""
    actor.require(NEEDED[terms.kind])
    if terms.create - {Creatable.PATIENTS}:
        actor.require(Scope.CATALOG_WRITE)


def _terms(data: imports.Terms) -> Terms:
    spread = None
    if data.spread is not None:
        try:
            [opening] = parse_words(["mon", f"{data.spread.start}-{data.spread.end}"])
        except Invalid as refusal:
            raise Invalid(("spread", refusal.fields[0][1])) from refusal
        spread = (opening.opens, opening.closes)
    return Terms(
        kind=ImportKind(data.kind),
        dates=data.dates,
        spread=spread,
        more_providers=data.more_providers,
        create=frozenset(map(Creatable, data.create)),
        on_conflict=OnConflict(data.on_conflict),
        outside_hours=data.outside_hours == "allow",
    )


def _lines(rows_: list[imports.Row]) -> list[Line]:
    return [Line(number=row.number, values=row.values) for row in rows_]


def _verdicts(found: list[Verdict]) -> imports.Verdicts:
    return imports.Verdicts(
        verdicts=[
            imports.Verdict(
                number=one.number,
                outcome=one.outcome.value,
                id=one.id,
                start=one.start,
                field=one.field,
                reason=one.reason,
            )
            for one in found
        ]
    )


def _import(found: Import) -> imports.Import:
    return imports.Import(
        id=found.id,
        kind=found.kind.value,
        file_name=found.file_name,
        state=found.state,
        taken=found.taken,
        **{outcome.value: found.counts.get(outcome, 0) for outcome in Outcome},
        on_conflict=found.terms.on_conflict.value,
        created_at=found.created_at,
        updated_at=found.updated_at,
    )


def _reverted(undone: Undone) -> imports.Reverted:
    return imports.Reverted(
        appointments=undone.gone.get("appointment", 0),
        patients=undone.gone.get("patient", 0),
        providers=undone.gone.get("provider", 0),
        services=undone.gone.get("service", 0),
        locations=undone.gone.get("location", 0),
        staying=[
            imports.Staying(kind=one.kind, id=one.id, reason=one.kept_because or "") for one in undone.stays
        ],
        more=undone.more,
    )


ROUTES = (begin, check, take, finish, revert, list_imports, show, rows)
