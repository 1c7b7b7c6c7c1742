"""Series of appointments: all or what can be had, in one transaction, on the wall clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from deskcal.core.access import SYSTEM
from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import CancellationPolicy, Opening
from deskcal.core.refusals import Invalid, InvalidStatusChange, NotAllAvailable
from deskcal.core.verdict import Code
from deskcal.flows import providers, rules, series, services
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.move import Move, move
from deskcal.flows.series import Outcome, Wish
from deskcal.store import listing
from deskcal.store.database import Database
from deskcal.store.listing import Filter
from house import House

WEEKLY = "FREQ=WEEKLY;COUNT=4"
WEEK = timedelta(days=7)


def order(house: House, start: datetime, *, patient: int = 0) -> Order:
    return Order(
        patient_id=house.patients[patient].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=start,
    )


async def booked(board: Board, house: House, start: datetime, rule: str = WEEKLY) -> Outcome:
    return await series.book_series(board, house.asking(), Wish(first=order(house, start), rule=rule))


def clock_goes_forward(house: House) -> date:
    """Find the next Sunday on which the clinic's clock skips the hour from two to three."""
    day = house.day
    while house.at(1, day=day).utcoffset() == house.at(4, day=day).utcoffset() or day.month > 6:
        day += timedelta(days=1)
    return day


async def open_all_day(database: Database, house: House) -> None:
    asking: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC))
    whole = tuple(Opening(weekday=day, opens=0, closes=24 * 60) for day in range(7))
    await providers.set_hours(database, asking, house.perez.id, whole, first=None, last=None)


async def test_the_wall_clock_stays(database: Database, house: House) -> None:
    """A weekly series at nine is at nine before and after the clock change, an hour apart in UTC."""
    board = Board(database)
    turn = clock_goes_forward(house)
    made = (await booked(board, house, house.at(9, day=turn - WEEK))).booked
    local = [one.span.start.astimezone(house.perez.zone) for one in made]
    assert {(at.hour, at.minute) for at in local} == {(9, 0)}
    assert made[1].span.start - made[0].span.start == WEEK - timedelta(hours=1)
    assert {one.series_id for one in made} == {made[0].series_id}


async def test_a_time_that_is_skipped_is_refused(database: Database, house: House) -> None:
    """Half past two does not exist on that Sunday: its verdict has the next valid time, others are booked."""
    await open_all_day(database, house)
    board = Board(database)
    turn = clock_goes_forward(house)
    first = order(house, house.at(2, 30, day=turn - WEEK))
    wish = Wish(first=first, rule=WEEKLY, skip=True)
    outcome = await series.book_series(board, house.asking(), wish)
    assert [verdict.available for verdict in outcome.verdicts] == [True, False, True, True]
    skipped = outcome.verdicts[1]
    assert skipped.next_valid == house.at(3, day=turn)
    assert [reason.code for reason in skipped.reasons] == [Code.NONEXISTENT_LOCAL_TIME]
    assert len(outcome.booked) == 3


async def test_rules_count_what_the_series_itself_books(database: Database, house: House) -> None:
    """With one appointment a day at most, the second of the same day is refused, and says why."""
    board = Board(database)
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC))
    limit = {"max_per_day": 1}
    await rules.add(database, admin, house.consult.id, type_="max_daily", payload=limit, priority=1)
    twice = "FREQ=DAILY;COUNT=4;BYHOUR=9,11;BYMINUTE=0"
    with pytest.raises(NotAllAvailable) as refused:
        await booked(board, house, house.at(9), twice)
    codes = [[reason.code for reason in verdict.reasons] for verdict in refused.value.verdicts]
    assert codes == [[], [Code.RULE_VIOLATED], [], [Code.RULE_VIOLATED]]
    assert await everything(database, house) == []


async def test_a_dry_run_books_nothing(database: Database, house: House) -> None:
    """It judges each, with the nearest free slots for what cannot be had, and leaves no trace."""
    board = Board(database)
    await book(board, house.asking(), order(house, house.at(9) + 2 * WEEK, patient=1))
    wish = Wish(first=order(house, house.at(9)), rule=WEEKLY, dry_run=True)
    outcome = await series.book_series(board, house.asking(), wish)
    assert [verdict.available for verdict in outcome.verdicts] == [True, True, False, True]
    near = outcome.verdicts[2].alternatives
    assert [slot.span.start for slot in near[:1]] == [house.at(9, 30) + 2 * WEEK]
    assert len(near) == 2
    assert len(await everything(database, house)) == 1


async def test_a_room_that_is_taken_once(database: Database, house: House) -> None:
    """A room that the patient wants each time is named where it is taken, and how to do without it."""
    board, room_id = Board(database), house.rooms[0].id
    taken = replace(order(house, house.at(9) + WEEK, patient=1), provider_id=house.chen.id, room_id=room_id)
    await book(board, house.asking(), taken)
    wish = Wish(first=replace(order(house, house.at(9)), room_id=room_id), rule=WEEKLY, skip=True)
    outcome = await series.book_series(board, house.asking(), wish)
    [refused] = [verdict for verdict in outcome.verdicts if not verdict.available]
    assert [reason.code for reason in refused.reasons] == [Code.ROOM_ALREADY_BOOKED]


async def test_with_skip_some_must_be_left(database: Database, house: House) -> None:
    """A series of which nothing can be had is not made, also when conflicts may be skipped."""
    board = Board(database)
    await booked(board, house, house.at(9))
    wish = Wish(first=order(house, house.at(9), patient=1), rule=WEEKLY, skip=True)
    with pytest.raises(NotAllAvailable):
        await series.book_series(board, house.asking(), wish)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=WEEKLY", "has to end"),
        ("FREQ=DAILY;COUNT=101", "100 appointments at most"),
        ("FREQ=MONTHLY;COUNT=40", "two years"),
        ("FREQ=SOMETIMES", "FREQ says how often"),
    ],
)
async def test_a_rule_that_goes_too_far(rule: str, words: str, database: Database, house: House) -> None:
    """A rule without an end, or too long, is refused with what to write instead."""
    with pytest.raises(Invalid, match=words) as refused:
        await booked(Board(database), house, house.at(9), rule)
    assert refused.value.fields[0][0] == "recurrenceRule"


async def test_the_rest_is_canceled(database: Database, house: House) -> None:
    """From a moment on what has not begun is canceled; what was moved goes by where it is now."""
    board = Board(database)
    made = await booked(board, house, house.at(9))
    late = house.at(9) + 4 * WEEK
    await move(board, house.asking(), made.booked[0].id, Move(start=late), version=None)
    since = house.at(9) + 2 * WEEK
    gone = await series.cancel_rest(
        board, house.asking(), made.series.id, since=since, reason="moves away", waive_fee=False
    )
    assert [one.span.start for one in gone] == [since, since + WEEK, late]
    _, all_of_it = await series.find(database, house.desk, made.series.id)
    assert [one.status for one in all_of_it] == [Status.SCHEDULED, *[Status.CANCELED] * 3]
    with pytest.raises(InvalidStatusChange):
        await series.cancel_rest(board, house.asking(), made.series.id, since=since, reason=None)


async def test_each_is_canceled_at_its_own_fee(database: Database, house: House) -> None:
    """Shortly before the first, only that one costs a fee."""
    board = Board(database)
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC))
    policy = {"policy": CancellationPolicy(free_until_hours=24, fee_cents=2000)}
    await services.change(database, admin, house.consult.id, policy, version=None)
    made = await booked(board, house, house.at(9))
    soon = replace(house.asking(), now=house.at(8).astimezone(UTC))
    gone = await series.cancel_rest(board, soon, made.series.id, since=None, reason=None)
    assert [one.charged_cents for one in gone] == [2000, 0, 0, 0]


async def everything(database: Database, house: House) -> list[Appointment]:
    async with database.read(house.clinic.id) as tx:
        return await listing.appointments(tx, Filter(), limit=200)
