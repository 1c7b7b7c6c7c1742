"""What a call ends in, whatever a server answers."""

from uuid import UUID

import httpx
import pytest

from deskcal.client.errors import Refused, Unreachable
from deskcal.client.http import Client

CLINIC = UUID(int=1)


def client(answer: httpx.Response | Exception, seen: list[httpx.Request] | None = None) -> Client:
    def handle(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Client("http://clinic", "t0", clinic_id=CLINIC, transport=httpx.MockTransport(handle))


async def test_a_problem_is_a_refusal() -> None:
    """The server's no carries its code and its facts."""
    problem = {"title": "Held", "status": 409, "error": "SLOT_HELD", "detail": "held by Desk 3"}
    async with client(httpx.Response(409, json=problem)) as asking:
        with pytest.raises(Refused, match="held by Desk 3") as refused:
            await asking.renew("token")
    assert refused.value.problem.error == "SLOT_HELD"


@pytest.mark.parametrize("status", [200, 502])
async def test_an_answer_that_is_not_deskcal(status: int) -> None:
    """What a proxy writes in between is refused in words, never decoded by luck."""
    async with client(httpx.Response(status, text="<html>")) as asking:
        with pytest.raises(Refused, match=f"answered {status} in a form that deskcal does not know"):
            await asking.clinics()


async def test_silence_is_unreachable() -> None:
    """No answer names the address and the next step."""
    async with client(httpx.ConnectError("refused")) as asking:
        with pytest.raises(Unreachable, match=r"http://clinic .*deskcal serve"):
            await asking.clinics()


async def test_every_change_carries_a_key() -> None:
    """A release carries token, clinic and an idempotency key; its empty answer is no error."""
    seen: list[httpx.Request] = []
    async with client(httpx.Response(204), seen) as asking:
        await asking.release("abc")
    headers = seen[0].headers
    assert headers["Authorization"] == "Bearer t0"
    assert headers["X-Clinic-Id"] == str(CLINIC)
    assert headers["Idempotency-Key"]
