"""The server goes away in the middle of the day, and comes back."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

from deskcal.client.http import Client
from deskcal.core.access import Role
from deskcal.server.worker import Plan
from deskcal.tui.memory.memory import Memory
from house import House
from journeys.desks import Keys, go_to, open_desk
from processes import server_process
from tui.seeing import sees


async def test_decided_offline_and_done_once(plan: Plan, house: House, tmp_path: Path) -> None:
    """What is on screen stays readable; a cancellation waits, and is done once when the server answers."""
    with ExitStack() as servers:
        first = servers.enter_context(server_process(plan))
        port = int(first.url.rpartition(":")[2])
        async with open_desk(first.url, house, memory=Memory(tmp_path, url=first.url)) as pilot:
            await go_to(pilot, house)
            keys = Keys(pilot)
            await keys.press("enter", *"tanaka", "enter", "enter", sees_then=("booked B-", "[  Tanaka A"))

            await asyncio.to_thread(first.kill)
            await sees(pilot, "OFFLINE", "Tanaka A")
            await keys.press("c", sees_then=("No, keep it",))
            await keys.press("tab", "enter", sees_then=("queue 1", "Tanaka A"))

            await asyncio.to_thread(servers.enter_context, server_process(plan, port=port))
            await keys.press("R", sees_then=("LIVE", "From the queue: 1 done", "queue 0"))
            await sees(pilot, "[+ 30m")

        async with Client(first.url, house.tokens[Role.FRONT_DESK], clinic_id=house.clinic.id) as desk:
            [canceled] = (await desk.appointments(house.clinic.id)).items
            actions = [entry.action for entry in await desk.audit(canceled.id)]
    assert canceled.status == "canceled"
    assert actions == ["held", "confirmed", "cancelled"]
