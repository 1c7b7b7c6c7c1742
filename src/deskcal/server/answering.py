"""Answers to reads of the calendar: made once for callers of a sort, until something changes, or for 15 s."""

import hashlib
from collections.abc import Awaitable, Callable, Hashable
from datetime import timedelta

import msgspec
from litestar.response.base import ASGIResponse

from deskcal.core.span import Span
from deskcal.flows.board import View
from deskcal.flows.page import Page
from deskcal.server.changes import Req
from deskcal.server.context import Context

MAX_AGE = timedelta(seconds=15)
FOR_A_WHILE = f"private, max-age={int(MAX_AGE.total_seconds())}"


async def answer(
    request: Req,
    context: Context,
    window: Span,
    *,
    asked: Hashable,
    make: Callable[[View], Awaitable[object]],
) -> ASGIResponse:
    """Answer with an ETag what `make` gives for a view of the window, or 304; `asked` names the question."""
    actor = request.user
    view = await context.board.view(actor.clinic_id, window, context.now())
    holds_some = any(actor.sub in _owners(page) for page in view.pages)
    key = (asked, actor.is_staff, actor.sub if holds_some else None)
    stamp, made_at, tag, ready = view.answers.get(key, (None, None, b"", None))
    if stamp != view.stamp or made_at is None or view.now - made_at >= MAX_AGE:
        body = msgspec.json.encode(await make(view))
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {"Cache-Control": FOR_A_WHILE, "ETag": etag}
        tag = etag.encode()
        ready = ASGIResponse(body=body, headers=headers), ASGIResponse(status_code=304, headers=headers)
        view.answers[key] = (view.stamp, view.now, tag, ready)
    whole: ASGIResponse = ready[0]
    unchanged: ASGIResponse = ready[1]
    known = next((value for name, value in request.scope["headers"] if name == b"if-none-match"), None)
    return unchanged if known == tag else whole


def _owners(page: Page) -> frozenset[str | None]:
    found = page.memo.get("owners")
    if found is None:
        found = page.memo["owners"] = frozenset(row.owner for rows in page.rows.values() for row in rows)
    known: frozenset[str | None] = found
    return known
