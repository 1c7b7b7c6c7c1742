"""The waitlist: a freed time is held for the first in line whom it suits, and passed on."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from deskcal.core.access import SCOPES, Actor, Role
from deskcal.core.booking import Status
from deskcal.core.refusals import HoldExpired, Invalid, InvalidStatusChange, NotAllowed, NotFound, SlotTaken
from deskcal.core.span import Span
from deskcal.flows.board import Board
from deskcal.flows.cancel import cancel
from deskcal.flows.hold import sweep
from deskcal.flows.move import Move, move
from deskcal.flows.progress import Progress, progress
from deskcal.flows.waitlist import Acceptance, accept, decline, join, page, withdraw
from deskcal.store.database import Database
from house import House
from waiting import OFFER, Waiting

NEWEST = Acceptance(offer_id=None, mode=None, notes=None)


@pytest.fixture
def waiting(database: Database, house: House) -> Waiting:
    return Waiting(Board(database), house)


async def test_a_freed_time_is_held_for_the_first_in_line(waiting: Waiting, house: House) -> None:
    """The highest priority comes first, then who waits longest; nobody else can have the time meanwhile."""
    made = await waiting.books(3, house.at(9))
    first, second, urgent = [await waiting.joins(n, priority=n // 2) for n in range(3)]
    await cancel(waiting.board, house.asking(), made.id, reason=None, version=None)
    now = house.asking().now
    await waiting.is_read(now)
    assert [await waiting.chain(one) for one in (urgent, first, second)] == [
        ("offered", ["open"]),
        ("waiting", []),
        ("waiting", []),
    ]
    [offer] = (await waiting.now(urgent)).offers
    assert (offer.span, offer.expires_at) == (made.span, now + OFFER)
    with pytest.raises(SlotTaken):
        await waiting.books(0, house.at(9))
    booked = await accept(waiting.board, house.asking(), urgent.id, NEWEST)
    assert (booked.patient_id, booked.span, booked.status) == (
        urgent.patient_id,
        made.span,
        Status.CONFIRMED,
    )
    assert await waiting.chain(urgent) == ("booked", ["accepted"])
    with pytest.raises(InvalidStatusChange):
        await accept(waiting.board, house.asking(), urgent.id, NEWEST)


async def test_passed_on_until_nobody_is_left(waiting: Waiting, house: House) -> None:
    """Lapsed and declined offers go to the next; nobody is asked twice, and in the end the time is free."""
    made = await waiting.books(3, house.at(9))
    first, second = [await waiting.joins(n) for n in range(2)]
    await cancel(waiting.board, house.asking(), made.id, reason=None, version=None)
    await waiting.is_read()
    [offer] = (await waiting.now(first)).offers
    await sweep(waiting.board.database, offer.expires_at)
    with pytest.raises(HoldExpired) as late:
        await accept(waiting.board, house.asking(), first.id, NEWEST)
    assert made.span in {slot.span for slot in late.value.alternatives}
    await waiting.is_read()
    assert await waiting.chain(first) == ("waiting", ["lapsed"])
    assert await waiting.chain(second) == ("offered", ["open"])
    await decline(waiting.board.database, house.asking(), second.id, None)
    await waiting.is_read()
    assert await waiting.chain(first) == ("waiting", ["lapsed"])
    assert await waiting.chain(second) == ("waiting", ["declined"])
    with pytest.raises(InvalidStatusChange):
        await accept(waiting.board, house.asking(), second.id, NEWEST)
    await waiting.books(0, house.at(9))


async def test_a_long_time_is_shared(waiting: Waiting, house: House) -> None:
    """What an offer leaves of the freed time is offered to the next in line at once."""
    made = await waiting.books(3, house.at(9))
    long = await move(
        waiting.board, house.asking(), made.id, Move(start=house.at(9), end=house.at(10)), version=None
    )
    entries = [await waiting.joins(n) for n in range(3)]
    await cancel(waiting.board, house.asking(), long.id, reason=None, version=None)
    await waiting.is_read()
    offers = [offer for one in entries for offer in (await waiting.now(one)).offers]
    assert [offer.span for offer in offers] == [
        Span.of_minutes(house.at(9), 30),
        Span.of_minutes(house.at(9, 30), 30),
    ]


async def test_moved_and_missed(waiting: Waiting, house: House) -> None:
    """The old time of a moved appointment is offered, and what a no-show gives away until it begins."""
    made = await waiting.books(3, house.at(9))
    missed = await waiting.books(2, house.at(11))
    first, second = [await waiting.joins(n) for n in range(2)]
    await move(waiting.board, house.asking(), made.id, Move(start=house.at(14)), version=None)
    await waiting.is_read()
    [offer] = (await waiting.now(first)).offers
    assert offer.span == made.span
    begun = replace(house.asking(), now=house.at(11))
    await progress(waiting.board, begun, missed.id, Progress(status=Status.NO_SHOW, free=True), version=None)
    await waiting.is_read(begun.now + timedelta(minutes=1))
    assert await waiting.chain(second) == ("waiting", [])


async def test_not_for_who_is_elsewhere_or_gave_it_up(waiting: Waiting, house: House) -> None:
    """Who has another visit then is passed over, and who canceled is not offered their own time."""
    made = await waiting.books(3, house.at(9))
    await waiting.books(0, house.at(9), provider_id=house.chen.id)
    entries = [await waiting.joins(n) for n in (3, 0, 1)]
    await cancel(waiting.board, house.asking(), made.id, reason=None, version=None)
    await waiting.is_read()
    assert [(await waiting.chain(one))[0] for one in entries] == ["waiting", "waiting", "offered"]


async def test_no_offer_lasts_into_its_visit(waiting: Waiting, house: House) -> None:
    """An offer ends when its time begins, however long offers last."""
    made = await waiting.books(3, house.at(9))
    entry = await waiting.joins(0)
    shortly = made.span.start - timedelta(minutes=5)
    await cancel(waiting.board, house.asking(shortly), made.id, reason=None, version=None)
    await waiting.is_read(shortly)
    [offer] = (await waiting.now(entry)).offers
    assert offer.expires_at == made.span.start


async def test_leaving_passes_the_offer_on(waiting: Waiting, house: House) -> None:
    """Who leaves the waitlist lets go of what is offered; leaving twice is the same."""
    made = await waiting.books(3, house.at(9))
    first, second = [await waiting.joins(n) for n in range(2)]
    await cancel(waiting.board, house.asking(), made.id, reason=None, version=None)
    await waiting.is_read()
    for _ in range(2):
        await withdraw(waiting.board.database, house.asking(), first.id)
    await waiting.is_read()
    assert await waiting.chain(first) == ("withdrawn", ["declined"])
    assert await waiting.chain(second) == ("offered", ["open"])
    await accept(waiting.board, house.asking(), second.id, NEWEST)
    with pytest.raises(InvalidStatusChange):
        await withdraw(waiting.board.database, house.asking(), second.id)


async def test_a_taken_time_is_offered_to_nobody(waiting: Waiting, house: House) -> None:
    """Whoever books the freed time before it is offered has it."""
    made = await waiting.books(3, house.at(9))
    entry = await waiting.joins(0)
    await cancel(waiting.board, house.asking(), made.id, reason=None, version=None)
    await waiting.books(2, house.at(9))
    await waiting.is_read()
    assert await waiting.chain(entry) == ("waiting", [])


async def test_patients_see_and_answer_their_own(waiting: Waiting, house: House) -> None:
    """To a patient another's entry is not there; notes and priority are not theirs to give."""
    mine, other = [await waiting.joins(n) for n in range(2)]
    maria = Actor(
        sub="maria",
        role=Role.PATIENT,
        clinic_id=house.clinic.id,
        scopes=SCOPES[Role.PATIENT],
        patient_id=house.patients[0].id,
    )
    asking = replace(house.asking(), actor=maria)
    listed = await page(
        waiting.board.database,
        maria,
        patient_id=None,
        service_id=None,
        states=None,
        after=None,
        limit=50,
    )
    assert [entry.id for entry in listed] == [mine.id]
    with pytest.raises(NotFound):
        await withdraw(waiting.board.database, asking, other.id)
    with pytest.raises(InvalidStatusChange):
        await accept(waiting.board, asking, mine.id, NEWEST)
    with pytest.raises(NotAllowed):
        await join(waiting.board, asking, replace(mine, priority=1))


async def test_a_wish_that_cannot_be(waiting: Waiting, house: House) -> None:
    """Days that are over or the wrong way round, and places that are not there, are refused by name."""
    wishes: dict[str, dict[str, Any]] = {
        "lastDate": {"first_date": house.day, "last_date": house.day - timedelta(days=1)},
        "locationId": {"location_id": house.clinic.id},
    }
    for field, wish in wishes.items():
        with pytest.raises(Invalid) as refused:
            await waiting.joins(0, **wish)
        assert [name for name, _ in refused.value.fields] == [field]
