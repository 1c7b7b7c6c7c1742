"""Everybody does everything at once, and then it is counted."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from deskcal.server.worker import Plan
from house import House
from races import asks
from races.callers import callers
from races.follower import Follower
from races.load import Load
from races.truth import Truth

CLIENTS = 32


@pytest.fixture
def plan(plan: Plan) -> Plan:
    """Let holds last a second, so that many lapse."""
    return msgspec.structs.replace(plan, hold_seconds=1)


@pytest.mark.parametrize("operations", [1_500, pytest.param(20_000, marks=pytest.mark.prove)])
async def test_nothing_is_booked_twice_and_every_screen_sees_all_of_it(
    operations: int,
    addresses: tuple[str, str],
    house: House,
    truth: Truth,
    record_property: Callable[[str, object], None],
) -> None:
    """Thirty-two desks at two servers; followers that change servers midway see each entry once, in order."""
    start = len(truth.log())
    followers = [Follower(house, since=start) for _ in range(3)]
    async with callers(addresses, house.headers(), CLIENTS) as desks:
        for number, follower in enumerate(followers):
            await follower.watch(addresses[number % 2])
        load = Load(desks, house, days=operations // 75, seed="everything")
        clients = asyncio.gather(*(load.client(n, operations // CLIENTS) for n in range(CLIENTS)))
        await load.until(operations // 2)
        for number, follower in enumerate(followers[:2]):
            await follower.watch(addresses[1 - number])
        await clients
        end = len(truth.log())
        last = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(16, 30)))
        assert last.status == 201
        for follower in followers:
            await follower.finish(end)
    truth.insist()
    told = [e for e in truth.log() if e.seq > start and e.type.startswith(("hold.", "appointment."))]
    for follower in followers:
        assert follower.seqs == [entry.seq for entry in told if entry.seq <= max(follower.seqs)]
        assert follower.seqs[-1] > end
    kinds = {entry.type for entry in told}
    assert kinds == {
        *("hold.placed", "hold.released", "hold.lapsed"),
        *("appointment.confirmed", "appointment.created"),
    }
    assert load.acknowledged() == truth.booked()
    record_property("entries", len(told))
    record_property("resyncs", sum(follower.resyncs for follower in followers))
