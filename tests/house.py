"""A small clinic to test with: two providers, two rooms, three services, and a token for each role."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from deskcal.core.access import INSTALLATION, SCOPES, SYSTEM, Actor, Role
from deskcal.core.clinic import Clinic, Opening, Patient, Provider, Room, Service
from deskcal.core.slot import slot_id
from deskcal.flows import clinics, people, providers, resources, services, tokens
from deskcal.flows.asking import Asking
from deskcal.store.database import Database

WEEK = tuple(Opening(weekday=day, opens=9 * 60, closes=17 * 60) for day in range(7))


@dataclass(frozen=True, kw_only=True)
class House:
    """What was built, with the tokens to knock with."""

    clinic: Clinic
    perez: Provider
    chen: Provider
    consult: Service
    exam: Service
    group: Service
    rooms: tuple[Room, ...]
    patients: tuple[Patient, ...]
    desk: Actor
    tokens: dict[Role, str]

    @property
    def day(self) -> date:
        """A working day next week, in the clinic's zone."""
        return (datetime.now(UTC) + timedelta(days=7)).date()

    def at(self, hour: int, minute: int = 0, *, day: date | None = None) -> datetime:
        """Give a moment of the clinic's wall clock on the working day."""
        on = day or self.day
        return datetime(on.year, on.month, on.day, hour, minute, tzinfo=self.perez.zone)

    def slot(self, hour: int, minute: int = 0, *, service: Service | None = None) -> str:
        """Give the id of a slot of Dr. Perez on the working day."""
        return slot_id(self.perez.id, (service or self.consult).id, self.at(hour, minute))

    def headers(self, role: Role = Role.FRONT_DESK) -> dict[str, str]:
        """Give the headers of a caller."""
        extra = {"X-Clinic-Id": str(self.clinic.id)} if role is Role.OPS else {}
        return {"Authorization": f"Bearer {self.tokens[role]}"} | extra

    def asking(self, now: datetime | None = None) -> Asking[Any]:
        """Ask as the front desk, now."""
        return Asking(actor=self.desk, now=now or datetime.now(UTC))


async def build_house(
    database: Database, *, name: str = "Riverside", timezone: str = "America/New_York"
) -> House:
    """Build through the flows, as an admin would."""
    now = datetime.now(UTC)
    asking: Asking[Any] = Asking(actor=SYSTEM, now=now)
    clinic = await clinics.create(database, asking, name=name, timezone=timezone, wanted_slug=None)
    asking = Asking(actor=replace(SYSTEM, clinic_id=clinic.id), now=now)

    async def service(title: str, **facts: Any) -> Service:
        made = Service(id=INSTALLATION, title=title, **facts)
        return await services.add(database, asking, made)

    consult = await service("Consult", duration_minutes=30, slot_step_minutes=30, price_cents=8000)
    exam = await service("Exam", duration_minutes=45, slot_step_minutes=15, room_type="exam")
    group = await service("Group", duration_minutes=60, slot_step_minutes=60, capacity=3)
    rooms = [
        await resources.add_room(
            database, asking, Room(id=INSTALLATION, name=f"Room {number}", type="exam", location_id=None)
        )
        for number in (1, 2)
    ]

    async def provider(name: str) -> Provider:
        made = Provider(
            id=INSTALLATION,
            name=name,
            timezone="",
            prices=MappingProxyType(dict.fromkeys((consult.id, exam.id, group.id))),
        )
        added = await providers.add(database, asking, made)
        found, _ = await providers.set_hours(database, asking, added.id, WEEK, first=None, last=None)
        return found

    perez, chen = await provider("Dr. José Perez"), await provider("Dr. Li Chen")
    patients = [
        await people.add(
            database,
            asking,
            Patient(id=INSTALLATION, name=name, date_of_birth=date(1984, 3, 12), phone=f"555-010-0{number}"),
        )
        for number, name in enumerate(("Maria Lopez", "Mario Lopez", "Aiko Tanaka", "Łukasz Müller"), 101)
    ]
    texts: dict[Role, str] = {}
    for role in Role:
        _, texts[role] = await tokens.create(
            database, asking, _grant(role, patients[0].id if role is Role.PATIENT else None, perez.id)
        )
    desk = Actor(
        sub=str(uuid.uuid7()), role=Role.FRONT_DESK, clinic_id=clinic.id, scopes=SCOPES[Role.FRONT_DESK]
    )
    return House(
        clinic=clinic,
        perez=perez,
        chen=chen,
        consult=consult,
        exam=exam,
        group=group,
        rooms=tuple(rooms),
        patients=tuple(patients),
        desk=desk,
        tokens=texts,
    )


def _grant(role: Role, patient_id: UUID | None, provider_id: UUID) -> tokens.Grant:
    return tokens.Grant(
        role=role,
        name=None,
        patient_id=patient_id,
        provider_id=provider_id if role is Role.PROVIDER else None,
        scopes=None,
        days=1,
    )
