"""Desks at two servers change the same appointment at the same moment, round after round."""

from datetime import date, datetime, timedelta
from itertools import cycle, islice
from uuid import UUID

import pytest

from house import House
from races import asks
from races.callers import Answer, Ask, Callers, callers
from races.truth import Truth

DESKS = 20
SAID = {
    "appointment.rescheduled",
    "appointment.canceled",
    "appointment.status_changed",
    "appointment.refused",
}


class Round:
    """An appointment of Maria Lopez on a day of its own, and everybody who is after it."""

    def __init__(self, desks: Callers, house: House, truth: Truth, day: date) -> None:
        self.desks, self.house, self.truth, self.day = desks, house, truth, day
        self.id = ""

    async def begin(self) -> None:
        maria = self.house.patients[0].id
        self.id = (await self.desks.ask(0, self.book(10, 0, maria))).body["appointment"]["id"]

    def at(self, hour: int, minute: int = 0) -> datetime:
        return self.house.at(hour, minute, day=self.day)

    def book(self, hour: int, minute: int, patient_id: UUID, on_top: str | None = None) -> Ask:
        house, at = self.house, self.at(hour, minute)
        return asks.book(house, house.perez, house.consult, at, patient_id=patient_id, overbook=on_top)

    def change(self, seen: int | str = 1, **changes: str) -> Ask:
        return asks.change(self.house, self.id, seen, **changes)

    def move(self, hour: int, minute: int = 0) -> Ask:
        return self.change(start=self.at(hour, minute).isoformat())

    async def hold(self, hour: int, minute: int = 0) -> str:
        """Hold a slot for moving the appointment; gives the token."""
        ask = asks.hold(self.house.perez, self.house.consult, self.at(hour, minute), moving=self.id)
        return str((await self.desks.ask(0, ask)).body["reservationToken"])

    async def race(self, *asked: Ask) -> list[Answer]:
        """Let all ask at once, at both servers in turn; the audit has each attempt on the appointment."""
        answers = await self.desks.at_once(asked)
        assert all(answer.status < 500 for answer in answers), answers
        changes = [answer for ask, answer in zip(asked, answers, strict=True) if self.id in ask.path]
        told = [entry.type for entry in self.truth.log() if entry.about == self.id and entry.type in SAID]
        assert told.count("appointment.refused") == sum(answer.status >= 400 for answer in changes)
        assert len(told) == len(changes)
        self.truth.insist()
        return answers


async def one_change_of_what_all_saw_goes_in(scene: Round) -> None:
    """Desks that saw the same version move, cancel and check in: one is done, the others look again."""
    first, second = await scene.hold(10), await scene.hold(15)
    ways = cycle(
        (
            scene.move(10, 30),
            asks.cancel(scene.id, 1),
            scene.move(12),
            scene.change(status="checked_in"),
            asks.reschedule(scene.id, first, 1),
            asks.reschedule(scene.id, second, 1),
            scene.change(status="canceled"),
        )
    )
    answers = await scene.race(*islice(ways, DESKS))
    assert sorted(answer.status for answer in answers) == [200, *[412] * (DESKS - 1)]
    assert {answer.error for answer in answers} == {None, "PRECONDITION_FAILED"}


async def what_is_canceled_goes_nowhere(scene: Round) -> None:
    """Desks that do not say what they saw check in, cancel, and move through two holds.

    Each is done upon what came before, or told why not; in the end it is canceled and its time is free.
    """
    first, second = await scene.hold(10), await scene.hold(15)
    gone, *others = await scene.race(
        asks.cancel(scene.id),
        scene.change("*", status="checked_in"),
        asks.reschedule(scene.id, first),
        asks.reschedule(scene.id, second),
    )
    assert gone.status == 200
    for answer in others:
        assert (answer.status, answer.error) in {(200, None), (409, "INVALID_STATUS_CHANGE")}
    taken = {about for _, _, _, about in scene.truth.taken()}
    assert scene.id not in taken


async def nobody_comes_between(scene: Round) -> None:
    """Others are booked on top while it is canceled: then they are guarded, and nobody else gets in there."""
    mario, aiko, lukasz = (patient.id for patient in scene.house.patients[1:])
    one, two, _, canceled = await scene.race(
        scene.book(10, 10, mario, on_top="urgent"),
        scene.book(10, 15, aiko, on_top="urgent"),
        scene.book(10, 0, lukasz),
        asks.cancel(scene.id),
    )
    assert (one.status, two.status, canceled.status) == (201, 201, 200)


async def its_time_is_held_or_free(scene: Round) -> None:
    """Somebody wants its time while it moves away: they have it, or are told that it is taken."""
    mario = scene.house.patients[1].id
    moved, other = await scene.race(scene.move(15), scene.book(10, 0, mario))
    assert moved.status == 200
    assert (other.status, other.error) in {(201, None), (409, "SLOT_ALREADY_BOOKED")}


@pytest.mark.parametrize("rounds", [2, pytest.param(60, marks=pytest.mark.prove)])
async def test_one_outcome_whoever_was_first(
    rounds: int, addresses: tuple[str, str], house: House, truth: Truth
) -> None:
    """Nothing is booked twice or left half done, and the audit has each attempt."""
    races = (
        one_change_of_what_all_saw_goes_in,
        what_is_canceled_goes_nowhere,
        nobody_comes_between,
        its_time_is_held_or_free,
    )
    for number, race in enumerate(races * rounds):
        async with callers(addresses, house.headers(), DESKS) as desks:
            scene = Round(desks, house, truth, house.day + timedelta(days=number))
            await scene.begin()
            await race(scene)
