"""What is offered can be booked, and what is not cannot: availability and the write path agree."""

from random import Random

import pytest

from deskcal.core.clinic import Provider, Service
from deskcal.core.refusals import Refusal
from deskcal.core.slot import SlotState
from deskcal.flows.calendar import check, provider_day
from deskcal.store.database import Database
from flows.furnished import DAY, Furnished
from flows.furnishing import furnish, take_time_off

FREE = {SlotState.AVAILABLE, SlotState.LIMITED}
SOME, MANY = range(3), range(3, 200)

pytestmark = pytest.mark.parametrize(
    "number", [*SOME, *(pytest.param(number, marks=pytest.mark.prove) for number in MANY)]
)


@pytest.fixture
async def clinic(database: Database, number: int) -> Furnished:
    """Give a clinic in which a desk has been at work; in some, somebody or something closed meanwhile."""
    found = await furnish(database, Random(f"clinic {number}"))  # noqa: S311  chance, not secrecy
    for _ in range(8):
        await found.act()
    if number % 2:
        await take_time_off(found)
    return found


async def test_offered_is_bookable(clinic: Furnished) -> None:
    """Each slot that is offered can be held, each other one is refused, and there is a reason for it."""
    for provider in clinic.providers:
        for service in clinic.services:
            await try_slots(clinic, provider, service)


async def try_slots(clinic: Furnished, provider: Provider, service: Service) -> None:
    """Hold some slots of a day, offered or not, and give them back."""
    lane = provider_day(await clinic.view(), provider_id=provider.id, service_id=service.id, on=DAY)
    for slot in clinic.chance.sample(lane.slots, min(len(lane.slots), 5)):
        start = slot.span.start
        against, _ = await check(
            clinic.board,
            clinic.asking,
            provider_id=provider.id,
            service_id=service.id,
            start=start,
            patient_id=None,
        )
        assert (slot.state in FREE) == (not against), (slot, against)
        if against:
            with pytest.raises(Refusal):
                await clinic.place(provider, service, start)
        else:
            await clinic.release(await clinic.place(provider, service, start))


async def test_off_the_grid_as_well(clinic: Furnished) -> None:
    """Whatever a check finds nothing against can be booked directly, for that patient and in that room."""
    for _ in range(12):
        provider = clinic.chance.choice(clinic.providers)
        service, patient = clinic.chance.choice(clinic.services), clinic.chance.choice(clinic.patients)
        room = clinic.chance.choice([None, None, *clinic.rooms])
        start, room_id = clinic.a_start(step=5), room.id if room else None
        against, _ = await check(
            clinic.board,
            clinic.asking,
            provider_id=provider.id,
            service_id=service.id,
            start=start,
            patient_id=patient.id,
            room_id=room_id,
        )
        if against:
            with pytest.raises(Refusal):
                await clinic.book(provider, service, start, patient_id=patient.id, room_id=room_id)
        else:
            await clinic.book(provider, service, start, patient_id=patient.id, room_id=room_id)
