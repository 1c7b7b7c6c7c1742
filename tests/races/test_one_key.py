"""One idempotency key, one answer: however often, from wherever and whenever it is asked again."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from deskcal.core.access import Role
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.store.answers import Claim, Kept, Replayed
from deskcal.store.database import Database
from house import House
from races import asks
from races.callers import Callers, callers
from races.truth import Truth


@pytest.fixture
async def desks(addresses: tuple[str, str], house: House) -> AsyncIterator[Callers]:
    """Give twenty desks at two servers."""
    async with callers(addresses, house.headers(), 20) as opened:
        yield opened


async def test_confirmed_at_two_servers_booked_once(desks: Callers, house: House, truth: Truth) -> None:
    """Twenty confirmations with one key at once make one booking, and tell of it or ask for a moment."""
    held = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(10)))
    ask = asks.confirm(held.body["reservationToken"], patient_id=house.patients[0].id, key="once")
    answers = await desks.at_once([ask] * 20)
    first = [answer for answer in answers if answer.status == 201 and not answer.replayed]
    assert len(first) == 1
    for answer in answers:
        if answer.status == 201:
            assert answer.text == first[0].text
        else:
            assert (answer.status, answer.error) == (409, "IDEMPOTENCY_IN_PROGRESS")
            assert int(answer.headers["Retry-After"]) >= 1
    late = await desks.ask(1, ask)
    assert (late.status, late.text, late.replayed) == (201, first[0].text, True)
    assert truth.booked() == {first[0].body["id"]}
    truth.insist()


async def test_a_refusal_is_kept_as_well(desks: Callers, house: House) -> None:
    """Who was refused is refused again with the same key, also when the slot is free by then."""
    held = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(10)))
    ask = asks.hold(house.perez, house.consult, house.at(10), key="refused")
    refused = await desks.ask(0, ask)
    await desks.ask(0, asks.release(held.body["reservationToken"]))
    again = await desks.ask(1, ask)
    assert refused.error == "SLOT_HELD"
    assert (again.status, again.text, again.replayed) == (409, refused.text, True)
    anew = await desks.ask(1, asks.hold(house.perez, house.consult, house.at(10), key="anew"))
    assert anew.status == 201


async def test_a_key_belongs_to_one_request(desks: Callers, house: House) -> None:
    """The same key with another body, or for another route, is refused and changes nothing."""
    first = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(10), key="mine"))
    for other in (
        asks.hold(house.perez, house.consult, house.at(11), key="mine"),
        asks.book(
            house, house.perez, house.consult, house.at(11), patient_id=house.patients[0].id, key="mine"
        ),
    ):
        refused = await desks.ask(1, other)
        assert (refused.status, refused.error) == (422, "IDEMPOTENCY_KEY_REUSED")
    again = await desks.ask(1, asks.hold(house.perez, house.consult, house.at(10), key="mine"))
    assert again.text == first.text


async def test_a_key_belongs_to_one_caller(addresses: tuple[str, str], house: House, truth: Truth) -> None:
    """Two callers who happen to choose the same key get an answer each."""
    at = [house.at(10), house.at(11)]
    tokens = []
    for role, start in zip((Role.FRONT_DESK, Role.ADMIN), at, strict=True):
        async with callers(addresses, house.headers(role), 1) as desk:
            held = await desk.ask(0, asks.hold(house.perez, house.consult, start, key="one"))
            assert held.status == 201
            tokens.append(held.body["reservationToken"])
    assert len(set(tokens)) == 2
    truth.insist()


async def test_a_failure_is_not_kept(desks: Callers, house: House, database_url: str) -> None:
    """What went wrong inside is tried again with the same key, and works once the cause is gone."""
    ask = asks.hold(house.perez, house.consult, house.at(10), key="again")
    with psycopg.connect(database_url, autocommit=True) as operator:
        operator.execute("revoke insert on holds from deskcal_app")
        failed = await desks.ask(0, ask)
        operator.execute("grant insert on holds to deskcal_app")
    assert failed.status >= 500
    held = await desks.ask(1, ask)
    assert (held.status, held.replayed) == (201, False)


async def test_a_renewal_is_answered_again_when_the_hold_is_over(desks: Callers, house: House) -> None:
    """The answer to a renewal that was lost on the way is still there after the hold was confirmed."""
    held = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(10)))
    token = held.body["reservationToken"]
    renewed = await desks.ask(0, asks.renew(token, key="longer"))
    assert renewed.status == 200
    await desks.ask(0, asks.confirm(token, patient_id=house.patients[0].id))
    again = await desks.ask(1, asks.renew(token, key="longer"))
    assert (again.status, again.text, again.replayed) == (200, renewed.text, True)


async def test_what_was_booked_in_time_is_not_stale_when_asked_again(
    database: Database, house: House
) -> None:
    """A direct booking on fresh availability gets its first answer also after those 30 seconds."""
    now = datetime.now(UTC)
    order = Order(
        patient_id=house.patients[0].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(10),
        end=None,
        room_id=None,
        mode=None,
        notes=None,
        seen_at=now,
    )
    answer = Kept(status=201, body=b"booked")
    claim = Claim.of(owner=house.desk.sub, key="fresh", request=b"the same")
    asking: Asking[Any] = Asking(actor=house.desk, now=now, claim=claim, keep=lambda _outcome: answer)
    await book(Board(database), asking, order)
    with pytest.raises(Replayed) as replayed:
        await book(Board(database), replace(asking, now=now + timedelta(minutes=2)), order)
    assert replayed.value.kept == answer
