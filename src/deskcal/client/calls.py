"""Sending one request to a deskcal server, and reading what it answers."""

import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeAlias, TypeVar
from uuid import UUID, uuid4

import msgspec

from deskcal.client.errors import Refused, Rejected, Unreachable
from deskcal.wire.problem import Problem
from deskcal.wire.shape import Request

# httpx does without its own command line where that is missing, and it takes as long to load as the rest.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
import httpx  # noqa: E402

T = TypeVar("T")

FreshToken: TypeAlias = Callable[[str], Awaitable[str]]
"""Gives a token instead of the one that is not good any more. Raises Rejected or Unreachable."""


class Calls:
    """A caller with a token. Used as an async context manager; it owns its connections.

    An `ops` token works on one clinic at a time: `clinic_id` names it. Every method raises Refused when the
    server says no and Unreachable when none answers within `timeout` seconds. A token that the server does
    not take any more is renewed by `fresh_token`, and the request sent again, once.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        clinic_id: UUID | None = None,
        fresh_token: FreshToken | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.clinic_id = clinic_id
        self.fresh_token = fresh_token
        # Certificates take 40 ms to load, and a plain address needs none. Any other is checked.
        encrypted = not self.url.lower().startswith("http://")
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=timeout, transport=transport, verify=encrypted
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        body: Request | None = None,
        key: str | None = None,
        version: int | None = None,
        patience: float | None = None,
        **params: object,
    ) -> T:
        """Send one request and decode its answer, unless bytes are wanted; a mutation carries a key.

        The key is made here unless given.

        `version` is what the caller saw of the thing that changes, for a change that has to say so.
        `patience` is for how many seconds to wait for what may take longer than others.
        """
        headers: dict[str, str] = {}
        if self.clinic_id is not None:
            headers["X-Clinic-Id"] = str(self.clinic_id)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid4())
        request = self._http.build_request(
            method,
            path,
            content=None if body is None else msgspec.json.encode(body),
            params={name: str(value) for name, value in params.items() if value is not None},
            headers=headers,
            timeout=patience or self._http.timeout,
        )
        response = await self._sent(request)
        if response.status_code == httpx.codes.UNAUTHORIZED and self.fresh_token is not None:
            with suppress(Rejected):
                self.token = await self.fresh_token(self.token)
                response = await self._sent(request)
        if response.is_error:
            raise Refused(_problem(response))
        if answer is bytes:
            return msgspec.convert(response.content, answer)
        if answer is type(None) or not response.content:
            return msgspec.convert(None, answer)
        try:
            return msgspec.json.decode(response.content, type=answer)
        except msgspec.DecodeError as error:
            raise Refused(_unexpected(response)) from error

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        try:
            return await self._http.send(request)
        except httpx.HTTPError as error:
            raise Unreachable(self.url, str(error) or type(error).__name__) from error


def _problem(response: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.DecodeError:
        return _unexpected(response)


def _unexpected(response: httpx.Response) -> Problem:
    return Problem(
        title="Unexpected answer",
        status=response.status_code,
        error="UNEXPECTED",
        detail=f"The server answered {response.status_code} in a form that deskcal does not know.",
    )
