"""Parties: a family is booked together, or not at all."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Service
from deskcal.core.refusals import NotAllAvailable
from deskcal.core.together import Adjacency
from deskcal.core.verdict import Code
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.party import PartyOrder, book_party
from deskcal.store import listing
from deskcal.store.database import Database
from deskcal.store.listing import Filter
from house import House


async def party(
    board: Board,
    house: House,
    adjacency: Adjacency,
    *,
    people: int,
    start: datetime | None = None,
    providers: tuple[UUID, ...] = (),
    service: Service | None = None,
) -> list[Appointment]:
    order = PartyOrder(
        patient_ids=[patient.id for patient in house.patients[:people]],
        provider_ids=providers,
        service_id=(service or house.consult).id,
        start=start or house.at(10),
        adjacency=adjacency,
    )
    return await book_party(board, house.asking(), order)


async def test_side_by_side(database: Database, house: House) -> None:
    """Two at the same time are with two providers, in one batch, in the order in which they were named."""
    made = await party(Board(database), house, Adjacency.SAME_TIME, people=2)
    assert {one.provider_id for one in made} == {house.perez.id, house.chen.id}
    assert {one.span.start for one in made} == {house.at(10)}
    assert [one.patient_id for one in made] == [patient.id for patient in house.patients[:2]]
    assert made[0].batch_id is not None
    assert made[0].batch_id == made[1].batch_id


async def test_seats_side_by_side(database: Database, house: House) -> None:
    """Where a provider has seats the family sits together; the fourth goes to somebody else."""
    made = await party(Board(database), house, Adjacency.SAME_TIME, people=4, service=house.group)
    first, *others, last = made
    assert {one.provider_id for one in others} == {first.provider_id}
    assert last.provider_id != first.provider_id


async def test_back_to_back(database: Database, house: House) -> None:
    """One after the other is with one provider, who has time for all of them."""
    board = Board(database)
    busy = Order(
        patient_id=house.patients[3].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=house.at(10, 30),
    )
    await book(board, house.asking(), busy)
    made = await party(board, house, Adjacency.BACK_TO_BACK, people=3)
    assert {one.provider_id for one in made} == {house.chen.id}
    assert [one.span.start - house.at(10) for one in made] == [timedelta(minutes=30 * n) for n in range(3)]


async def test_all_or_nobody(database: Database, house: House) -> None:
    """Three cannot be seen by two at once: nobody is booked, and a verdict says who cannot."""
    board = Board(database)
    with pytest.raises(NotAllAvailable, match="1 of 3 cannot be booked") as refused:
        await party(board, house, Adjacency.SAME_TIME, people=3)
    *fine, third = refused.value.verdicts
    assert [verdict.available for verdict in fine] == [True, True]
    assert third.patient_id == house.patients[2].id
    assert third.reasons[0].message == "3 are to be seen at once, by 2 who can"
    assert third.alternatives
    end = house.at(16)
    with pytest.raises(NotAllAvailable) as refused:
        await party(board, house, Adjacency.BACK_TO_BACK, people=3, start=end, providers=(house.perez.id,))
    assert [[one.code for one in each.reasons] for each in refused.value.verdicts] == [
        [],
        [],
        [Code.OUTSIDE_HOURS],
    ]
    async with database.read(house.clinic.id) as tx:
        assert await listing.appointments(tx, Filter(), limit=9) == []


async def test_who_is_elsewhere(database: Database, house: House) -> None:
    """A patient with another appointment at that time is named; the others could come."""
    board = Board(database)
    elsewhere = Order(
        patient_id=house.patients[1].id,
        provider_id=house.chen.id,
        service_id=house.exam.id,
        start=house.at(9, 30),
    )
    await book(board, house.asking(), elsewhere)
    with pytest.raises(NotAllAvailable) as refused:
        await party(board, house, Adjacency.SAME_TIME, people=2, providers=(house.perez.id, house.chen.id))
    first, second = refused.value.verdicts
    assert first.available
    assert Code.PATIENT_ALREADY_BOOKED in {reason.code for reason in second.reasons}
