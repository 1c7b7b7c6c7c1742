"""Races between flows, round after round, each on a day of its own with a clock of its own."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from deskcal.core.booking import Appointment
from deskcal.core.clinic import Provider, Service
from deskcal.core.refusals import Refusal
from deskcal.flows.board import Board
from deskcal.flows.book import Order, book
from deskcal.flows.confirm import Decision, confirm
from deskcal.flows.hold import Placed, Wish, place
from house import House

T = TypeVar("T")


class Desk:
    """What the front desk of a house does, at an hour of one day and at any moment of the clock."""

    def __init__(self, board: Board, house: House, *, round_: int, now: datetime) -> None:
        self.board = board
        self.house = house
        self.day: date = house.day + timedelta(days=round_)
        self.now = now

    async def hold(
        self,
        provider: Provider,
        service: Service,
        hour: int,
        minute: int = 0,
        *,
        patient_id: UUID | None = None,
        room_id: UUID | None = None,
        moving_id: UUID | None = None,
        now: datetime | None = None,
        seconds: int = 120,
    ) -> Placed:
        wish = Wish(
            provider_id=provider.id,
            service_id=service.id,
            start=self.house.at(hour, minute, day=self.day),
            patient_id=patient_id,
            room_id=room_id,
            client=None,
            moving_id=moving_id,
        )
        return await place(self.board, self.house.asking(now or self.now), wish, seconds=seconds)

    async def book(
        self,
        provider: Provider,
        service: Service,
        hour: int,
        minute: int = 0,
        *,
        patient_id: UUID,
        room_id: UUID | None = None,
    ) -> Appointment:
        order = Order(
            patient_id=patient_id,
            provider_id=provider.id,
            service_id=service.id,
            start=self.house.at(hour, minute, day=self.day),
            end=None,
            room_id=room_id,
            mode=None,
            notes=None,
            seen_at=None,
        )
        return await book(self.board, self.house.asking(self.now), order)

    async def confirm(
        self, held: Placed, *, patient_id: UUID | None = None, now: datetime | None = None
    ) -> Appointment:
        decision = Decision(token=held.token, patient_id=patient_id, mode=None, notes=None)
        return await confirm(self.board, self.house.asking(now or self.now), decision)


async def race(attempts: Sequence[Awaitable[Any]]) -> tuple[list[Any], list[Refusal]]:
    """Let all run at once; gives what the winners got, and the refusals of the others."""
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    won = [outcome for outcome in outcomes if not isinstance(outcome, Refusal)]
    for outcome in won:
        if isinstance(outcome, BaseException):
            raise outcome
    return won, refusals
