"""A provider is away: their patients get new places that are held, moved to, and undone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskcal.core.booking import Appointment, Status
from deskcal.core.job import ItemState
from deskcal.core.plan import PlanState, Where
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotFound, SlotTaken
from deskcal.core.rota import parse_words
from deskcal.flows import hold, plans, providers, windows, working
from deskcal.flows.appointments import audit
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.bulk import KINDS
from deskcal.flows.cancel import cancel
from deskcal.flows.move import Move, move
from deskcal.flows.plans import Rehouse, Shown
from deskcal.flows.sick_day import SickDay, plan
from deskcal.store.database import Database
from flows.test_managing import booked
from house import House
from races.rounds import Desk, race

ALL_KINDS = {**KINDS, Rehouse.name: Rehouse}


def clock() -> datetime:
    return datetime.now(UTC)


class Clinic:
    """A day on which Dr. Perez is away."""

    def __init__(self, database: Database, house: House) -> None:
        self.board, self.house = Board(database), house

    async def books(self, *hours: int) -> list[Appointment]:
        return [
            await booked(self.board, self.house, self.house.at(hour), patient=number % 4)
            for number, hour in enumerate(hours)
        ]

    async def plans(self, *, asking: Asking[Any] | None = None, days: int = 7) -> Shown:
        sick = SickDay(provider_id=self.house.perez.id, day=self.house.day, days=days, seconds=1800)
        return await plan(self.board, asking or self.house.asking(), sick)

    async def applies(self, shown: Shown, only: Sequence[Appointment] | None = None) -> Shown:
        ids = None if only is None else {made.id for made in only}
        await plans.apply(self.board, self.house.asking(), shown.plan.id, ids)
        return await self.works_off(shown)

    async def undoes(self, shown: Shown) -> Shown:
        await plans.undo(self.board, self.house.asking(), shown.plan.id)
        return await self.works_off(shown)

    async def works_off(self, shown: Shown) -> Shown:
        await working.work_off(self.board, ALL_KINDS, clock)
        return await self.now(shown)

    async def now(self, shown: Shown) -> Shown:
        return await plans.find(self.board, self.house.desk, shown.plan.id, clock())

    async def works(self, words: str) -> None:
        """Let Dr. Chen have other hours."""
        database, asking = self.board.database, self.house.asking()
        await providers.set_hours(
            database, asking, self.house.chen.id, parse_words(words.split()), first=None, last=None
        )

    async def time_off(self) -> int:
        kind, perez = "provider", self.house.perez.id
        _, found = await windows.every(self.board.database, self.house.desk, kind, perez)  # type: ignore[arg-type]
        return len(found)


@pytest.fixture
def clinic(database: Database, house: House) -> Clinic:
    return Clinic(database, house)


async def test_a_plan_holds_the_same_time_with_somebody_else(clinic: Clinic, house: House) -> None:
    """Each has the same time with Dr. Chen, which nobody else can take; the appointments are as they were."""
    made = await clinic.books(9, 10)
    shown = await clinic.plans()
    assert [line.item.to for line in shown.lines] == [
        Where(provider_id=house.chen.id, room_id=None, span=one.span) for one in made
    ]
    assert [line.appointment for line in shown.lines] == made
    assert all(line.held for line in shown.lines)
    assert shown.lines[0].phone == house.patients[0].phone
    desk = Desk(clinic.board, house, round_=0, now=clock())
    with pytest.raises(SlotTaken):
        await desk.book(house.chen, house.consult, 9, patient_id=house.patients[3].id)
    again = await clinic.plans()
    assert again.plan == shown.plan


async def test_applied(clinic: Clinic, house: House) -> None:
    """All are moved with their ids, the provider has the day off, and the audit tells of the job."""
    made = await clinic.books(9, 10, 11)
    shown = await clinic.applies(await clinic.plans())
    assert [line.appointment.id for line in shown.lines] == [one.id for one in made]
    assert [Where.of(line.appointment) for line in shown.lines] == [line.item.to for line in shown.lines]
    assert {line.outcome and line.outcome.state for line in shown.lines} == {ItemState.DONE}
    assert shown.plan.state is PlanState.APPLIED
    assert await clinic.time_off() == 1
    with pytest.raises(Exception, match="no hours"):
        await clinic.books(14)
    _, entries = await audit(clinic.board.database, house.desk, made[0].id)
    [moved] = [entry for entry in entries if entry.event_type == "appointment.rescheduled"]
    assert moved.payload["jobId"] == str(shown.lines[0].item.job_id)


async def test_some_first_and_the_others_later(clinic: Clinic) -> None:
    """Some are moved and the others stay held; what is moved already is not moved again."""
    first, second = await clinic.books(9, 10)
    shown = await clinic.applies(await clinic.plans(), [first])
    assert [line.held for line in shown.lines] == [False, True]
    assert shown.lines[1].appointment == second
    shown = await clinic.applies(shown)
    assert [line.appointment.version for line in shown.lines] == [2, 2]
    assert await clinic.time_off() == 1
    with pytest.raises(Invalid):
        await clinic.applies(shown, [replace(first, id=shown.plan.id)])


async def test_undone(clinic: Clinic, house: House) -> None:
    """Undoing takes the day off back, and everybody whose time nobody has taken."""
    made = await clinic.books(9, 10)
    shown = await clinic.applies(await clinic.plans())
    moved = await move(
        clinic.board,
        house.asking(),
        made[1].id,
        Move(start=house.at(15), provider_id=house.chen.id),
        version=None,
    )
    back = await clinic.undoes(shown)
    assert Where.of(back.lines[0].appointment) == Where.of(made[0])
    assert back.lines[1].appointment.span == moved.span
    assert back.plan.state is PlanState.UNDONE
    assert await clinic.time_off() == 0
    assert (await clinic.undoes(shown)).lines == back.lines
    with pytest.raises(InvalidStatusChange, match="undone"):
        await clinic.applies(shown)


async def test_no_place_is_said_and_nothing_canceled(clinic: Clinic, house: House) -> None:
    """What nobody has time for, and what has begun to happen, stays as it is, with the reason."""
    await clinic.works("daily 09:00-09:30")
    [here, late] = await clinic.books(9, 16)
    for day in range(1, 8):
        words = parse_words(["daily", "off"])
        on = house.day + timedelta(days=day)
        await providers.set_hours(
            clinic.board.database, house.asking(), house.perez.id, words, first=on, last=on
        )
    taken = Desk(clinic.board, house, round_=0, now=clock())
    for day in range(8):
        taken.day = house.day + timedelta(days=day)
        await taken.book(house.chen, house.consult, 9, patient_id=house.patients[3].id)
    shown = await clinic.plans()
    assert [line.item.to for line in shown.lines] == [None, None]
    assert "nobody has time" in (shown.lines[0].item.reason or "")
    shown = await clinic.applies(shown)
    assert [line.appointment for line in shown.lines] == [here, late]
    assert {line.appointment.status for line in shown.lines} == {Status.SCHEDULED}


async def test_given_up(clinic: Clinic, house: House) -> None:
    """A plan that is given up gives its places back, and cannot be applied."""
    await clinic.books(9)
    shown = await clinic.plans()
    for _ in range(2):
        await plans.discard(clinic.board, house.asking(), shown.plan.id)
    desk = Desk(clinic.board, house, round_=0, now=clock())
    await desk.book(house.chen, house.consult, 9, patient_id=house.patients[3].id)
    with pytest.raises(InvalidStatusChange, match="given up"):
        await clinic.applies(shown)
    with pytest.raises(NotFound):
        await plans.find(clinic.board, house.desk, house.clinic.id, clock())


async def test_lapsed(clinic: Clinic, house: House) -> None:
    """After its holds ran out a plan moves whom it still can, and says who has been faster."""
    [first, _] = await clinic.books(9, 10)
    early = house.asking(clock() - timedelta(hours=1))
    shown = await clinic.plans(asking=early)
    await hold.sweep(clinic.board.database, clock())
    assert not any(line.held for line in (await clinic.now(shown)).lines)
    desk = Desk(clinic.board, house, round_=0, now=clock())
    await desk.book(house.chen, house.consult, 9, patient_id=house.patients[3].id)
    shown = await clinic.applies(shown)
    assert [line.outcome and line.outcome.state for line in shown.lines] == [
        ItemState.REFUSED,
        ItemState.DONE,
    ]
    assert shown.lines[0].appointment.span == first.span
    assert "already booked" in str(shown.lines[0].outcome and shown.lines[0].outcome.reason)
    assert shown.lines[1].appointment.provider_id == house.chen.id
    assert (await clinic.plans()).lines[0].item.to is not None


async def test_moved_meanwhile(clinic: Clinic, house: House) -> None:
    """Whom the desk has moved or canceled since the plan was made is left as they are now."""
    first, second = await clinic.books(9, 10)
    shown = await clinic.plans()
    await move(clinic.board, house.asking(), first.id, Move(start=house.at(15)), version=None)
    await cancel(clinic.board, house.asking(), second.id, reason=None, version=None)
    shown = await clinic.applies(shown)
    assert [line.outcome and line.outcome.state for line in shown.lines] == [
        ItemState.SKIPPED,
        ItemState.SKIPPED,
    ]
    assert shown.lines[0].appointment.span.start == house.at(15)


async def test_killed_between_items(clinic: Clinic) -> None:
    """A worker that dies after any item leaves the rest to another, and it ends as if nobody had died."""
    await clinic.books(9, 10, 11, 14)
    shown = await clinic.plans()
    await plans.apply(clinic.board, clinic.house.asking(), shown.plan.id, None)
    [job_id] = {line.item.job_id for line in (await clinic.now(shown)).lines}
    assert job_id is not None
    clinic_id = clinic.house.clinic.id
    assert await working.step(clinic.board, ALL_KINDS, clinic_id, job_id, clock)
    await plans.apply(clinic.board, clinic.house.asking(), shown.plan.id, None)
    shown = await clinic.works_off(shown)
    assert [Where.of(line.appointment) for line in shown.lines] == [line.item.to for line in shown.lines]
    assert [line.appointment.version for line in shown.lines] == [2] * 4


@pytest.mark.parametrize("lapsed", [False, True])
async def test_desks_book_while_it_is_applied(clinic: Clinic, house: House, lapsed: bool) -> None:
    """Who has a place held gets it; where the holds ran out each place goes to one, plan or desk."""
    hours = (9, 10, 11, 14)
    await clinic.books(*hours)
    shown = await clinic.plans(asking=house.asking(clock() - timedelta(hours=lapsed)))
    await plans.apply(clinic.board, house.asking(), shown.plan.id, None)
    desk = Desk(clinic.board, house, round_=0, now=clock())
    bookings = [
        desk.book(house.chen, house.consult, hour, patient_id=house.patients[(place + 1) % 4].id)
        for place, hour in enumerate(hours)
    ]
    [shown, *won], refusals = await race([clinic.works_off(shown), *bookings])
    moved = [line for line in shown.lines if line.appointment.provider_id == house.chen.id]
    assert len(moved) + len(won) == len(hours)
    assert len(won) + len(refusals) == len(hours)
    assert lapsed or not won
    left = [line for line in shown.lines if line not in moved]
    assert all(line.outcome and line.outcome.state is ItemState.REFUSED for line in left)


async def test_two_plans_at_once(clinic: Clinic) -> None:
    """Two who plan the same day at the same moment get one plan between them."""
    await clinic.books(9, 10)
    won, refusals = await race([clinic.plans(), clinic.plans(), clinic.plans()])
    assert len({shown.plan.id for shown in won}) == 1
    assert len(won) + len(refusals) == 3
    held = await clinic.plans()
    assert all(line.held for line in held.lines)


async def test_a_day_that_is_over(clinic: Clinic, house: House) -> None:
    """A day that is over is not planned."""
    sick = SickDay(provider_id=house.perez.id, day=house.day - timedelta(days=30), days=7, seconds=1800)
    with pytest.raises(Invalid, match="over"):
        await plan(clinic.board, house.asking(), sick)
