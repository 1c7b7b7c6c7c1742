"""Signing in, and the keys of others."""

from uuid import UUID

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from deskcal.core.access import Role, Scope
from deskcal.core.refusals import Invalid
from deskcal.flows import tokens, users
from deskcal.flows.asking import Asking
from deskcal.flows.signing_in import Credentials, sign_in
from deskcal.server import shapes
from deskcal.server.authentication import Authenticator, actor_clinic
from deskcal.server.changes import Req, change
from deskcal.server.context import Context, Here
from deskcal.server.openapi import PROBLEMS, answers
from deskcal.wire import people
from deskcal.wire.shape import Page


@post("/v1/auth/token", status_code=200, exclude_from_auth=True, responses=answers(people.TokenPair))
async def token(context: Here, data: JSONBody[people.TokenRequest]) -> people.TokenPair:
    """Exchange an API key, or an e-mail address and a password, for an access token and a refresh token."""
    if data.api_key is not None:
        return await _pair(context, data.api_key)
    if data.email is None or data.password is None:
        raise Invalid(("email", "send email and password, or apiKey"))
    shown = Credentials(email=data.email, password=data.password, clinic=data.clinic)
    return _spelled(
        await sign_in(
            context.database,
            shown,
            secret_key=context.secret_key,
            now=context.now(),
            seconds=context.access_token_seconds,
        )
    )


@post("/v1/auth/refresh", status_code=200, exclude_from_auth=True, responses=answers(people.TokenPair))
async def refresh(context: Here, data: JSONBody[people.RefreshRequest]) -> people.TokenPair:
    """Exchange a refresh token, which is spent by it, for the next pair."""
    return await _pair(context, data.refresh_token)


@post("/v1/auth/logout", status_code=204, exclude_from_auth=True, responses=PROBLEMS)
async def logout(context: Here, data: JSONBody[people.RefreshRequest]) -> None:
    """Void a refresh token and all that came from the same sign-in."""
    await tokens.end_session(context.database, data.refresh_token, context.now())


@get("/v1/auth/me", responses=answers(people.Me))
async def me(request: Req, context: Here) -> people.Me:
    """Tell who is asking, as the token says."""
    user = await users.of_actor(context.database, request.user)
    return shapes.me(request.user, actor_clinic(request.user), user)


@post("/v1/api-keys", responses=answers(people.ApiKey, 201))
async def create_key(request: Req, context: Here, data: JSONBody[people.NewApiKey]) -> Response[bytes]:
    """Make a key for somebody of the clinic; its text is shown this once."""
    request.user.require(Scope.TOKENS_WRITE)
    grant = tokens.Grant(
        role=Role(data.role),
        name=data.name,
        patient_id=data.patient_id,
        provider_id=data.provider_id,
        scopes=None if data.scopes is None else [_scope(name) for name in data.scopes],
        days=data.expires_in_days,
    )
    return await change(
        request,
        context,
        lambda asking: tokens.create(context.database, asking, grant),
        spell=lambda made: shapes.api_key(*made),
        data=data,
    )


@get("/v1/api-keys", responses=answers(Page[people.ApiKey]))
async def list_keys(request: Req, context: Here) -> Page[people.ApiKey]:
    """List the keys of the clinic, without their texts."""
    request.user.require(Scope.TOKENS_WRITE)
    return Page(items=[shapes.api_key(key) for key in await tokens.every(context.database, request.user)])


@delete("/v1/api-keys/{key_id:uuid}", status_code=204, responses=PROBLEMS)
async def revoke_key(
    request: Req, context: Here, authenticator: NamedDependency[Authenticator], key_id: FromPath[UUID]
) -> None:
    """Make a key worthless at once; other server processes follow within 5 s."""
    request.user.require(Scope.TOKENS_WRITE)
    asking = Asking[None](actor=request.user, now=context.now())
    await tokens.revoke(context.database, asking, key_id)
    authenticator.forget()


async def _pair(context: Context, text: str) -> people.TokenPair:
    pair = await tokens.exchange(
        context.database,
        text,
        secret_key=context.secret_key,
        now=context.now(),
        seconds=context.access_token_seconds,
    )
    return _spelled(pair)


def _spelled(pair: tokens.Pair) -> people.TokenPair:
    return people.TokenPair(access_token=pair.access, refresh_token=pair.refresh, expires_in=pair.seconds)


def _scope(name: str) -> Scope:
    try:
        return Scope(name)
    except ValueError as error:
        raise Invalid(("scopes", f"{name} is none of {', '.join(Scope)}")) from error


ROUTES = (token, refresh, logout, me, create_key, list_keys, revoke_key)
