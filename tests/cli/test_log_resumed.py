"""The log followed on the command line while servers come and go."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx

from cli.typed import COMMAND
from deskcal.core.access import Role
from deskcal.server.worker import Plan
from house import House
from processes import server_process


@contextmanager
def followed(url: str, house: House, *words: str) -> Iterator[Iterator[dict[str, object]]]:
    """Follow the log; gives its entries as they come, and sees it end well."""
    there = {"DESKCAL_SERVER_URL": url, "DESKCAL_TOKEN": house.tokens[Role.ADMIN]}
    command = [*COMMAND, "--json", "log", "--follow", *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | there
    ) as process:
        assert process.stdout is not None
        yield (json.loads(line) for line in process.stdout)
        process.send_signal(2)
        assert process.wait() == 0


def add_room(url: str, house: House, name: str) -> None:
    headers = house.headers(Role.ADMIN)
    body = {"name": name, "type": "exam"}
    assert httpx.post(f"{url}/v1/rooms", json=body, headers=headers).status_code == 201


async def test_no_entry_is_missed_while_the_server_is_away(plan: Plan, house: House) -> None:
    """Killed and started again, the server is asked for what came meanwhile: every number once, in order."""
    with server_process(plan) as first:
        port = urlsplit(first.url).port or 0
        with followed(first.url, house, "--since", "0") as entries:
            add_room(first.url, house, "Attic")
            told = list(until(entries, rooms=len(house.rooms) + 1))
            first.kill()
            with server_process(plan) as meanwhile:
                add_room(meanwhile.url, house, "Cellar")
            with server_process(plan, port=port) as again:
                add_room(again.url, house, "Loft")
                told += until(entries, rooms=2)
    assert [one["seq"] for one in told] == list(range(1, len(told) + 1))


def until(entries: Iterator[dict[str, object]], *, rooms: int) -> Iterator[dict[str, object]]:
    """Give entries up to the one that tells of the last of so many rooms."""
    for entry in entries:
        yield entry
        rooms -= entry["eventType"] == "room.added"
        if not rooms:
            return


async def test_only_what_one_wants_to_see(plan: Plan, house: House) -> None:
    """`--type`, `--aggregate` and `--actor` narrow it, also for what no channel tells of."""
    with server_process(plan) as server:
        add_room(server.url, house, "Attic")
        with followed(
            server.url, house, "--since", "0", "--type", "room.added", "--actor", "system"
        ) as entries:
            assert [next(entries)["aggregateId"] for _ in range(2)] == [str(room.id) for room in house.rooms]
        with followed(server.url, house, "--since", "0", "--aggregate", str(house.rooms[1].id)) as entries:
            assert next(entries)["eventType"] == "room.added"
