"""Walk-ins: seen by whoever can soonest, today, whatever two desks do at once."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.booking import Appointment, Status
from deskcal.core.clinic import Patient
from deskcal.core.refusals import RuleViolated, SlotTaken
from deskcal.flows import rules
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.walk_in import Comer, walk_in
from deskcal.store.database import Database
from house import House


async def come(
    board: Board,
    house: House,
    now: datetime,
    *,
    who: UUID | Patient,
    provider_id: UUID | None = None,
) -> Appointment:
    comer = Comer(patient=who, service_id=house.consult.id, provider_id=provider_id)
    return await walk_in(board, house.asking(now.astimezone(UTC)), comer)


def booking(house: House, start: datetime) -> Order:
    return Order(
        patient_id=house.patients[3].id,
        provider_id=house.perez.id,
        service_id=house.consult.id,
        start=start,
    )


async def test_the_next_five_minutes(database: Database, house: House) -> None:
    """Who comes at 10:02 is booked for 10:05 and here already; the next one for when there is time again."""
    board = Board(database)
    now = house.at(10, 2)
    first = await come(board, house, now, who=house.patients[0].id, provider_id=house.perez.id)
    assert (first.span.start, first.status, first.walk_in) == (house.at(10, 5), Status.CHECKED_IN, True)
    assert first.checked_in_at == now
    second = await come(board, house, now, who=house.patients[1].id, provider_id=house.perez.id)
    assert second.span.start == house.at(10, 35)
    anybody = await come(board, house, now, who=house.patients[2].id)
    assert (anybody.provider_id, anybody.span.start) == (house.chen.id, house.at(10, 5))


async def test_somebody_new(database: Database, house: House) -> None:
    """A new patient is added and booked in one step, or neither."""
    board = Board(database)
    new = Patient(id=INSTALLATION, name="Ada Byron", date_of_birth=date(1990, 12, 10), phone=None)
    made = await come(board, house, house.at(10), who=new)
    assert made.patient_name == "Ada Byron"
    with pytest.raises(SlotTaken):
        await come(board, house, house.at(16, 45), who=replace(new, name="Nobody Here"))
    async with database.read(house.clinic.id) as tx:
        assert await tx.rows("select from patients where name = 'Nobody Here'") == []


async def test_the_day_is_over(database: Database, house: House) -> None:
    """Where nobody can be seen today any more, the refusal says so and offers the next days."""
    with pytest.raises(SlotTaken, match="Nobody has time left for Consult today") as refused:
        await come(Board(database), house, house.at(16, 40), who=house.patients[0].id)
    tomorrow = house.at(9, day=house.day + timedelta(days=1))
    assert tomorrow in {slot.span.start for slot in refused.value.alternatives}


async def test_a_lead_time_is_for_those_who_are_not_here(database: Database, house: House) -> None:
    """A service booked a day ahead takes walk-ins; a limit of the day holds for them as for all."""
    board = Board(database)
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC))
    for type_, payload in (("lead_time", {"min_hours": 24}), ("max_daily", {"max_per_day": 1})):
        await rules.add(database, admin, house.consult.id, type_=type_, payload=payload, priority=1)
    now = house.at(10)
    with pytest.raises(RuleViolated):
        await book(board, house.asking(now.astimezone(UTC)), booking(house, house.at(11)))
    made = await come(board, house, now, who=house.patients[0].id)
    assert made.span.start == now
    with pytest.raises(SlotTaken):
        await come(board, house, now, who=house.patients[1].id)


async def test_two_desks_at_once(database: Database, house: House) -> None:
    """Four desks that have seen the same board each get a place of their own, the soonest there are."""
    boards = [Board(database) for _ in house.patients]
    now = house.at(10, 2)
    made = await asyncio.gather(
        *(
            come(board, house, now, who=patient.id)
            for board, patient in zip(boards, house.patients, strict=True)
        )
    )
    places = sorted((one.span.start, one.provider_id) for one in made)
    doctors = sorted((house.perez.id, house.chen.id))
    soon, later = (house.at(10, minute).astimezone(UTC) for minute in (5, 35))
    assert places == [(at, doctor) for at in (soon, later) for doctor in doctors]
