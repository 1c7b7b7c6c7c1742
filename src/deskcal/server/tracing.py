"""Every answer carries the id of its request, the caller's own where one was sent."""

import re

import uuid_utils
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

USABLE = re.compile(rb"[\x21-\x7e]{1,128}")


class RequestIdMiddleware:
    """Echoes `X-Request-Id`, or makes one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        sent = next((value for name, value in scope["headers"] if name == b"x-request-id"), None)
        request_id = sent if sent and USABLE.fullmatch(sent) else str(uuid_utils.uuid7()).encode()
        scope["request_id"] = request_id.decode()  # type: ignore[typeddict-unknown-key]

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", request_id)]
            await send(message)

        await self.app(scope, receive, send_with_id)
