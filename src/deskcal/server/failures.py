"""What is raised in a route becomes a problem; nothing of the inside gets out."""

import re
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)

from deskcal.core.access import Actor
from deskcal.core.refusals import Refusal
from deskcal.server import problems
from deskcal.store.answers import Kept
from deskcal.store.database import Unavailable, Unstorable
from deskcal.wire.problem import FieldError, Problem

logger = structlog.get_logger()

UNKNOWN_FIELD = re.compile(r"unknown field `(\w+)`")
MISSING_FIELD = re.compile(r"missing required field `(\w+)`")
NO_PARAMETER = re.compile(r"Missing required query parameter '(\w+)'")
PATTERN = re.compile(r"Expected `str` matching regex.*")
SNAKE = re.compile(r"_(\w)")
NO_BODY = "'data'"
PATH = re.compile(r" - at `\$\.?([\w.\[\]]*)`")

Anyone = Request[Actor, object, object]  # type: ignore[type-var]


def _response(kept: Kept, retry_after: int | None = None) -> Response[bytes]:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Response(kept.body, status_code=kept.status, media_type=problems.MEDIA_TYPE, headers=headers)


def _problem(
    status: int, error: str, title: str, detail: str, errors: list[FieldError] | None = None
) -> Kept:
    said = Problem(
        title=title,
        status=status,
        error=error,
        detail=detail,
        type=problems.type_of(error),
        errors=errors,
    )
    return Kept(status=status, body=msgspec.json.encode(said))


def refused(request: Anyone, refusal: Refusal) -> Response[bytes]:
    """Say no, with all facts."""
    actor = request.scope.get("user")
    board = request.app.state.context.board
    catalog = board.catalog(actor.clinic_id) if isinstance(actor, Actor) else None
    said = problems.spell(refusal, catalog)
    return _response(Kept(status=said.status, body=msgspec.json.encode(said)), said.retry_after)


def invalid(_request: Anyone, error: ClientException) -> Response[bytes]:
    """Say which field cannot be used."""
    extra = error.extra if isinstance(error, ValidationException) and isinstance(error.extra, list) else []
    errors = [_field(str(one.get("message")), one.get("key")) for one in extra if isinstance(one, dict)]
    errors = errors or [_field(str(error.detail), None)]
    detail = "; ".join(f"{one.field}: {one.message}" for one in errors)
    return _response(_problem(400, "VALIDATION_FAILED", "This request cannot be used", detail, errors))


def _field(message: str, key: str | None) -> FieldError:
    unknown, path = UNKNOWN_FIELD.search(message), PATH.search(message)
    missing = MISSING_FIELD.search(message) or NO_PARAMETER.search(message)
    if message == NO_BODY:
        return FieldError(field="body", message="is missing; send {} if there is nothing to say")
    message = PATTERN.sub("it is blank, or not in the form that this field has", message)
    if unknown:
        return FieldError(field=unknown[1], message="there is no such field")
    if missing:
        return FieldError(field=missing[1], message="is missing")
    if path:
        return FieldError(field=path[1] or "body", message=PATH.sub("", message))
    return FieldError(field=SNAKE.sub(lambda found: found[1].upper(), key or "body"), message=message)


def unknown_route(request: Anyone, _error: NotFoundException) -> Response[bytes]:
    return _response(_problem(404, "NOT_FOUND", "Not found", f"There is nothing at {request.url.path}."))


def wrong_method(request: Anyone, _error: MethodNotAllowedException) -> Response[bytes]:
    detail = f"{request.method} is not for {request.url.path}."
    return _response(_problem(405, "METHOD_NOT_ALLOWED", "Wrong method", detail))


def other_http(_request: Anyone, error: HTTPException) -> Response[bytes]:
    return _response(
        _problem(error.status_code, "VALIDATION_FAILED", "This request cannot be used", error.detail)
    )


def database_away(_request: Anyone, error: Exception) -> Response[bytes]:
    logger.warning("database_away", error=type(error).__name__)
    return _response(Kept(status=503, body=problems.UNAVAILABLE), problems.RETRY_AFTER["UNAVAILABLE"])


def unstorable(_request: Anyone, _error: Exception) -> Response[bytes]:
    """Say that PostgreSQL cannot keep a text, such as one with a NUL in it."""
    detail = "A text holds a character that cannot be stored. Leave out control characters."
    return _response(_problem(400, "VALIDATION_FAILED", "This request cannot be used", detail))


def unexpected(request: Anyone, error: Exception) -> Response[bytes]:
    """Keep the details in the log; the caller gets the request id to ask with."""
    request_id = request.scope.get("request_id", "")
    logger.error("unexpected", error=type(error).__name__, request_id=request_id, exc_info=error)
    detail = f"Something that should not happen did. Tell your operator the request id {request_id}."
    return _response(_problem(500, "INTERNAL", "Unexpected", detail))


HANDLERS: dict[int | type[Exception], Any] = {
    Refusal: refused,
    NotFoundException: unknown_route,
    MethodNotAllowedException: wrong_method,
    ClientException: invalid,
    HTTPException: other_http,
    Unavailable[0]: database_away,
    Unavailable[1]: database_away,
    Unstorable: unstorable,
    Exception: unexpected,
}
