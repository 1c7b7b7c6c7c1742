"""Vonage: voice and video meet in a session of its Video API, chat in one of its conversations."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar

import httpx
import jwt
import msgspec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deskcal.core.booking import Mode
from deskcal.core.outside import OutsideFailed, Side, WayIn

T = TypeVar("T")
CALLS_LAST = timedelta(minutes=5)
TOKENS_LAST = timedelta(hours=4)
CHAT_PATHS = ("/*/users/**", "/*/conversations/**", "/*/sessions/**")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A Vonage application and its private key, in PEM. Raises ValueError when that is no such key."""

    application_id: str
    private_key: str
    video_url: str
    conversation_url: str

    def __post_init__(self) -> None:
        load_pem_private_key(self.private_key.encode(), password=None)


class _Call(msgspec.Struct, tag="call"):
    session: str


class _Chat(msgspec.Struct, tag="chat"):
    """`users` are names in Vonage, made up for this one conversation."""

    conversation: str
    users: dict[Side, str]


class _VideoSession(msgspec.Struct):
    session_id: str


class _Conversation(msgspec.Struct):
    id: str


class Vonage:
    """Makes sessions in one account. Tokens to enter are signed here, when somebody wants to."""

    name: ClassVar[str] = "vonage"

    def __init__(self, account: Account, *, seconds: float = 15) -> None:
        self._account = account
        self._seconds = seconds

    async def make(self, mode: Mode) -> str:
        authorization = self._signed(datetime.now(UTC), CALLS_LAST)
        headers = {"Authorization": f"Bearer {authorization}", "Accept": "application/json"}
        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(headers=headers, timeout=self._seconds) as http,
            ):
                made = await self._chat(http) if mode is Mode.CHAT else await self._call(http)
        except TimeoutError as error:
            raise OutsideFailed(f"Vonage was not ready within {self._seconds:g} s") from error
        return msgspec.json.encode(made).decode()

    def way_in(self, kept: str, side: Side, now: datetime) -> WayIn:
        made = msgspec.json.decode(kept, type=_Call | _Chat)
        if isinstance(made, _Chat):
            claims = {"sub": made.users[side], "acl": {"paths": {path: {} for path in CHAT_PATHS}}}
        else:
            role = "moderator" if side is Side.PROVIDER else "publisher"
            claims = {
                "session_id": made.session,
                "scope": "session.connect",
                "sub": "video",
                "role": role,
                "acl": {"paths": {"/session/**": {}}},
            }
        return WayIn(
            application_id=self._account.application_id,
            session_id=made.conversation if isinstance(made, _Chat) else made.session,
            token=self._signed(now, TOKENS_LAST, **claims),
            token_expires_at=now + TOKENS_LAST,
        )

    async def _call(self, http: httpx.AsyncClient) -> _Call:
        url = f"{self._account.video_url.rstrip('/')}/session/create"
        (made,) = await _post(http, url, tuple[_VideoSession], data={"p2p.preference": "disabled"})
        return _Call(made.session_id)

    async def _chat(self, http: httpx.AsyncClient) -> _Chat:
        base, name = f"{self._account.conversation_url.rstrip('/')}/v1", f"deskcal-{secrets.token_hex(16)}"
        made = await _post(http, f"{base}/conversations", _Conversation, json={"name": name})
        users = {side: f"{name}-{side}" for side in Side}
        for user in users.values():
            await _post(http, f"{base}/users", object, json={"name": user})
            await _post(
                http,
                f"{base}/conversations/{made.id}/members",
                object,
                json={"state": "joined", "user": {"name": user}, "channel": {"type": "app"}},
            )
        return _Chat(made.id, users)

    def _signed(self, now: datetime, last: timedelta, **claims: Any) -> str:
        own = {"application_id": self._account.application_id, "iat": now, "exp": now + last}
        return jwt.encode(
            own | {"jti": secrets.token_hex(16)} | claims, self._account.private_key, algorithm="RS256"
        )


async def _post(http: httpx.AsyncClient, url: str, answers: type[T], **body: Any) -> T:
    try:
        answer = await http.post(url, **body)
    except httpx.HTTPError as error:
        raise OutsideFailed(f"Vonage cannot be reached ({type(error).__name__})") from error
    if not answer.is_success:
        raise OutsideFailed(f"Vonage answered with status {answer.status_code}")
    try:
        return msgspec.json.decode(answer.content, type=answers)
    except msgspec.DecodeError as error:
        raise OutsideFailed("Vonage answered in a way that deskcal does not understand") from error
