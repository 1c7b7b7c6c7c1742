"""A clinic that was furnished by chance, and a desk that does in it what chance will have."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from deskcal.core.access import SCOPES, SYSTEM, Actor, Role
from deskcal.core.booking import Appointment
from deskcal.core.clinic import Equipment, Patient, Provider, Room, Service
from deskcal.core.localtime import local_day
from deskcal.core.refusals import Refusal
from deskcal.core.span import Span
from deskcal.flows import hold
from deskcal.flows.asking import Asking
from deskcal.flows.board import Board, View
from deskcal.flows.book import Order, book
from deskcal.flows.calendar import desk_day
from deskcal.flows.confirm import Decision, confirm, confirm_all

NOW = datetime.now(UTC)
DAY = (NOW + timedelta(days=7)).date()


@dataclass(kw_only=True)
class Furnished:
    """A clinic, its clock, and the holds of its desk, which looks `elsewhere`, at another process."""

    chance: Random
    board: Board
    elsewhere: Board
    clinic_id: UUID
    providers: Sequence[Provider]
    services: Sequence[Service]
    rooms: Sequence[Room]
    pools: Sequence[Equipment]
    patients: Sequence[Patient]
    now: datetime = NOW
    held: list[hold.Placed] = field(default_factory=list)

    @property
    def window(self) -> Span:
        """The working day."""
        return local_day(DAY, self.providers[0].zone)

    @property
    def asking(self) -> Asking[Any]:
        """Ask as the front desk, now."""
        scopes = SCOPES[Role.FRONT_DESK]
        desk = Actor(sub="desk", role=Role.FRONT_DESK, clinic_id=self.clinic_id, scopes=scopes)
        return Asking(actor=desk, now=self.now)

    @property
    def admin(self) -> Asking[Any]:
        return Asking(actor=replace(SYSTEM, clinic_id=self.clinic_id), now=self.now)

    async def view(self) -> View:
        return await self.board.view(self.clinic_id, self.window, self.now)

    async def place(
        self,
        provider: Provider,
        service: Service,
        start: datetime,
        *,
        patient_id: UUID | None = None,
        room_id: UUID | None = None,
        seconds: int = 120,
    ) -> hold.Placed:
        wish = hold.Wish(
            provider_id=provider.id,
            service_id=service.id,
            start=start,
            patient_id=patient_id,
            room_id=room_id,
            client="Desk 1",
        )
        return await hold.place(self.board, self.asking, wish, seconds=seconds)

    async def release(self, placed: hold.Placed) -> None:
        await hold.release(self.board.database, self.asking, placed.token)

    async def book(
        self,
        provider: Provider,
        service: Service,
        start: datetime,
        *,
        patient_id: UUID,
        room_id: UUID | None = None,
        overbook: str | None = None,
    ) -> Appointment:
        order = Order(
            patient_id=patient_id,
            provider_id=provider.id,
            service_id=service.id,
            start=start,
            end=None,
            room_id=room_id,
            mode=None,
            notes=None,
            seen_at=None,
            overbook_reason=overbook,
        )
        return await book(self.board, self.asking, order)

    def a_start(self, step: int = 15) -> datetime:
        """Choose a moment at which the providers mostly work."""
        [opened, *_] = [one for one in self.providers[0].openings if one.weekday == DAY.weekday()]
        midnight = datetime.combine(DAY, time(), self.providers[0].zone)
        return midnight + timedelta(minutes=opened.opens + self.chance.randrange(-60, 240, step))

    async def act(self) -> None:
        """Do something, unless it is refused."""
        acts = [self._hold, self._hold, self._hold, self._book, self._book, self._wait]
        if self.held:
            acts += [self._renew, self._give_back, self._confirm]
        with suppress(Refusal):
            await self.chance.choice(acts)()

    async def _choose(self) -> tuple[Provider, Service, datetime]:
        """Choose a slot, mostly one that is free."""
        view = await self.elsewhere.view(self.clinic_id, self.window, self.now)
        service = self.chance.choice(self.services)
        lanes = desk_day(view, on=DAY, service_id=service.id, provider_id=None, location_id=None)
        lane = self.chance.choice(lanes)
        free = [slot.span.start for slot in lane.slots if slot.remaining]
        likely = free and self.chance.random() < 0.8
        return lane.provider, service, self.chance.choice(free) if likely else self.a_start()

    async def _hold(self) -> None:
        patient = self.chance.choice([None, *self.patients])
        provider, service, start = await self._choose()
        placed = await self.place(
            provider,
            service,
            start,
            patient_id=patient.id if patient else None,
            seconds=self.chance.choice([60, 120]),
        )
        self.held.append(placed)

    async def _book(self) -> None:
        provider, service, start = await self._choose()
        overbook = service.capacity == 1 and self.chance.random() < 0.5
        await self.book(
            provider,
            service,
            start + timedelta(minutes=self.chance.choice([0, 0, 5])),
            patient_id=self.chance.choice(self.patients).id,
            overbook="an emergency" if overbook else None,
        )

    async def _renew(self) -> None:
        token = self.chance.choice(self.held).token
        await hold.renew(self.board.database, self.asking, token, seconds=120)

    async def _give_back(self) -> None:
        await self.release(self.held.pop(self.chance.randrange(len(self.held))))

    async def _confirm(self) -> None:
        """Confirm a hold, or two together."""
        some = self.chance.sample(self.held, min(len(self.held), self.chance.choice([1, 2])))
        self.held = [placed for placed in self.held if placed not in some]
        decisions = [self._decision(placed) for placed in some]
        if len(decisions) == 1:
            await confirm(self.board, self.asking, decisions[0])
        else:
            await confirm_all(self.board, self.asking, decisions)

    def _decision(self, placed: hold.Placed) -> Decision:
        patient_id = placed.hold.patient_id or self.chance.choice(self.patients).id
        return Decision(token=placed.token, patient_id=patient_id, mode=None, notes=None)

    async def _wait(self) -> None:
        """Let a minute go by, after which somebody may look for holds that have run out."""
        self.now += timedelta(seconds=61)
        if self.chance.random() < 0.5:
            await hold.sweep(self.board.database, self.now)
