"""The people of the journeys: desks and a patient, each with a client of their own."""

from collections.abc import AsyncIterator, Callable

import pytest

from deskcal.client.http import Client
from deskcal.core.access import Role
from deskcal.core.clinic import Provider, Service
from deskcal.wire.booking import ReserveRequest
from house import House

Reserve = Callable[..., ReserveRequest]


@pytest.fixture
async def desk(served: str, house: House) -> AsyncIterator[Client]:
    async with Client(served, house.tokens[Role.FRONT_DESK], clinic_id=house.clinic.id) as client:
        yield client


@pytest.fixture
async def patient(served: str, house: House) -> AsyncIterator[Client]:
    """Give Maria Lopez her client."""
    async with Client(served, house.tokens[Role.PATIENT]) as client:
        yield client


@pytest.fixture
def slot_of(house: House) -> Reserve:
    """Spell the wish for a slot on the working day."""

    def spell(
        hour: int,
        *,
        provider: Provider = house.perez,
        service: Service = house.consult,
        at: str | None = None,
    ) -> ReserveRequest:
        return ReserveRequest(
            provider_id=str(provider.id),
            service_id=service.id,
            timeslot_id=house.slot(hour, service=service),
            client_id=at,
        )

    return spell
