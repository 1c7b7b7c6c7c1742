"""Everybody wants the same slot at the same moment, over two server processes."""

from collections.abc import Callable

import pytest

from house import House
from races import asks
from races.callers import TAKEN_CODES, callers
from races.truth import Truth


@pytest.mark.parametrize("attempts", [60, pytest.param(200, marks=pytest.mark.prove)])
async def test_one_of_many_gets_the_slot(
    attempts: int,
    addresses: tuple[str, str],
    house: House,
    truth: Truth,
    record_property: Callable[[str, object], None],
) -> None:
    """All look at the day, then want one slot: one gets it, and the others are offered something else."""
    at = house.at(10)
    wanted = [
        asks.hold(house.perez, house.consult, at)
        if number % 4 < 2
        else asks.book(house, house.perez, house.consult, at, patient_id=house.patients[number % 4].id)
        for number in range(attempts)
    ]
    async with callers(addresses, house.headers(), attempts) as desks:
        await desks.at_once([asks.look(house.perez, house.consult, house.day)] * attempts)
        answers = await desks.at_once(wanted)
    record_property("slowest answer in seconds", round(max(answer.seconds for answer in answers), 3))
    assert sorted(answer.status for answer in answers) == [201, *[409] * (attempts - 1)]
    for answer in answers:
        assert answer.status == 201 or (answer.error in TAKEN_CODES and answer.body["alternatives"]), answer
    truth.insist()


async def test_a_group_session_has_as_many_seats_as_it_has(
    addresses: tuple[str, str], house: House, truth: Truth
) -> None:
    """Of twenty who want one of three seats three get one."""
    at = house.at(14)
    async with callers(addresses, house.headers(), 20) as desks:
        answers = await desks.at_once([asks.hold(house.perez, house.group, at)] * 20)
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 17
    seats = truth.rows("select seat, capacity from occupancy order by seat")
    assert seats == [(1, 3), (2, 3), (3, 3)]
    truth.insist()
