"""A hold ends once: confirmed, released or lapsed, whoever is after it at the same moment."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from deskcal.core.booking import Appointment
from deskcal.core.refusals import HoldExpired, SlotTaken
from deskcal.flows.board import Board
from deskcal.flows.hold import release, renew, sweep
from deskcal.store.database import Database
from house import House
from races.rounds import Desk, race
from races.truth import Truth

MOMENT = timedelta(milliseconds=1)
WAITING = """
select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
"""

pytestmark = pytest.mark.parametrize("rounds", [6, pytest.param(100, marks=pytest.mark.prove)])


@pytest.fixture
def board(database: Database) -> Board:
    return Board(database)


async def test_confirmed_or_lapsed_but_never_both(
    rounds: int, board: Board, house: House, truth: Truth
) -> None:
    """In its last millisecond a hold is confirmed while the sweeper and a competitor come for its slot."""
    maria = house.patients[0].id
    for round_ in range(rounds):
        front = Desk(board, house, round_=round_, now=datetime.now(UTC))
        held = await front.hold(house.perez, house.consult, 10)
        over = held.hold.expires_at
        won, lost = await race(
            [
                front.confirm(held, patient_id=maria, now=over - MOMENT),
                front.hold(house.perez, house.exam, 10, 15, now=over),
                sweep(board.database, over),
            ]
        )
        made = [one for one in won if isinstance(one, Appointment)]
        swept = sum(one for one in won if isinstance(one, int))
        events = {entry.type for entry in truth.log() if entry.about == str(held.hold.id)}
        assert events == ({"hold.placed"} if made else {"hold.placed", "hold.lapsed"})
        assert swept == 0 or not made
        assert len(lost) == 1
        assert isinstance(lost[0], SlotTaken if made else HoldExpired)
    truth.insist()


async def test_confirmed_once(rounds: int, board: Board, house: House, truth: Truth) -> None:
    """Confirming, releasing and renewing one hold at once ends it once."""
    maria, mario, *_ = (patient.id for patient in house.patients)
    for round_ in range(rounds):
        front = Desk(board, house, round_=round_, now=datetime.now(UTC))
        held = await front.hold(house.perez, house.consult, 10)
        won, lost = await race(
            [
                front.confirm(held, patient_id=maria),
                release(board.database, house.asking(), held.token),
                front.confirm(held, patient_id=mario),
                renew(board.database, house.asking(), held.token, seconds=120),
            ]
        )
        assert len([one for one in won if isinstance(one, Appointment)]) <= 1
        assert all(isinstance(refusal, HoldExpired) for refusal in lost)
    truth.insist()


async def test_a_hold_given_back_while_its_confirmation_starts_over_is_not_confirmed(
    rounds: int, board: Board, house: House, database_url: str, truth: Truth
) -> None:
    """A confirmation starts over when the patient is held elsewhere; a release that slips in there counts."""
    maria = house.patients[0].id
    for round_ in range(rounds):
        front = Desk(board, house, round_=round_, now=datetime.now(UTC))
        elsewhere = await front.hold(house.chen, house.exam, 10, patient_id=maria, seconds=60)
        over = elsewhere.hold.expires_at
        held = await front.hold(house.perez, house.consult, 10)
        async with await psycopg.AsyncConnection.connect(database_url) as other:
            await other.execute("select from occupancy where hold_id = %s for update", [elsewhere.hold.id])
            await other.execute("update occupancy set seat = seat where hold_id = %s", [elsewhere.hold.id])
            confirming = asyncio.create_task(race([front.confirm(held, patient_id=maria, now=over)]))
            await until_waiting(database_url, 1)
            releasing = asyncio.create_task(release(board.database, house.asking(over), held.token))
            await until_waiting(database_url, 2)
        await asyncio.gather(confirming, releasing)
        truth.insist()


async def until_waiting(database_url: str, sessions: int) -> None:
    """Return once so many sessions wait for others."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        while True:
            cursor = await connection.execute(WAITING)
            if await cursor.fetchone() == (sessions,):
                return
