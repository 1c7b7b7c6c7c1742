"""What a race adds to a house: more providers, equipment, rules; through the flows, as an admin would."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from deskcal.core.access import INSTALLATION, SYSTEM
from deskcal.core.clinic import Equipment, Patient, Provider
from deskcal.core.window import Window, WindowKind
from deskcal.flows import people, providers, resources, rules, services, windows
from deskcal.flows.asking import Asking
from deskcal.store.database import Database
from house import WEEK, House


class Admin:
    """The admin of a house."""

    def __init__(self, database: Database, house: House) -> None:
        self.database = database
        self.house = house
        self.asking: Asking[Any] = Asking(
            actor=replace(SYSTEM, clinic_id=house.clinic.id), now=datetime.now(UTC)
        )

    async def hire(self, name: str) -> Provider:
        """Let a provider work at the hours of the others, with the same services."""
        prices = MappingProxyType(dict(self.house.perez.prices))
        made = Provider(id=INSTALLATION, name=name, timezone="", prices=prices)
        added = await providers.add(self.database, self.asking, made)
        found, _ = await providers.set_hours(
            self.database, self.asking, added.id, WEEK, first=None, last=None
        )
        return found

    async def admit(self, name: str) -> Patient:
        made = Patient(id=INSTALLATION, name=name, date_of_birth=date(1984, 3, 12))
        return await people.add(self.database, self.asking, made)

    async def buy_probes(self, quantity: int) -> Equipment:
        made = Equipment(id=INSTALLATION, name="Probes", type="probe", location_id=None, units=())
        return await resources.add_equipment(self.database, self.asking, made, quantity=quantity)

    async def send_to_repair(self, unit_id: UUID) -> None:
        """Take a unit away for the working day."""
        first, last = (self.house.at(hour).replace(tzinfo=None) for hour in (9, 17))
        window = Window(id=INSTALLATION, kind=WindowKind.UNAVAILABLE, start=first, end=last)
        await windows.add(self.database, self.asking, "equipment", unit_id, window)

    async def rule(self, service_id: UUID, type_: str, **payload: object) -> None:
        await rules.add(self.database, self.asking, service_id, type_=type_, payload=payload, priority=100)

    async def change(self, service_id: UUID, **changes: object) -> None:
        await services.change(self.database, self.asking, service_id, changes, version=None)

    async def limit(self, provider: Provider, most: int) -> None:
        """Give a provider a daily maximum."""
        await providers.change(
            self.database,
            self.asking,
            provider.id,
            {"daily_maximum": most},
            offers=None,
            prices={},
            version=None,
        )
