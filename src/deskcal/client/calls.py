"""Sending one request to a deskcal server, and reading what it answers."""

from types import TracebackType
from typing import Self, TypeVar
from uuid import UUID, uuid4

import httpx
import msgspec

from deskcal.client.errors import Refused, Unreachable
from deskcal.wire.problem import Problem
from deskcal.wire.shape import Request

T = TypeVar("T")


class Calls:
    """A caller with a token. Used as an async context manager; it owns its connections.

    An `ops` token works on one clinic at a time: `clinic_id` names it. Every method raises Refused when the
    server says no and Unreachable when none answers within `timeout` seconds.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        clinic_id: UUID | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.clinic_id = clinic_id
        self._http = httpx.AsyncClient(base_url=self.url, timeout=timeout, transport=transport)

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
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.clinic_id is not None:
            headers["X-Clinic-Id"] = str(self.clinic_id)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid4())
        try:
            response = await self._http.request(
                method,
                path,
                content=None if body is None else msgspec.json.encode(body),
                params={name: str(value) for name, value in params.items() if value is not None},
                headers=headers,
                timeout=patience or self._http.timeout,
            )
        except httpx.HTTPError as error:
            raise Unreachable(self.url, str(error) or type(error).__name__) from error
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
