"""What the desk needs from a server, so that tests can play one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from deskcal.client.told import Told
    from deskcal.wire.aggregates import CalendarMonth, Week
    from deskcal.wire.booking import (
        Appointment,
        AppointmentChange,
        AuditEntry,
        Booking,
        Canceled,
        Cancellation,
        CancelRequest,
        ConfirmRequest,
        RescheduleRequest,
        Reservation,
        ReserveRequest,
    )
    from deskcal.wire.calendar import CalendarDay, CheckRequest, Verdict
    from deskcal.wire.catalog import Clinic, Provider, Service
    from deskcal.wire.closures import Closure
    from deskcal.wire.delays import Delay, NewDelay
    from deskcal.wire.people import Me, NewPatient, Patient
    from deskcal.wire.resources import Room
    from deskcal.wire.search import Found
    from deskcal.wire.series import NewWalkIn
    from deskcal.wire.shape import Page
    from deskcal.wire.waitlist import Acceptance, Answer, Entry, NewEntry


class Link(Protocol):
    """A server, for one clinic. Every call raises Refused or Unreachable; `follow` raises Rejected."""

    @property
    def clinic(self) -> Clinic: ...

    async def rooms(self) -> list[Room]: ...

    async def services(self) -> list[Service]: ...

    async def providers(self) -> Page[Provider]: ...

    async def calendar_day(
        self, day: date, *, service_id: UUID | None = None, provider_id: UUID | None = None
    ) -> CalendarDay: ...

    async def search(
        self,
        clinic_id: UUID,
        *,
        service_id: UUID,
        start: date | datetime | None = None,
        end: date | datetime | None = None,
        provider_ids: Sequence[UUID] = (),
        sort: Literal["ranked", "soonest"] = "ranked",
        limit: int = 50,
    ) -> Found: ...

    async def calendar_month(
        self,
        year: int,
        month: int,
        *,
        service_id: UUID | None = None,
        provider_id: UUID | None = None,
        my_bookings_only: bool = False,
    ) -> CalendarMonth: ...

    async def week(
        self, start: date, *, service_id: UUID | None = None, provider_id: UUID | None = None
    ) -> Week: ...

    async def closures(self) -> list[Closure]: ...

    async def me(self) -> Me: ...

    async def check(self, request: CheckRequest) -> Verdict: ...

    async def reserve(self, request: ReserveRequest, *, key: str | None = None) -> Reservation: ...

    async def renew(self, token: str) -> Reservation: ...

    async def release(self, token: str) -> None: ...

    async def reschedule(
        self, appointment_id: UUID, request: RescheduleRequest, *, key: str, version: int | None = None
    ) -> Appointment: ...

    async def confirm(self, request: ConfirmRequest, *, key: str) -> Booking: ...

    async def patients(self, query: str | None = None, *, limit: int = 50) -> Page[Patient]: ...

    async def add_patient(self, request: NewPatient, *, key: str | None = None) -> Patient: ...

    async def patient(self, patient_id: UUID) -> Patient: ...

    async def appointments(
        self,
        clinic_id: UUID,
        *,
        which: Literal["upcoming", "history"] | None = None,
        day: date | None = None,
        provider_id: UUID | None = None,
        patient_id: UUID | None = None,
        service_id: UUID | None = None,
        status: str | None = None,
        reference: str | None = None,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page[Appointment]: ...

    async def appointments_of(
        self,
        user: UUID | Literal["me"],
        *,
        which: Literal["upcoming", "history"] = "upcoming",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Appointment]: ...

    async def appointment(self, appointment_id: UUID) -> Appointment: ...

    async def audit(self, appointment_id: UUID) -> list[AuditEntry]: ...

    async def change(
        self,
        clinic_id: UUID,
        appointment_id: UUID,
        request: AppointmentChange,
        *,
        version: int,
        key: str | None = None,
    ) -> Appointment: ...

    async def cancellation(self, appointment_id: UUID) -> Cancellation: ...

    async def cancel(
        self, appointment_id: UUID, request: CancelRequest, *, key: str, version: int | None = None
    ) -> Canceled: ...

    async def calendar_file(self, appointment_id: UUID) -> bytes: ...

    async def walk_in(self, clinic_id: UUID, request: NewWalkIn, *, key: str) -> Appointment: ...

    async def waitlist(
        self, *, state: str | None = None, patient_id: UUID | None = None, cursor: str | None = None
    ) -> Page[Entry]: ...

    async def join_waitlist(self, request: NewEntry, *, key: str | None = None) -> Entry: ...

    async def accept_offer(
        self, entry_id: UUID, request: Acceptance, *, key: str | None = None
    ) -> Booking: ...

    async def decline_offer(self, entry_id: UUID, request: Answer, *, key: str | None = None) -> Entry: ...

    async def leave_waitlist(self, entry_id: UUID) -> Entry: ...

    async def note_delay(self, provider_id: UUID, request: NewDelay, *, key: str | None = None) -> Delay: ...

    def follow(self, since: int | None) -> AsyncIterator[Told]:
        """Follow what happens in the clinic, from after `since` or from now."""
        ...

    async def aclose(self) -> None:
        """Give back the connections."""
        ...


Dial = Callable[[], Awaitable[Link]]
"""Reaches a server. Raises Unreachable, Refused, or NoClinic when it is not clear which clinic is meant."""


class NoClinic(Exception):
    """The token serves no clinic, or several; `str()` says how to choose."""
