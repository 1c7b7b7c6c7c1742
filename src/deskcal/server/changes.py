"""Mutations over HTTP: one idempotency key, one answer, however often it is asked."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from deskcal.core.access import Actor
from deskcal.core.refusals import Invalid, Refusal
from deskcal.flows.asking import Asking
from deskcal.server import problems
from deskcal.server.context import Context
from deskcal.server.preconditions import etag_of
from deskcal.store.answers import Claim, Kept, Replayed

T = TypeVar("T")
LONGEST_KEY = 255
JSON = "application/json"

Req = Request[Actor, Any, Any]


async def change(
    request: Req,
    context: Context,
    flow: Callable[[Asking[T]], Awaitable[T]],
    *,
    spell: Callable[[T], object],
    data: Any = None,
    status: int = 201,
) -> Response[bytes]:
    """Run a flow for the caller and answer with what came of it, or with the first answer to its key."""
    actor = request.user
    key = request.headers.get("idempotency-key") or getattr(data, "idempotency_key", None)
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid(("idempotencyKey", "must have 1 to 255 characters"))
    made: Kept | None = None

    def keep(outcome: T | Refusal) -> Kept:
        nonlocal made
        if isinstance(outcome, Refusal):
            return problems.kept(outcome, context.board.catalog(actor.clinic_id))
        made = Kept(status=status, body=msgspec.json.encode(spell(outcome)))
        return made

    asking = Asking[T](
        actor=actor,
        now=context.now(),
        claim=None if key is None else _claim(request, actor, key, data),
        keep=keep,
    )
    try:
        outcome = await flow(asking)
    except Replayed as replayed:
        return _response(replayed.kept, {"Idempotency-Replayed": "true"})
    return _response(made or keep(outcome), {})


def _claim(request: Req, actor: Actor, key: str, data: Any) -> Claim:
    body = b"" if data is None else msgspec.json.encode(data)
    asked = f"{request.method} {request.url.path} {actor.clinic_id} ".encode() + body
    return Claim.of(owner=actor.sub, key=key, request=asked)


def _response(kept: Kept, headers: dict[str, str]) -> Response[bytes]:
    failed = kept.status >= 400  # noqa: PLR2004  its HTTP meaning
    return Response(
        kept.body,
        status_code=kept.status,
        media_type=problems.MEDIA_TYPE if failed else JSON,
        headers=headers if failed else headers | etag_of(kept.body),
    )
