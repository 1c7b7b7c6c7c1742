"""What a process remembers of a clinic's days, against what the database says."""

from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import pytest

from deskcal.core.access import SYSTEM
from deskcal.core.localtime import local_day
from deskcal.core.refusals import RuleViolated
from deskcal.core.slot import Busy, Slot, SlotState
from deskcal.flows import rules
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.flows.calendar import provider_day, slot_at
from deskcal.flows.page import Page
from deskcal.store import log
from deskcal.store.database import Database
from flows.furnished import DAY, NOW, Furnished
from flows.furnishing import furnish
from house import House
from races.rounds import Desk

SOME, MANY = range(5), range(5, 200)
numbers = pytest.mark.parametrize(
    "number", [*SOME, *(pytest.param(number, marks=pytest.mark.prove) for number in MANY)]
)
GROUP_KEY = 1 << 62


@pytest.fixture
async def clinic(database: Database, number: int) -> Furnished:
    return await furnish(database, Random(f"board {number}"))  # noqa: S311  chance, not secrecy


def told(page: Page, patients: set[UUID]) -> tuple[dict[UUID, int], set[Busy], dict[Any, list[Any]]]:
    """Say all that a page tells of anybody but patients; only keys of group sessions mean something."""
    rows = {
        row if row.session_key & GROUP_KEY else replace(row, session_key=0)
        for resource_id, found in page.rows.items()
        if resource_id not in patients
        for row in found
    }
    return page.booked, rows, {key: sorted(times) for key, times in page.visits.items()}


async def anew(clinic: Furnished) -> View:
    """Look as a process does that has just started."""
    return await Board(clinic.board.database).view(clinic.clinic_id, clinic.window, clinic.now)


@numbers
async def test_pages_kept_by_the_log_are_those_read_anew(clinic: Furnished) -> None:
    """Whatever desks do, and however seldom somebody looks, not a bit differs."""
    patients = {patient.id for patient in clinic.patients}
    await clinic.view()
    for _ in range(16):
        for _ in range(clinic.chance.choice([1, 1, 4])):
            await clinic.act()
        kept, fresh = await clinic.view(), await anew(clinic)
        assert kept.seq == fresh.seq
        for page, other in zip(kept.pages, fresh.pages, strict=True):
            assert (page.day, *told(page, patients)) == (other.day, *told(other, patients))


@numbers
async def test_a_view_answers_as_the_database_does(clinic: Furnished) -> None:
    """Each slot of a day is in the state in which the database has it, looked at alone."""
    await clinic.view()
    for _ in range(15):
        await clinic.act()
    view = await clinic.view()
    async with clinic.board.database.read(clinic.clinic_id) as tx:
        for provider in clinic.providers:
            for service in clinic.services:
                lane = provider_day(view, provider_id=provider.id, service_id=service.id, on=DAY)
                for slot in lane.slots:
                    alone = await slot_at(
                        tx,
                        view.catalog,
                        provider=view.catalog.provider(provider.id),
                        service=view.catalog.service(service.id),
                        span=slot.span,
                        now=clinic.now,
                    )
                    assert alone is not None
                    assert plain(alone) == plain(slot)


def plain(slot: Slot) -> tuple[Slot, UUID | None]:
    """Tell a slot, and which hold is in its way, without what only the database knows of that."""
    return replace(slot, hold=None), slot.hold.hold_id if slot.hold else None


async def test_a_change_of_the_catalogue_is_seen_by_every_process(database: Database, house: House) -> None:
    """A process that was rung looks anew, one that hears no bell asks each time, and a writer always does."""
    deaf, rung, writing = Board(database), Board(database), Board(database)
    rung.listen(deaf=False)
    window = local_day(house.day, house.perez.zone)

    async def free(board: Board) -> bool:
        view = await board.view(house.clinic.id, window, NOW)
        lane = provider_day(view, provider_id=house.perez.id, service_id=house.consult.id, on=house.day)
        return any(slot.state is SlotState.AVAILABLE for slot in lane.slots)

    assert all([await free(board) for board in (deaf, rung, writing)])
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=NOW)
    closed = {"dates": [str(house.day)]}
    await rules.add(database, admin, house.consult.id, type_="blackout_dates", payload=closed, priority=100)
    async with database.read(house.clinic.id) as tx:
        rung.hear(house.clinic.id, await log.latest(tx))
    assert not any([await free(board) for board in (deaf, rung)])
    with pytest.raises(RuleViolated):
        await Desk(writing, house, round_=0, now=NOW).hold(house.perez, house.consult, 10)
