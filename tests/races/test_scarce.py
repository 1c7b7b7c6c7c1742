"""Things of which there are a few, wanted by 64 desks at the same moment."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from deskcal.core.slot import SlotState
from deskcal.store.database import Database
from house import House
from races import asks
from races.callers import TAKEN_CODES, Answer, Ask, Callers, callers
from races.hiring import Admin
from races.truth import Truth

DESKS = 64
HELD = "select starts_at from holds where state = 'held' order by starts_at"


@pytest.fixture(params=["one server", pytest.param("two servers", marks=pytest.mark.prove)])
def addresses(request: pytest.FixtureRequest) -> Sequence[str]:
    """Serve in this process; for the proofs in two processes of their own."""
    if request.param == "one server":
        return [request.getfixturevalue("served")]
    start_server = request.getfixturevalue("start_server")
    return [start_server().url, start_server().url]


@pytest.fixture
def admin(database: Database, house: House) -> Admin:
    return Admin(database, house)


async def rush(addresses: Sequence[str], house: House, wanted: Sequence[Ask]) -> list[Answer]:
    """Let each desk ask for one thing, all at once; who wins holds something, the rest is told why not."""
    async with callers(addresses, house.headers(), len(wanted)) as desks:
        answers = await desks.at_once(wanted)
    for answer in answers:
        assert answer.status == 201 or answer.error in {*TAKEN_CODES, "RULE_VIOLATED"}, answer
        assert answer.status == 201 or answer.body["alternatives"] is not None
    return [answer for answer in answers if answer.status == 201]


@pytest.mark.parametrize("broken", [0, 1])
async def test_a_pool_of_equipment(
    broken: int, addresses: Sequence[str], house: House, admin: Admin, truth: Truth
) -> None:
    """Of eight providers who need a probe at overlapping times as many get one as there are."""
    pool = await admin.buy_probes(3)
    await admin.change(house.consult.id, equipment_type="probe", slot_step_minutes=15)
    for unit in pool.units[:broken]:
        await admin.send_to_repair(unit.id)
    team = [house.perez, house.chen, *[await admin.hire(f"Dr. {number}") for number in range(6)]]
    starts = (house.at(10), house.at(10, 15))
    won = await rush(
        addresses,
        house,
        [asks.hold(team[n % 8], house.consult, starts[n // 8 % 2]) for n in range(DESKS)],
    )
    taken = {unit for answer in won for unit in answer.body["equipmentUnitIds"]}
    assert len(won) == 3 - broken
    assert taken == {str(unit.id) for unit in pool.units[broken:]}
    truth.insist()


async def test_seats_of_a_session(addresses: Sequence[str], house: House, admin: Admin, truth: Truth) -> None:
    """A group of eight has eight seats."""
    await admin.change(house.group.id, capacity=8)
    won = await rush(addresses, house, [asks.hold(house.perez, house.group, house.at(10))] * DESKS)
    assert len(won) == 8
    assert sorted(truth.rows("select seat, capacity from occupancy")) == [(seat, 8) for seat in range(1, 9)]
    truth.insist()


async def test_bookings_of_a_day(addresses: Sequence[str], house: House, admin: Admin, truth: Truth) -> None:
    """Five a day are five, with whomever and whenever on that day."""
    await admin.rule(house.consult.id, "max_daily", max_per_day=5)
    team = (house.perez, house.chen)
    times = [house.at(9 + n % 8, n // 8 % 2 * 30) for n in range(DESKS)]
    wanted = [asks.hold(team[n // 16 % 2], house.consult, at) for n, at in enumerate(times)]
    assert len(await rush(addresses, house, wanted)) == 5
    truth.insist()


async def test_bookings_of_a_providers_day(
    addresses: Sequence[str], house: House, admin: Admin, truth: Truth
) -> None:
    """A provider's daily maximum counts all services together, and is nobody else's."""
    await admin.limit(house.perez, 4)
    services = (house.consult, house.exam, house.group)
    wanted = [asks.hold(house.perez, services[n % 3], house.at(9 + n % 8)) for n in range(DESKS)]
    assert len(await rush(addresses, house, wanted)) == 4
    assert len(await rush(addresses, house, [asks.hold(house.chen, house.consult, house.at(10))])) == 1
    truth.insist()


async def test_gaps_between_bookings(
    addresses: Sequence[str], house: House, admin: Admin, truth: Truth
) -> None:
    """No two bookings are nearer than the gap, and where there is room for one more it was given away."""
    await admin.rule(house.consult.id, "min_gap", min_gap_minutes=45)
    times = [house.at(9 + n % 8, n // 8 % 2 * 30) for n in range(DESKS)]
    won = await rush(addresses, house, [asks.hold(house.perez, house.consult, at) for at in times])
    starts = [row[0] for row in truth.rows(HELD)]
    assert len(starts) == len(won)
    assert all(later - earlier >= timedelta(minutes=75) for earlier, later in pairwise(starts))
    async with callers(addresses, house.headers(), 1) as desks:
        day = await desks.ask(0, asks.look(house.perez, house.consult, house.day))
    assert SlotState.AVAILABLE not in {slot["status"] for slot in day.body["timeslots"]}
    truth.insist()


async def test_whoever_is_free(addresses: Sequence[str], house: House, admin: Admin, truth: Truth) -> None:
    """Of forty who want anybody, five get one of the five providers each."""
    team = [house.perez, house.chen, *[await admin.hire(f"Dr. {number}") for number in range(3)]]
    won = await rush(addresses, house, [asks.hold_any(house.consult, house.at(10))] * 40)
    assert len(won) == 5
    assert {answer.body["providerId"] for answer in won} == {str(provider.id) for provider in team}
    truth.insist()


async def test_overbooking_against_holding(
    addresses: Sequence[str], house: House, admin: Admin, truth: Truth
) -> None:
    """Either somebody holds the time behind an appointment, or it is booked over its end, again and again."""
    maria, *others = [*house.patients, *[await admin.admit(f"Patient {number}") for number in range(4)]]
    async with callers(addresses, house.headers(), 1) as desks:
        first = asks.book(house, house.perez, house.consult, house.at(10), patient_id=maria.id)
        assert (await desks.ask(0, first)).status == 201
    at = house.at(10, 15)
    over = [
        asks.book(house, house.perez, house.consult, at, patient_id=who.id, overbook="an emergency")
        for who in others
    ]
    behind = asks.hold(house.perez, house.consult, house.at(10, 30))
    won = await rush(addresses, house, [ask for one in over for ask in (one, behind)])
    held = [answer for answer in won if "reservationToken" in answer.body]
    assert (len(won), len(held)) in {(1, 1), (len(others), 0)}
    assert all(answer.body["appointment"]["overbooked"] for answer in won if answer not in held)
    truth.insist()


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.prove)])
async def test_batches(rounds: int, addresses: Sequence[str], house: House, truth: Truth) -> None:
    """Of batches of the same holds in two orders, and single confirmations, one batch wins or all singles."""
    async with callers(addresses, house.headers(), 18) as desks:
        for round_ in range(rounds):
            await compete(desks, house, day=house.day + timedelta(days=round_))
    batches = truth.rows("select count(*) from appointments where batch_id is not null group by batch_id")
    assert {row[0] for row in batches} <= {3}
    assert len(truth.booked()) == 3 * rounds
    truth.insist()


async def compete(desks: Callers, house: House, day: date) -> None:
    """Confirm three holds together, six times in either order, and each of them alone, twice."""
    patients: dict[str, UUID] = {}
    for hour, patient in enumerate(house.patients[:3], 10):
        held = await desks.ask(0, asks.hold(house.perez, house.consult, house.at(hour, day=day)))
        patients[held.body["reservationToken"]] = patient.id
    orders = [patients, dict(reversed(patients.items()))]
    together = [asks.confirm_all(order) for order in orders * 6]
    alone = [asks.confirm(token, patient_id=who) for token, who in patients.items()] * 2
    wanted = together[:6] + alone + together[6:]
    answers = await desks.at_once(wanted)
    won = [ask.path for ask, answer in zip(wanted, answers, strict=True) if answer.status == 201]
    assert won in [["/v1/bookings/batch"], ["/v1/bookings"] * 3]
    for answer in answers:
        assert answer.status == 201 or (answer.error == "RESERVATION_EXPIRED" and answer.body["alternatives"])
