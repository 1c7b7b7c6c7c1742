"""Booking a provider on top of an appointment, on purpose: what it needs, and what stays guarded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskcal.core.access import SCOPES, SYSTEM, Role, Scope
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Patient, Provider, Service
from deskcal.core.refusals import Invalid, Kind, NotAllowed, RuleViolated, SlotTaken
from deskcal.core.slot import SlotState
from deskcal.core.span import Span
from deskcal.flows import providers, services
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.calendar import provider_day
from deskcal.store import appointments, occupancy
from deskcal.store.database import Database
from house import House
from races.rounds import Desk

NOW = datetime.now(UTC)
EMERGENCY = "an emergency"


class Counter:
    """The front desk of a house, which may overbook."""

    def __init__(self, database: Database, house: House) -> None:
        self.board = Board(database)
        self.house = house

    async def book(
        self,
        hour: int,
        minute: int = 0,
        *,
        patient: Patient,
        provider: Provider | None = None,
        service: Service | None = None,
        reason: str | None = None,
        asking: Asking[Any] | None = None,
    ) -> Appointment:
        order = Order(
            patient_id=patient.id,
            provider_id=(provider or self.house.perez).id,
            service_id=(service or self.house.consult).id,
            start=self.house.at(hour, minute),
            end=None,
            room_id=None,
            mode=None,
            notes=None,
            seen_at=None,
            overbook_reason=reason,
        )
        return await book(self.board, asking or self.house.asking(NOW), order)

    async def taken(self) -> list[tuple[Span, bool]]:
        """List what is taken of Dr. Perez on the working day, with whether it is unguarded."""
        day = Span(start=self.house.at(0), end=self.house.at(23))
        async with self.board.database.read(self.house.clinic.id) as tx:
            rows = await occupancy.of_resources(tx, [self.house.perez.id], day)
        return sorted((row.span, row.overbooked) for row in rows)

    async def states(self) -> dict[datetime, SlotState]:
        """Say how the slots of Dr. Perez look."""
        house = self.house
        view = await self.board.view(house.clinic.id, Span(start=house.at(9), end=house.at(17)), NOW)
        lane = provider_day(view, provider_id=house.perez.id, service_id=house.consult.id, on=house.day)
        return {slot.span.start: slot.state for slot in lane.slots}

    def span(self, hour: int, minute: int, minutes: int) -> Span:
        return Span.of_minutes(self.house.at(hour, minute), minutes)


@pytest.fixture
def counter(database: Database, house: House) -> Counter:
    return Counter(database, house)


async def test_it_is_marked_with_its_reason(counter: Counter, house: House) -> None:
    """What lies on top says so and why, also when it is read again; what it lies on is as it was."""
    maria, mario, *_ = house.patients
    first = await counter.book(10, patient=maria)
    with pytest.raises(SlotTaken):
        await counter.book(10, patient=mario)
    second = await counter.book(10, patient=mario, reason=EMERGENCY)
    async with counter.board.database.read(house.clinic.id) as tx:
        read = [await appointments.find(tx, made.id) for made in (first, second)]
    assert [(made.overbooked, made.overbook_reason) for made in read if made] == [
        (False, None),
        (True, EMERGENCY),
    ]


async def test_where_nobody_is_in_the_way_nothing_is_overbooked(counter: Counter, house: House) -> None:
    """A reason given in vain is not kept, and the booking is guarded as any other."""
    maria, mario, *_ = house.patients
    made = await counter.book(10, patient=maria, reason=EMERGENCY)
    assert (made.overbooked, made.overbook_reason) == (False, None)
    assert await counter.taken() == [(made.span, False)]
    with pytest.raises(SlotTaken):
        await counter.book(10, patient=mario)


async def test_only_the_part_on_top_is_unguarded(counter: Counter, house: House) -> None:
    """The rest of it refuses other bookings, and availability and the write path agree on all of it."""
    maria, mario, aiko, lukasz = house.patients
    await counter.book(10, patient=maria)
    await counter.book(10, 15, patient=mario, reason=EMERGENCY)
    assert await counter.taken() == [
        (counter.span(10, 0, 30), False),
        (counter.span(10, 15, 15), True),
        (counter.span(10, 30, 15), False),
    ]
    states = await counter.states()
    assert [states[house.at(hour, minute)] for hour, minute in ((9, 30), (10, 0), (10, 30), (11, 0))] == [
        SlotState.AVAILABLE,
        SlotState.BOOKED,
        SlotState.BOOKED,
        SlotState.AVAILABLE,
    ]
    for minute in (15, 30):
        with pytest.raises(SlotTaken) as refused:
            await counter.book(10, minute, patient=aiko)
        assert {conflict.kind for conflict in refused.value.conflicts} == {Kind.PROVIDER}
    await counter.book(10, 45, patient=aiko)
    await counter.book(9, 30, patient=lukasz)


async def test_a_third_one_on_top(counter: Counter, house: House) -> None:
    """There can be more than two at once, each on top of whatever is there."""
    maria, mario, aiko, lukasz = house.patients
    await counter.book(10, patient=maria)
    await counter.book(10, 15, patient=mario, reason=EMERGENCY)
    third = await counter.book(10, 15, patient=aiko, reason=EMERGENCY)
    assert third.overbooked
    assert await counter.taken() == [
        (counter.span(10, 0, 30), False),
        (counter.span(10, 15, 15), True),
        (counter.span(10, 15, 30), True),
        (counter.span(10, 30, 15), False),
    ]
    with pytest.raises(SlotTaken):
        await counter.book(10, 30, patient=lukasz)


async def test_between_two(counter: Counter, house: House) -> None:
    """A long one over two short ones is unguarded on both, and guarded between them."""
    maria, mario, aiko, lukasz = house.patients
    changes = {"buffer_before_minutes": 15, "buffer_after_minutes": 15}
    await services.change(counter.board.database, house.asking(NOW), house.exam.id, changes, version=None)
    await counter.book(10, patient=maria)
    await counter.book(11, patient=mario)
    made = await counter.book(10, 15, patient=aiko, service=house.exam, reason=EMERGENCY)
    assert made.overbooked
    assert await counter.taken() == [
        (counter.span(10, 0, 30), False),
        (counter.span(10, 0, 30), True),
        (counter.span(10, 30, 30), False),
        (counter.span(11, 0, 15), True),
        (counter.span(11, 0, 30), False),
    ]
    with pytest.raises(SlotTaken):
        await counter.book(10, 30, patient=lukasz)


async def test_it_takes_a_scope(counter: Counter, house: House) -> None:
    """Who may book directly but not overbook is refused, even if nothing were in the way."""
    fewer = replace(house.desk, scopes=SCOPES[Role.FRONT_DESK] - {Scope.OVERBOOK})
    asking: Asking[Any] = Asking(actor=fewer, now=NOW)
    with pytest.raises(NotAllowed, match="appointments:overbook"):
        await counter.book(10, patient=house.patients[0], reason=EMERGENCY, asking=asking)
    await counter.book(10, patient=house.patients[0], asking=asking)


async def test_holds_are_not_overbooked(counter: Counter, house: House) -> None:
    """Somebody is deciding just then; once the hold has run out there is nothing in the way."""
    desk = Desk(counter.board, house, round_=0, now=NOW)
    maria, mario, *_ = house.patients
    await counter.book(10, patient=maria)
    await desk.hold(house.perez, house.consult, 10, 30, seconds=60)
    with pytest.raises(SlotTaken) as refused:
        await counter.book(10, 15, patient=mario, reason=EMERGENCY)
    assert {conflict.held for conflict in refused.value.conflicts} == {True, False}
    later = house.asking(NOW + timedelta(seconds=61))
    made = await counter.book(10, 15, patient=mario, reason=EMERGENCY, asking=later)
    assert made.overbooked


async def test_patient_and_room_stay_guarded(counter: Counter, house: House) -> None:
    """Only a provider's time is overbooked: a patient is in one place, and a room has one visitor."""
    maria, mario, aiko, lukasz = house.patients
    await counter.book(10, patient=maria)
    with pytest.raises(SlotTaken) as refused:
        await counter.book(10, patient=maria, reason=EMERGENCY)
    assert {conflict.kind for conflict in refused.value.conflicts} == {Kind.PATIENT}
    await counter.book(10, patient=mario, service=house.exam, reason=EMERGENCY)
    await counter.book(10, patient=aiko, service=house.exam, reason=EMERGENCY)
    with pytest.raises(SlotTaken) as refused:
        await counter.book(10, patient=lukasz, service=house.exam, reason=EMERGENCY)
    assert {conflict.kind for conflict in refused.value.conflicts} == {Kind.ROOM}


async def test_group_sessions_are_not_overbooked(counter: Counter, house: House) -> None:
    """They have seats, and an admin raises their number."""
    with pytest.raises(Invalid, match="raise its capacity"):
        await counter.book(10, patient=house.patients[0], service=house.group, reason=EMERGENCY)


async def test_rules_hold_all_the_same(counter: Counter, house: House) -> None:
    """Overbooking is about time: a provider's daily maximum is what it is."""
    maria, mario, *_ = house.patients
    admin: Asking[Any] = Asking(actor=replace(SYSTEM, clinic_id=house.clinic.id), now=NOW)
    database, changes = counter.board.database, {"daily_maximum": 1}
    await providers.change(database, admin, house.perez.id, changes, offers=None, prices={}, version=None)
    await counter.book(10, patient=maria)
    with pytest.raises(RuleViolated):
        await counter.book(10, patient=mario, reason=EMERGENCY)
