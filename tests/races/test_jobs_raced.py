"""Jobs that are killed, worked on twice at once, and run into a desk: each appointment has one turn."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

import pytest

from deskcal.core.booking import Appointment
from deskcal.core.job import ItemState, JobState
from deskcal.core.refusals import SlotTaken
from deskcal.flows.board import Board
from deskcal.flows.bulk import Cancel, Move, Selection
from deskcal.flows.jobs import Turn
from deskcal.store import log
from deskcal.store.database import Database
from house import House
from many import Many
from races.truth import Truth

DAY = timedelta(days=1)
SLOTS = [(hour, minute) for hour in (9, 10, 11, 13, 14, 15) for minute in (0, 30)]


@pytest.fixture
def many(database: Database, house: House) -> Many:
    return Many(Board(database), house)


async def told(many: Many, event_type: str) -> Counter[str]:
    """Count what the log tells of each appointment."""
    async with many.board.database.read(many.house.clinic.id) as tx:
        found = await log.filtered(tx, since=0, limit=1000, aggregate_id=None, event_type=event_type)
    return Counter(str(entry.aggregate_id) for entry in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dying(Cancel):
    """It hangs within the transaction of whoever has the third turn, with everything written."""

    at: ClassVar[asyncio.Event]
    turns: ClassVar[list[str]]

    async def do(self, turn: Turn) -> Appointment | None:
        became = await super(Dying, self).do(turn)
        self.turns.append(turn.made.reference)
        if len(self.turns) == 3:
            self.at.set()
            await asyncio.Event().wait()
        return became


async def test_killed_between_and_within(many: Many, house: House, truth: Truth) -> None:
    """A worker that dies in the middle of a turn has done the turns before, and nothing of that one."""
    made = await many.books(*(house.at(*slot) for slot in SLOTS))
    job = await many.makes(Cancel(selection=many.day))
    Dying.at, Dying.turns = asyncio.Event(), []
    worker = asyncio.create_task(many.works_off({"cancel": Dying}))
    await Dying.at.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    left = await many.now(job)
    assert (left.state, left.done) == (JobState.RUNNING, 2)
    assert (await told(many, "appointment.canceled")).total() == 2
    await many.works_off()
    assert (await many.now(job)).done == len(made)
    assert await told(many, "appointment.canceled") == Counter(str(one.id) for one in made)
    truth.insist()


@pytest.mark.parametrize("rounds", [2, pytest.param(30, marks=pytest.mark.prove)])
async def test_two_workers(rounds: int, many: Many, house: House, truth: Truth) -> None:
    """Two that believe to have the duty work on the same job: every turn is had once."""
    for round_ in range(rounds):
        made = await many.books(*(house.at(*slot) for slot in SLOTS))
        job = await many.makes(Cancel(selection=many.day))
        await asyncio.gather(*(many.works_off() for _ in range(3)))
        done = await many.now(job)
        assert (done.state, done.done, done.refused) == (JobState.DONE, len(made), 0)
        counted = await told(many, "appointment.canceled")
        assert (set(counted.values()), len(counted)) == ({1}, len(made) * (round_ + 1))
    truth.insist()


@pytest.mark.parametrize("rounds", [2, pytest.param(30, marks=pytest.mark.prove)])
async def test_a_desk_books_where_it_moves_to(
    rounds: int,
    many: Many,
    house: House,
    truth: Truth,
    record_property: Callable[[str, object], None],
) -> None:
    """While a day is moved to the next, a desk books there: each slot is had once, and the job says by whom.

    Undone, what was moved is back, and the desk keeps what it has.
    """
    first = []
    for _ in range(rounds):
        made = await many.books(*(house.at(*slot) for slot in SLOTS))
        before = await many.places()
        job = await many.makes(Move(selection=many.day, days=1))
        *_, won = await asyncio.gather(
            many.works_off(), many.works_off(), _booked(many, [house.at(*slot) + DAY for slot in SLOTS])
        )
        first.append(len(won))
        for item in await many.items(job):
            start = next(one.span.start for one in made if one.id == item.appointment_id) + DAY
            assert item.state is (ItemState.REFUSED if start in won else ItemState.DONE), item
        truth.insist()
        await many.undoes(job)
        assert before.items() <= (await many.places()).items()
        truth.insist()
        for day in (many.day, _next(many)):
            await many.does(Cancel(selection=day))
    record_property(f"slots that the desk had first, of {len(SLOTS)}", first)


async def _booked(many: Many, wished: Sequence[datetime]) -> set[datetime]:
    """Book one time after the other; gives those that could be had."""
    won = set()
    for start in wished:
        with suppress(SlotTaken):
            await many.books(start)
            won.add(start)
    return won


def _next(many: Many) -> Selection:
    day = many.house.day + DAY
    return replace(many.day, first=day, last=day)
