"""Work on many appointments: each has its turn, a verdict, and its place again when the job is undone."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from deskcal.core.booking import Appointment, Status
from deskcal.core.job import ItemState, JobState, Place
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotFound
from deskcal.flows import appointments, jobs, working
from deskcal.flows.board import Board
from deskcal.flows.bulk import KINDS, Cancel, Move, Reassign
from deskcal.flows.cancel import cancel
from deskcal.flows.jobs import Kind, Turn
from deskcal.flows.move import Move as To
from deskcal.flows.move import move
from deskcal.flows.progress import Progress, progress
from deskcal.store.database import Database
from house import House
from many import Many

DAY = timedelta(days=1)


@pytest.fixture
def many(database: Database, house: House) -> Many:
    return Many(Board(database), house)


@pytest.mark.parametrize("kind", ["cancel", "move", "reassign"])
async def test_done_and_undone(many: Many, house: House, kind: str) -> None:
    """Everybody has a turn; undone, every appointment is exactly where and what it was."""
    first, *_ = await many.books(*(house.at(hour) for hour in (9, 10, 11, 14)))
    before = await many.places()
    works: dict[str, Kind] = {
        "cancel": Cancel(selection=many.day, reason="ill"),
        "move": Move(selection=many.day, days=1, minutes=30),
        "reassign": Reassign(selection=many.day, to_provider_id=house.chen.id),
    }
    job = await many.does(works[kind])
    assert (job.state, job.total, job.done, job.refused) == (JobState.DONE, 4, 4, 0)
    became = (await many.places())[first.reference]
    expected = {
        "cancel": replace(Place.of(first), status=Status.CANCELED),
        "move": replace(Place.of(first), start=house.at(9, 30) + DAY, end=house.at(10) + DAY),
        "reassign": replace(Place.of(first), provider_id=house.chen.id),
    }[kind]
    assert became == expected
    assert [one.after for one in await many.items(job) if one.appointment_id == first.id] == [became]
    undo = await many.undoes(job)
    assert (undo.state, undo.done, undo.undo_of) == (JobState.DONE, 4, job.id)
    assert await many.places() == before
    assert (await many.now(job)).state is JobState.UNDONE
    with pytest.raises(InvalidStatusChange):
        await many.undoes(job)


async def test_the_clinic_takes_no_fee(many: Many, house: House) -> None:
    """A canceled one is refunded whole, and that is taken back with the job; each is told in the audit."""
    [made] = await many.books(house.at(9))
    job = await many.does(Cancel(selection=many.day, reason="ill"))
    gone = await appointments.find(many.board.database, house.desk, made.id)
    assert (gone.charged_cents, gone.refunded_cents, gone.change_reason) == (0, 8000, "ill")
    undo = await many.undoes(job)
    back, entries = await appointments.audit(many.board.database, house.desk, made.id)
    assert (back.status, back.refunded_cents, back.canceled_at) == (Status.SCHEDULED, 0, None)
    told = [(one.event_type, one.payload.get("jobId"), one.actor["id"]) for one in entries[1:]]
    assert told == [
        ("appointment.canceled", str(job.id), house.desk.sub),
        ("appointment.restored", str(undo.id), house.desk.sub),
    ]


async def test_neighbours_make_way_for_each_other(many: Many, house: House) -> None:
    """A full morning moves by half an hour to either side: who goes last finds the time free."""
    await many.books(*(house.at(hour, minute) for hour in (10, 11) for minute in (0, 30)))
    for minutes in (30, -60):
        job = await many.does(Move(selection=many.day, minutes=minutes))
        assert (job.done, job.refused) == (4, 0)


async def test_each_has_a_verdict(many: Many, house: House) -> None:
    """What cannot be is refused with the reason, the rest is done; the attempt is in the audit."""
    kept, free = await many.books(house.at(9), house.at(10))
    await many.books(house.at(9) + DAY)
    job = await many.does(Move(selection=many.day, to_date=house.day + DAY))
    assert (job.done, job.refused) == (1, 1)
    refused, done = await many.items(job)
    assert (refused.appointment_id, refused.state) == (kept.id, ItemState.REFUSED)
    assert refused.reason == "Dr. José Perez is already booked at that time."
    assert (done.appointment_id, done.state) == (free.id, ItemState.DONE)
    _, entries = await appointments.audit(many.board.database, house.desk, kept.id)
    last = entries[-1]
    assert (last.event_type, last.payload["action"], last.payload["jobId"]) == (
        "appointment.refused",
        "move",
        str(job.id),
    )


async def test_what_is_not_meant_any_more_is_left_alone(many: Many, house: House) -> None:
    """The desk canceled one and moved one away before their turns came: they are skipped."""
    gone, away, left = await many.books(house.at(9), house.at(10), house.at(11))
    job = await many.makes(Cancel(selection=many.day))
    await cancel(many.board, house.asking(), gone.id, reason=None, version=None)
    await move(many.board, house.asking(), away.id, To(start=house.at(10) + DAY), version=None)
    await many.works_off()
    assert {one.appointment_id: one.state for one in await many.items(job)} == {
        gone.id: ItemState.SKIPPED,
        away.id: ItemState.SKIPPED,
        left.id: ItemState.DONE,
    }
    assert (await many.now(job)).skipped == 2


async def test_a_dry_run_tells_the_truth(many: Many, house: House) -> None:
    """It judges each as the job would then, one after the other, and leaves everything as it was."""
    await many.books(*(house.at(hour) for hour in (9, 10, 16)), house.at(16, 30))
    before = await many.places()
    work = Move(selection=many.day, minutes=30)

    async def judged() -> list[tuple[str, ItemState, str | None]]:
        found = await working.judge(many.board, KINDS, house.asking(), work)
        return [(one.reference, one.state, one.reason) for one in found]

    verdicts = await judged()
    assert [state for _, state, _ in verdicts] == [ItemState.REFUSED] * 2 + [ItemState.DONE] * 2
    assert await many.places() == before
    assert await jobs.listed(many.board.database, house.desk, limit=10, after=None) == []
    job = await many.does(work)
    assert [(one.reference, one.state, one.reason) for one in await many.items(job)] == verdicts


async def test_undo_where_it_is_impossible_by_now(many: Many, house: House) -> None:
    """Time that somebody took, and what somebody changed since, is refused; the rest comes back.

    Undone again once the time is free, what was refused comes back too.
    """
    taken, changed, free = await many.books(house.at(9), house.at(10), house.at(11))
    job = await many.does(Reassign(selection=many.day, to_provider_id=house.chen.id))
    [other] = await many.books(house.at(9), first=3)
    said = Progress(status=Status.CONFIRMED)
    await progress(many.board, house.asking(), changed.id, said, version=None)
    undo = await many.undoes(job)
    reasons = {one.appointment_id: (one.state, one.reason) for one in await many.items(undo)}
    assert reasons[free.id] == (ItemState.DONE, None)
    assert reasons[taken.id] == (ItemState.REFUSED, "Dr. José Perez is already booked at that time.")
    assert reasons[changed.id][0] is ItemState.REFUSED
    assert (await many.now(job)).state is JobState.DONE
    await cancel(many.board, house.asking(), other.id, reason=None, version=None)
    again = await many.undoes(job)
    assert {one.appointment_id: one.state for one in await many.items(again)} == {
        taken.id: ItemState.DONE,
        changed.id: ItemState.REFUSED,
    }


async def test_stopped_and_taken_up_again(many: Many, house: House) -> None:
    """A stopped job does nothing more until it goes on; one that is over can neither stop nor go on."""
    database = many.board.database
    await many.books(house.at(9), house.at(10))
    job = await many.makes(Cancel(selection=many.day))
    with pytest.raises(InvalidStatusChange):
        await jobs.undo(database, house.asking(), job.id)
    stopped = await jobs.stop(database, house.asking(), job.id)
    await many.works_off()
    assert await many.now(job) == stopped
    await jobs.resume(database, house.asking(), job.id)
    await many.works_off()
    assert (await many.now(job)).done == 2
    for turn in (jobs.stop, jobs.resume):
        with pytest.raises(InvalidStatusChange):
            await turn(database, house.asking(), job.id)
    undo = await many.undoes(job)
    with pytest.raises(InvalidStatusChange):
        await jobs.undo(database, house.asking(), undo.id)


async def test_undoing_twice_is_one_job(many: Many, house: House) -> None:
    """Asked again while it is under way, even stopped, undoing goes on as the job that it is."""
    database = many.board.database
    await many.books(house.at(9))
    job = await many.does(Cancel(selection=many.day))
    undo = await jobs.undo(database, house.asking(), job.id)
    assert await jobs.undo(database, house.asking(), job.id) == undo
    await jobs.stop(database, house.asking(), undo.id)
    assert await jobs.undo(database, house.asking(), job.id) == undo


async def test_a_job_of_nothing_is_done(many: Many, house: House) -> None:
    """Where nothing is chosen there is nothing to wait for; who is not there is an error."""
    job = await many.makes(Cancel(selection=many.day))
    assert (job.state, job.total) == (JobState.DONE, 0)
    with pytest.raises(NotFound):
        await many.makes(Cancel(selection=replace(many.day, provider_id=house.consult.id)))
    with pytest.raises(Invalid):
        await many.makes(Cancel(selection=replace(many.day, location_id=house.consult.id)))
    with pytest.raises(NotFound):
        await many.makes(Reassign(selection=many.day, to_provider_id=house.consult.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumbling(Cancel):
    """It fails, in a way that nobody thought of, at whoever comes on the hour."""

    async def do(self, turn: Turn) -> Appointment | None:
        became = await super(Stumbling, self).do(turn)
        if turn.made.span.start.minute == 0:
            raise ZeroDivisionError
        return became


async def test_a_failure_holds_up_no_other(many: Many, house: House) -> None:
    """What fails unexpectedly is undone, refused by the name of the failure, and the rest goes on."""
    failing, well = await many.books(house.at(9), house.at(9, 30))
    job = await many.makes(Cancel(selection=many.day))
    await many.works_off({"cancel": Stumbling})
    found = {one.appointment_id: (one.state, one.reason) for one in await many.items(job)}
    assert found == {
        failing.id: (ItemState.REFUSED, "Something unexpected happened: ZeroDivisionError."),
        well.id: (ItemState.DONE, None),
    }
    assert (await many.places())[failing.reference] == Place.of(failing)
