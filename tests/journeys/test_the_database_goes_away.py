"""PostgreSQL is stopped under a running server, and comes back."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deskcal.store import embedded, migrate
from house import House
from processes import ServerProcess, wait_ready


@pytest.fixture
def cluster() -> Iterator[embedded.Cluster]:
    """Run a PostgreSQL that this test may stop."""
    place = Path(tempfile.mkdtemp(prefix="deskcal-away-"))
    found = embedded.prepare(place / "postgres")
    found.start()
    yield found
    found.stop()
    shutil.rmtree(place)


@pytest.fixture
def database_url(cluster: embedded.Cluster) -> str:
    migrate.create_database(cluster.url(), "clinic")
    migrate.upgrade(cluster.url(database="clinic"))
    return cluster.url(database="clinic")


async def test_everybody_is_asked_to_wait_and_then_served(
    start_server: Callable[[], ServerProcess], cluster: embedded.Cluster, house: House
) -> None:
    """Meanwhile reads and writes get 503 with Retry-After; afterwards a repeated write goes through, once."""
    server = start_server()
    day = f"/v1/providers/{house.perez.id}/availability?serviceId={house.consult.id}&date={house.day}"
    hold = {
        "providerId": str(house.perez.id),
        "serviceId": str(house.consult.id),
        "timeslotId": house.slot(10),
        "idempotencyKey": "through thick and thin",
    }
    async with httpx.AsyncClient(base_url=server.url, headers=house.headers(), timeout=30) as http:
        assert (await http.get(day)).is_success
        await asyncio.to_thread(cluster.stop)
        assert (await http.get("/readyz")).status_code == 503
        for refused in await asyncio.gather(http.get(day), http.post("/v1/reservations", json=hold)):
            assert (refused.status_code, refused.json()["error"]) == (503, "UNAVAILABLE")
            assert int(refused.headers["Retry-After"]) >= 1
        assert (await http.get("/healthz")).status_code == 200

        await asyncio.to_thread(cluster.start)
        await asyncio.to_thread(wait_ready, server.url, server.process)
        held = await http.post("/v1/reservations", json=hold)
        assert held.status_code == 201, held.text
        slots = {slot["id"]: slot["status"] for slot in (await http.get(day)).json()["timeslots"]}
        again = await http.post("/v1/reservations", json=hold)
    assert slots[house.slot(10)] == "reserved"
    assert again.text == held.text
