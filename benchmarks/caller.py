"""What an HTTP client needs: tokens to knock with, and a connection that stays open."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import msgspec

from benchmarks.town import PROVIDER, SECRET, SERVICE, Town
from deskcal.core.access import SYSTEM, Role
from deskcal.core.slot import slot_id
from deskcal.flows import tokens
from deskcal.flows.asking import Asking
from deskcal.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One connection; one request at a time."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    token: str

    async def post(self, path: str, sent: object) -> tuple[int, Any]:
        """Send JSON; gives the status and what came back."""
        body = msgspec.json.encode(sent)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        status, answer = await self._ask(head.encode() + body)
        return status, msgspec.json.decode(answer)

    async def get(self, path: str) -> bytes:
        """Read something. Raises RuntimeError for any answer but 200."""
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        status, answer = await self._ask(head.encode())
        if status != HTTPStatus.OK:
            raise RuntimeError(answer.decode())
        return answer

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0])
        return int(head[9:12]), await self.reader.readexactly(length)

    async def hold(self, town: Town, n: int, slot: int) -> tuple[int, Any]:
        """Ask for a provider's slot."""
        provider, service = town.ident(PROVIDER, n), town.ident(SERVICE, n)
        wish = {
            "providerId": provider,
            "serviceId": service,
            "timeslotId": slot_id(provider, service, town.start(slot)),
        }
        return await self.post("/v1/reservations", wish)


async def call(port: int, token: str) -> Caller:
    """Open a connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    return Caller(reader=reader, writer=writer, token=token)


async def front_desk(town: Town) -> dict[str, str]:
    """Make a front desk's tokens in the first clinic, of either sort."""
    database = Database(town.url, connections=2)
    await database.open()
    now = datetime.now(UTC)
    actor = replace(SYSTEM, clinic_id=town.desk(0).clinic_id)
    grant = tokens.Grant(
        role=Role.FRONT_DESK, name=None, patient_id=None, provider_id=None, scopes=None, days=1
    )
    _, key = await tokens.create(database, Asking(actor=actor, now=now), grant)
    pair = await tokens.exchange(database, key, secret_key=SECRET, now=now, seconds=900)
    await database.close()
    return {"JWT": pair.access, "API key": key}
