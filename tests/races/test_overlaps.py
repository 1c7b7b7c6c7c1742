"""Times that overlap without being equal: of a provider, of a room, of a patient."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from deskcal.core.refusals import Kind, Refusal, SlotTaken
from deskcal.flows.board import Board
from deskcal.store.database import Database
from house import House
from races.hiring import Admin
from races.rounds import Desk, race
from races.truth import Truth

pytestmark = pytest.mark.parametrize("rounds", [6, pytest.param(100, marks=pytest.mark.prove)])


@pytest.fixture
def board(database: Database) -> Board:
    return Board(database)


def desk(board: Board, house: House, round_: int) -> Desk:
    return Desk(board, house, round_=round_, now=datetime.now(UTC))


def insist_taken(refusals: Sequence[Refusal], kind: Kind) -> None:
    """Each loser is told at least one thing in the way, of that kind, and something else to take."""
    for refusal in refusals:
        assert isinstance(refusal, SlotTaken)
        assert kind in {conflict.kind for conflict in refusal.conflicts}
        assert refusal.alternatives


async def test_a_provider_sees_one_patient_at_a_time(
    rounds: int, board: Board, house: House, truth: Truth
) -> None:
    """Consults of 30 minutes and exams of 45 never overlap, and who loses, loses to a winner."""
    for round_ in range(rounds):
        front = desk(board, house, round_)
        won, lost = await race(
            [front.hold(house.perez, house.consult, 10 + at // 60, at % 60) for at in (0, 30, 60, 90)]
            + [front.hold(house.perez, house.exam, 10 + at // 60, at % 60) for at in (0, 15, 45, 60, 75)]
        )
        insist_taken(lost, Kind.PROVIDER)
        for refusal in lost:
            assert isinstance(refusal, SlotTaken)
            assert {conflict.span for conflict in refusal.conflicts} <= {placed.hold.span for placed in won}
        assert 2 <= len(won) <= 4
    truth.insist()


async def test_holding_and_booking_directly_compete_for_the_same_time(
    rounds: int, board: Board, house: House, truth: Truth
) -> None:
    """Of a hold and direct bookings that all overlap, exactly one is made."""
    for round_ in range(rounds):
        front = desk(board, house, round_)
        maria, mario, *_ = (patient.id for patient in house.patients)
        won, lost = await race(
            [
                front.hold(house.perez, house.consult, 10, 30),
                front.hold(house.perez, house.exam, 10, 15),
                front.book(house.perez, house.exam, 10, 30, patient_id=maria),
                front.book(house.perez, house.consult, 10, 30, patient_id=mario),
            ]
        )
        assert len(won) == 1
        insist_taken(lost, Kind.PROVIDER)
    truth.insist()


async def test_three_providers_share_two_rooms(rounds: int, board: Board, house: House, truth: Truth) -> None:
    """Three overlapping exams get the two rooms there are, each another one; the third is refused."""
    third = await Admin(board.database, house).hire("Dr. Ada Novak")
    for round_ in range(rounds):
        front = desk(board, house, round_)
        won, lost = await race(
            [
                front.hold(house.perez, house.exam, 10),
                front.hold(house.chen, house.exam, 10, 15),
                front.hold(third, house.exam, 10, 30),
            ]
        )
        assert {placed.hold.room_id for placed in won} == {room.id for room in house.rooms}
        assert len(won) == 2
        insist_taken(lost, Kind.ROOM)
    truth.insist()


async def test_one_room_is_wanted_by_two(rounds: int, board: Board, house: House, truth: Truth) -> None:
    """Where both insist on the same room, one gets it."""
    for round_ in range(rounds):
        front = desk(board, house, round_)
        won, lost = await race(
            [
                front.hold(house.perez, house.exam, 10, room_id=house.rooms[0].id),
                front.hold(house.chen, house.exam, 10, 30, room_id=house.rooms[0].id),
            ]
        )
        assert len(won) == 1
        insist_taken(lost, Kind.ROOM)
    truth.insist()


async def test_a_patient_is_in_one_place(rounds: int, board: Board, house: House, truth: Truth) -> None:
    """Overlapping bookings of one patient with two providers: one is made, however they are made."""
    maria = house.patients[0].id
    for round_ in range(rounds):
        front = desk(board, house, round_)
        early = await front.hold(house.perez, house.consult, 10)
        won, lost = await race(
            [
                front.confirm(early, patient_id=maria),
                front.book(house.chen, house.exam, 10, 15, patient_id=maria),
                front.hold(house.chen, house.exam, 10, patient_id=maria),
            ]
        )
        assert len(won) == 1
        assert all(isinstance(refusal, SlotTaken) and refusal.conflicts for refusal in lost)
    truth.insist()
