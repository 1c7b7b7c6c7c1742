"""An offer is answered once, and a freed time is offered once, whoever comes at the same moment."""

import asyncio
from datetime import timedelta

import pytest

from deskcal.core.booking import Appointment
from deskcal.core.refusals import HoldExpired, InvalidStatusChange
from deskcal.core.waitlist import WaitlistEntry
from deskcal.flows.board import Board
from deskcal.flows.cancel import cancel
from deskcal.flows.hold import sweep
from deskcal.flows.waitlist import Acceptance, accept, decline, withdraw
from deskcal.store.database import Database
from house import House
from races.rounds import race
from waiting import Waiting

NEWEST = Acceptance(offer_id=None, mode=None, notes=None)
MOMENT = timedelta(milliseconds=1)

pytestmark = pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.prove)])


@pytest.fixture
def waiting(database: Database, house: House) -> Waiting:
    return Waiting(Board(database), house)


async def offered(waiting: Waiting, round_: int) -> WaitlistEntry:
    """Let somebody wait, and be offered what was canceled, on a day of its own."""
    day = waiting.house.day + timedelta(days=round_)
    made = await waiting.books(3, waiting.house.at(10, day=day))
    entry = await waiting.joins(0, first_date=day, last_date=day)
    await cancel(waiting.board, waiting.house.asking(), made.id, reason=None, version=None)
    await waiting.is_read()
    found = await waiting.now(entry)
    assert await waiting.chain(found) == ("offered", ["open"])
    return found


async def test_accepted_once(rounds: int, waiting: Waiting, house: House) -> None:
    """The patient and two desks accept at once: one appointment, and the others learn that it is booked."""
    for round_ in range(rounds):
        entry = await offered(waiting, round_)
        attempts = [accept(waiting.board, house.asking(), entry.id, NEWEST) for _ in range(3)]
        [made], lost = await race(attempts)
        assert [type(refusal) for refusal in lost] == [InvalidStatusChange] * 2
        assert (await waiting.now(entry)).appointment_id == made.id
        assert await waiting.chain(entry) == ("booked", ["accepted"])


async def test_accepted_or_lapsed(rounds: int, waiting: Waiting, house: House) -> None:
    """In its last millisecond an offer is accepted while the sweeper comes for it: one of the two."""
    for round_ in range(rounds):
        entry = await offered(waiting, round_)
        over = entry.offers[0].expires_at
        won, lost = await race(
            [
                accept(waiting.board, house.asking(over - MOMENT), entry.id, NEWEST),
                sweep(waiting.board.database, over),
            ]
        )
        await waiting.is_read()
        made = [one for one in won if isinstance(one, Appointment)]
        assert [type(refusal) for refusal in lost] == ([] if made else [HoldExpired])
        chain = ("booked", ["accepted"]) if made else ("waiting", ["lapsed"])
        assert await waiting.chain(entry) == chain


async def test_accepted_declined_or_withdrawn(rounds: int, waiting: Waiting, house: House) -> None:
    """Whatever is answered first holds; the time is booked, or somebody else can have it."""
    for round_ in range(rounds):
        entry = await offered(waiting, round_)
        database = waiting.board.database
        won, lost = await race(
            [
                accept(waiting.board, house.asking(), entry.id, NEWEST),
                decline(database, house.asking(), entry.id, None),
                withdraw(database, house.asking(), entry.id),
            ]
        )
        assert {type(refusal) for refusal in lost} <= {InvalidStatusChange}
        made = [one for one in won if isinstance(one, Appointment)]
        if made:
            assert await waiting.chain(entry) == ("booked", ["accepted"])
        else:
            assert await waiting.chain(entry) == ("withdrawn", ["declined"])
            await waiting.books(1, entry.offers[0].span.start)


async def test_offered_once(rounds: int, waiting: Waiting, house: House) -> None:
    """Two visits at overlapping times are canceled at once, and two readers read of it: one offer each.

    Whoever waits is offered one of them, the next in line the other.
    """
    for round_ in range(rounds):
        day = house.day + timedelta(days=round_)
        visits = [
            await waiting.books(patient, house.at(10, day=day), provider_id=provider.id)
            for patient, provider in ((2, house.perez), (3, house.chen))
        ]
        line = [await waiting.joins(n, first_date=day, last_date=day) for n in range(2)]
        await race(
            [cancel(waiting.board, house.asking(), one.id, reason=None, version=None) for one in visits]
        )
        await asyncio.gather(waiting.is_read(), waiting.is_read())
        await waiting.is_read()
        offers = [offer for one in line for offer in (await waiting.now(one)).offers]
        assert {offer.provider_id for offer in offers} == {house.perez.id, house.chen.id}
        assert [await waiting.chain(one) for one in line] == [("offered", ["open"])] * 2
