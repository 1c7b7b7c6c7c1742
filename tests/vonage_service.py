"""A Vonage of our own: speaks what deskcal uses of its Video and Conversation APIs, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deskcal.outside.vonage import Account

APPLICATION = "78d335fa-323d-0114-9c3d-d6f0d48968cf"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PRIVATE_KEY = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC_KEY = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(kw_only=True)
class VonageService:
    """What it was asked to make. `mood` is how it answers: `ok`, `broken`, `garbled`, or `silent`."""

    mood: str = "ok"
    url: str = ""
    sessions: list[str] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    members: list[tuple[str, str]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def account(self) -> Account:
        return Account(
            application_id=APPLICATION,
            private_key=PRIVATE_KEY,
            video_url=self.url,
            conversation_url=f"{self.url}/",
        )

    async def create_session(self, request: Request) -> Response:
        await self._admit(request)
        form = parse_qs((await request.body()).decode())
        if form.get("p2p.preference") not in (["enabled"], ["disabled"]):
            return JSONResponse({"code": 400, "message": "Invalid request"}, status_code=400)
        self.sessions.append(f"2_MX4{next(self.numbers)}")
        return self._answer([{"session_id": self.sessions[-1], "create_dt": "Mon Mar 09 00:00:00 PDT 2026"}])

    async def create_conversation(self, request: Request) -> Response:
        await self._admit(request)
        name = (await request.json())["name"]
        if name in self.conversations.values():
            return JSONResponse({"code": "conversation:error:duplicate-name"}, status_code=409)
        id_ = f"CON-{next(self.numbers)}"
        self.conversations[id_] = name
        return self._answer({"id": id_, "name": name, "state": "ACTIVE"}, status=201)

    async def create_user(self, request: Request) -> Response:
        await self._admit(request)
        name = (await request.json())["name"]
        self.users.add(name)
        return self._answer({"id": f"USR-{next(self.numbers)}", "name": name}, status=201)

    async def create_member(self, request: Request) -> Response:
        await self._admit(request)
        body = await request.json()
        conversation, user = request.path_params["conversation"], body["user"]["name"]
        if conversation not in self.conversations or user not in self.users:
            return JSONResponse({"code": "user:error:not-found"}, status_code=404)
        if (body["state"], body["channel"]) != ("joined", {"type": "app"}):
            return JSONResponse({"code": "http:error:validation-fail"}, status_code=400)
        self.members.append((conversation, user))
        return self._answer({"id": f"MEM-{next(self.numbers)}", "state": "JOINED"}, status=201)

    async def _admit(self, request: Request) -> None:
        """Let in who shows a token that the application signed; broken and silent ones let in nobody."""
        self.asked.set()
        if self.mood == "silent":
            await asyncio.Event().wait()
        if self.mood == "broken":
            raise HTTPException(500)
        token = request.headers["authorization"].removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, PUBLIC_KEY, ["RS256"], options={"require": ["exp", "iat", "jti"]})
        except jwt.InvalidTokenError as error:
            raise HTTPException(401) from error
        if claims["application_id"] != APPLICATION:
            raise HTTPException(401)

    def _answer(self, body: object, status: int = 200) -> Response:
        return JSONResponse({"hello": "there"} if self.mood == "garbled" else body, status_code=status)


@asynccontextmanager
async def vonage_service() -> AsyncIterator[VonageService]:
    """Run it on a free port."""
    service = VonageService()
    app = Starlette(
        routes=[
            Route("/session/create", service.create_session, methods=["POST"]),
            Route("/v1/conversations", service.create_conversation, methods=["POST"]),
            Route("/v1/users", service.create_user, methods=["POST"]),
            Route("/v1/conversations/{conversation}/members", service.create_member, methods=["POST"]),
        ]
    )
    config = uvicorn.Config(app, port=0, log_config=None, ws="none", timeout_graceful_shutdown=0)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        assert not running.done(), running.exception()
        await asyncio.sleep(0)
    service.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield service
    finally:
        server.should_exit = True
        await running
