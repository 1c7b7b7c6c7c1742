"""Who may sign in."""

import hashlib
import hmac
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response, get, patch, post
from litestar.params import FromPath, JSONBody

from deskcal.core.access import INSTALLATION, Role, Scope
from deskcal.core.user import User
from deskcal.flows import users as flows
from deskcal.server import shapes
from deskcal.server.changes import Req, change
from deskcal.server.context import Here
from deskcal.server.openapi import answers
from deskcal.server.paging import Cursor, Limit, read_cursor, write_cursor
from deskcal.server.preconditions import given, seen_version, shown
from deskcal.wire import users
from deskcal.wire.shape import Page


@post("/v1/users", responses=answers(users.User, 201))
async def add_user(request: Req, context: Here, data: JSONBody[users.NewUser]) -> Response[bytes]:
    """Add a user of the clinic, or with role ops of the installation; they have no password yet."""
    request.user.require(Scope.TOKENS_WRITE)
    user = User(id=INSTALLATION, created_at=context.now(), **_core(given(data)))
    return await change(
        request,
        context,
        lambda asking: flows.add(context.database, asking, user),
        spell=shapes.user,
        data=data,
    )


@get("/v1/users", responses=answers(Page[users.User]))
async def list_users(
    request: Req, context: Here, limit: Limit = 50, cursor: Cursor = None
) -> Page[users.User]:
    """List the users by e-mail address, disabled ones too."""
    request.user.require(Scope.TOKENS_WRITE)
    found = await flows.every(context.database, request.user, after=read_cursor(cursor), limit=limit)
    more = write_cursor(found[-1].email.lower(), found[-1].id) if len(found) == limit else None
    return Page(items=[shapes.user(one) for one in found], next_cursor=more)


@get("/v1/users/{user_id:uuid}", responses=answers(users.User))
async def show_user(request: Req, context: Here, user_id: FromPath[UUID]) -> Response[bytes]:
    """Show a user; the ETag is what a change must match."""
    request.user.require(Scope.TOKENS_WRITE)
    return shown(request, shapes.user(await flows.find(context.database, request.user, user_id)))


@patch("/v1/users/{user_id:uuid}", responses=answers(users.User))
async def change_user(
    request: Req, context: Here, user_id: FromPath[UUID], data: JSONBody[users.UserChange]
) -> Response[bytes]:
    """Change a user, if it still is the version of If-Match; another role, or disabling, ends sessions."""
    request.user.require(Scope.TOKENS_WRITE)
    version, changes = seen_version(request), _core(given(data))
    if "disabled" in changes:
        changes["disabled_at"] = context.now() if changes.pop("disabled") else None
    return await change(
        request,
        context,
        lambda asking: flows.change(context.database, asking, user_id, changes, version=version),
        spell=shapes.user,
        data=data,
        status=200,
    )


@post("/v1/users/{user_id:uuid}/password", status_code=200, responses=answers(users.User))
async def set_password(
    request: Req, context: Here, user_id: FromPath[UUID], data: JSONBody[users.PasswordChange]
) -> Response[bytes]:
    """Set a password, as an admin or one's own, and end the user's sessions."""
    password, old = data.password, data.old_password
    key = context.secret_key.encode()
    # The fingerprint of a request is kept for its idempotency key, and is fast to guess passwords from.
    unreadable = hmac.digest(key, msgspec.json.encode(data), hashlib.sha256).hex()
    return await change(
        request,
        context,
        lambda asking: flows.set_password(context.database, asking, user_id, password, old=old),
        spell=shapes.user,
        data=msgspec.structs.replace(data, password=unreadable, old_password=None),
        status=200,
    )


def _core(fields: dict[str, Any]) -> dict[str, Any]:
    """Turn the fields of a body, named as in core, into what core has."""
    if "role" in fields:
        fields["role"] = Role(fields["role"])
    return fields


ROUTES = (add_user, list_users, show_user, change_user, set_password)
