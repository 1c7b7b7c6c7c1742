"""Availability over HTTP, with a token, beside bare uvicorn and Starlette sending the same bytes."""

import asyncio
import http.client
import tempfile
from collections.abc import Iterator
from functools import partial

from benchmarks.bare import BODY
from benchmarks.caller import front_desk
from benchmarks.finding import Finding, interleaved, rate
from benchmarks.load import requests_per_second
from benchmarks.serving import deskcal_serving, serving
from benchmarks.town import PROVIDER, SERVICE, settle
from deskcal.store.embedded import Cluster

AIM = 0.4
CONNECTIONS = 16
SECONDS, ROUNDS = 0.6, 15


def run(cluster: Cluster) -> Iterator[Finding]:
    """Ask for one provider's day again and again, with either sort of token."""
    town = settle(cluster, "availability", clinics=1, providers=5, hours=(9, 17))
    shown = asyncio.run(front_desk(town))
    path = (
        f"/v1/providers/{town.ident(PROVIDER, 0)}/availability"
        f"?serviceId={town.ident(SERVICE, 0)}&date={town.first.date()}"
    )
    with deskcal_serving(town.plan()) as port, tempfile.NamedTemporaryFile() as kept:
        kept.write(_body(port, path, shown["API key"]))
        kept.flush()
        with serving("benchmarks.bare:app", {BODY: kept.name}) as bare:
            for name, token in shown.items():
                request = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
                ask = partial(requests_per_second, request=request, connections=CONNECTIONS, seconds=SECONDS)
                ours, theirs, ratio = interleaved(partial(ask, port), partial(ask, bare), rounds=ROUNDS)
                yield Finding(
                    what=f"a provider's day over HTTP, {name}",
                    figure=rate(ours),
                    limit=f"bare uvicorn + Starlette, same bytes: {rate(theirs)}",
                    ratio=ratio,
                    at_least=AIM,
                )


def _body(port: int, path: str, token: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(body.decode())
    return body
