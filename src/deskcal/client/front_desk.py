"""What a front desk asks of a server: the calendar, holds and bookings, patients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from deskcal.client.catalogue import Catalogue
from deskcal.client.managing import Managing
from deskcal.client.openings import Openings
from deskcal.client.together import Together
from deskcal.client.waitlist import Waitlist
from deskcal.wire import aggregates, booking, calendar, people, search
from deskcal.wire.shape import Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    from deskcal.core.ranking import TimeOfDay


class FrontDesk(Catalogue, Openings, Managing, Together, Waitlist):
    """Kept apart from what only the command line asks: a desk that starts has no time to load that."""

    async def me(self) -> people.Me:
        return await self.call("GET", "/v1/auth/me", people.Me)

    async def calendar_day(
        self,
        day: date,
        *,
        service_id: UUID | None = None,
        provider_id: UUID | None = None,
        location_id: UUID | None = None,
    ) -> calendar.CalendarDay:
        """Fetch the day view: without a service each lane shows the provider's first one."""
        return await self.call(
            "GET",
            "/v1/calendar/day",
            calendar.CalendarDay,
            date=day,
            serviceId=service_id,
            providerId=provider_id,
            locationId=location_id,
        )

    async def calendar_month(
        self,
        year: int,
        month: int,
        *,
        service_id: UUID | None = None,
        provider_id: UUID | None = None,
        location_id: UUID | None = None,
        my_bookings_only: bool = False,
    ) -> aggregates.CalendarMonth:
        """Fetch the counts of each date: without a service each provider's first one is counted."""
        return await self.call(
            "GET",
            "/v1/calendar/month",
            aggregates.CalendarMonth,
            year=year,
            month=month,
            serviceId=service_id,
            providerId=provider_id,
            locationId=location_id,
            myBookingsOnly="true" if my_bookings_only else None,
        )

    async def week(
        self,
        start: date,
        *,
        service_id: UUID | None = None,
        provider_id: UUID | None = None,
        location_id: UUID | None = None,
    ) -> aggregates.Week:
        """Fetch seven local days as spans with the same providers free."""
        return await self.call(
            "GET",
            "/v1/availability/week",
            aggregates.Week,
            start=start,
            serviceId=service_id,
            providerId=provider_id,
            locationId=location_id,
        )

    async def search(
        self,
        clinic_id: UUID,
        *,
        service_id: UUID,
        start: date | datetime | None = None,
        end: date | datetime | None = None,
        provider_ids: Sequence[UUID] = (),
        location_id: UUID | None = None,
        prefer: TimeOfDay | None = None,
        sort: Literal["ranked", "soonest"] = "ranked",
        limit: int = 50,
    ) -> search.Found:
        """Search free slots over providers and dates; a date as `end` is included."""
        path = f"/v1/clinics/{clinic_id}/availability"
        return await self.call(
            "GET",
            path,
            search.Found,
            serviceId=service_id,
            start=start and start.isoformat(),
            end=end and end.isoformat(),
            providerIds=",".join(map(str, provider_ids)) or None,
            locationId=location_id,
            preferredTimeOfDay=prefer,
            sort=sort,
            limit=limit,
        )

    async def check(self, request: calendar.CheckRequest) -> calendar.Verdict:
        return await self.call("POST", "/v1/availability/check", calendar.Verdict, body=request)

    async def reserve(
        self, request: booking.ReserveRequest, *, key: str | None = None
    ) -> booking.Reservation:
        return await self.call("POST", "/v1/reservations", booking.Reservation, body=request, key=key)

    async def renew(self, token: str) -> booking.Reservation:
        return await self.call("POST", f"/v1/reservations/{token}/renew", booking.Reservation)

    async def release(self, token: str) -> None:
        await self.call("DELETE", f"/v1/reservations/{token}", type(None))

    async def confirm(self, request: booking.ConfirmRequest, *, key: str) -> booking.Booking:
        """Confirm a hold. Use one key for one decision of a person, however often it is sent."""
        return await self.call("POST", "/v1/bookings", booking.Booking, body=request, key=key)

    async def patients(self, query: str | None = None, *, limit: int = 50) -> Page[people.Patient]:
        """Find patients by part of a name, phone digits or date of birth, in any order."""
        return await self.call("GET", "/v1/patients", Page[people.Patient], query=query, limit=limit)

    async def add_patient(self, request: people.NewPatient, *, key: str | None = None) -> people.Patient:
        return await self.call("POST", "/v1/patients", people.Patient, body=request, key=key)

    async def patient(self, patient_id: UUID) -> people.Patient:
        return await self.call("GET", f"/v1/patients/{patient_id}", people.Patient)
