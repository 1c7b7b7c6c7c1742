"""A played clinic that answers each idempotency key once, as the server does, and that can be cut off."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from uuid import UUID, uuid4

from deskcal.client.errors import Refused, Unreachable
from deskcal.wire.booking import (
    Appointment,
    AppointmentChange,
    Booking,
    Canceled,
    CancelRequest,
    ConfirmRequest,
    RescheduleRequest,
    Reservation,
    ReserveRequest,
)
from tui.played_book import refused
from tui.played_clinic import PlayedClinic

T = TypeVar("T")
Cut = tuple[str, Literal["before", "after"]]


@dataclass(kw_only=True)
class AnsweringOnce(PlayedClinic):
    """`effects` lists the steps that had one. At `cut` the step hangs, before it has its effect or after.

    `lose` names steps whose answer never arrives, once each; `hanging` is set while one hangs.
    """

    effects: list[str] = field(default_factory=list)
    cut: Cut | None = None
    lose: list[str] = field(default_factory=list)
    hanging: asyncio.Event = field(default_factory=asyncio.Event)
    _kept: dict[str, tuple[object, object]] = field(default_factory=dict)

    async def reserve(self, request: ReserveRequest, *, key: str | None = None) -> Reservation:
        return await self._once("reserve", key, request, lambda: PlayedClinic.reserve(self, request, key=key))

    async def confirm(self, request: ConfirmRequest, *, key: str) -> Booking:
        return await self._once("confirm", key, request, lambda: PlayedClinic.confirm(self, request, key=key))

    async def reschedule(
        self, appointment_id: UUID, request: RescheduleRequest, *, key: str, version: int | None = None
    ) -> Appointment:
        def work() -> Awaitable[Appointment]:
            return PlayedClinic.reschedule(self, appointment_id, request, key=key, version=version)

        return await self._once("reschedule", key, (appointment_id, request, version), work)

    async def cancel(
        self, appointment_id: UUID, request: CancelRequest, *, key: str, version: int | None = None
    ) -> Canceled:
        def work() -> Awaitable[Canceled]:
            return PlayedClinic.cancel(self, appointment_id, request, key=key, version=version)

        return await self._once("cancel", key, (appointment_id, request, version), work)

    async def change(
        self,
        clinic_id: UUID,
        appointment_id: UUID,
        request: AppointmentChange,
        *,
        version: int,
        key: str | None = None,
    ) -> Appointment:
        def work() -> Awaitable[Appointment]:
            return PlayedClinic.change(self, clinic_id, appointment_id, request, key=key, version=version)

        return await self._once("change", key, (appointment_id, request, version), work)

    async def _once(self, name: str, key: str | None, request: object, work: Callable[[], Awaitable[T]]) -> T:
        key = key or str(uuid4())
        await self._hang_at(name, "before")
        if key not in self._kept:
            self._kept[key] = (request, await self._answer(name, work))
        asked, answer = self._kept[key]
        if asked != request:
            raise refused(422, "IDEMPOTENCY_KEY_REUSED", "This key was used for a different request.")
        await self._hang_at(name, "after")
        if name in self.lose:
            self.lose.remove(name)
            raise Unreachable("http://played", "the answer was lost")
        if isinstance(answer, Refused):
            raise answer
        return answer  # type: ignore[return-value]  # it was kept for this very request

    async def _answer(self, name: str, work: Callable[[], Awaitable[T]]) -> T | Refused:
        try:
            answer = await work()
        except Refused as refusal:
            return refusal
        self.effects.append(name)
        return answer

    async def _hang_at(self, name: str, moment: Literal["before", "after"]) -> None:
        if self.cut == (name, moment):
            self.hanging.set()
            await asyncio.Event().wait()
