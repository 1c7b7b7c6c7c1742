"""Who is asking: reads the token of each request before any route sees it. Pure ASGI, for its speed."""

from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from deskcal.core.access import INSTALLATION, Actor, Role
from deskcal.core.refusals import NotFound, Refusal, Unauthenticated
from deskcal.flows import clinics, tokens
from deskcal.server import problems
from deskcal.server.context import Context
from deskcal.store.database import Unavailable

PUBLIC = (
    "/healthz",
    "/readyz",
    "/v1/openapi",
    "/v1/docs",
    "/v1/auth/token",
    "/v1/auth/refresh",
    "/v1/auth/logout",
)
CALENDARS = "/v1/calendars/"
"""A calendar to subscribe to is opened by the token in its address."""

REMEMBER = timedelta(seconds=5)
MOST_REMEMBERED = 10_000


class Authenticator:
    """Turns tokens into actors, and remembers each for 5 s: so long may a revoked key still be good."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: OrderedDict[str, tuple[datetime, Actor]] = OrderedDict()
        self._clinics: set[UUID] = set()

    async def actor(self, token: str, clinic: str | None) -> Actor:
        """Tell who shows a token. `ops` names a clinic; anybody else has one, and any other is not there."""
        now = self.context.now()
        known = self._known.get(token)
        if known and now < known[0]:
            actor = known[1]
        else:
            actor, until = await tokens.actor_of(
                self.context.database, token, secret_key=self.context.secret_key, now=now
            )
            self._known[token] = (min(until, now + REMEMBER), actor)
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        if clinic is None:
            return actor
        found = _in_clinic(actor, clinic)
        await self._insist_clinic(found)
        return found

    async def _insist_clinic(self, actor: Actor) -> None:
        """Refuse a clinic that `ops` names and that is not there; those that are, stay."""
        if actor.clinic_id not in self._clinics:
            if not await clinics.every(self.context.database, actor, installation=False):
                raise NotFound("There is no such clinic.")
            self._clinics.add(actor.clinic_id)

    def forget(self) -> None:
        """Read every token anew: one was revoked."""
        self._known.clear()


def _in_clinic(actor: Actor, clinic: str) -> Actor:
    try:
        clinic_id = UUID(clinic)
    except ValueError as error:
        raise NotFound("X-Clinic-Id is not the id of a clinic.") from error
    if actor.role is Role.OPS:
        return replace(actor, clinic_id=clinic_id)
    if actor.clinic_id != clinic_id:
        raise NotFound("There is no such clinic.")
    return actor


class AuthenticationMiddleware:
    """Puts the actor into `scope["user"]`, or answers with a problem."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator) -> None:
        self.app = app
        self.authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or _is_public(scope["path"]):
            await self.app(scope, receive, send)
            return
        shown = clinic = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                shown = value.decode("latin-1")
            elif name == b"x-clinic-id":
                clinic = value.decode("latin-1")
        try:
            scheme, _, token = (shown or "").partition(" ")
            if scheme.lower() != "bearer" or not token:
                raise Unauthenticated("Send a token: Authorization: Bearer …")
            scope["user"] = await self.authenticator.actor(token.strip(), clinic)
        except Refusal as refusal:
            await _answer(send, refusal)
        except Unavailable:
            await _send(send, 503, problems.UNAVAILABLE, [(b"retry-after", b"2")])
        else:
            await self.app(scope, receive, send)


def _is_public(path: str) -> bool:
    return path.startswith(PUBLIC) or (path.startswith(CALENDARS) and path.endswith(".ics"))


def actor_clinic(actor: Actor) -> UUID | None:
    """Give the clinic that an actor works on, if any."""
    return None if actor.clinic_id == INSTALLATION else actor.clinic_id


async def _answer(send: Send, refusal: Refusal) -> None:
    said = problems.kept(refusal, None)
    challenge = [(b"www-authenticate", b"Bearer")] if said.status == 401 else []  # noqa: PLR2004  its HTTP meaning
    await _send(send, said.status, said.body, challenge)


async def _send(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    kind = [(b"content-type", problems.MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *headers]})
    await send({"type": "http.response.body", "body": body, "more_body": False})
