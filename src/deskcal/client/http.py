"""Calls to a deskcal server: one method per route, wire shapes in and out."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from deskcal.client.access import Access
from deskcal.client.catalogue import Catalogue
from deskcal.client.imports import Imports
from deskcal.client.jobs import Jobs
from deskcal.client.managing import Managing
from deskcal.client.openings import Openings
from deskcal.client.operating import Operating
from deskcal.client.plans import Plans
from deskcal.client.reports import Reports
from deskcal.client.together import Together
from deskcal.client.waitlist import Waitlist
from deskcal.core.ranking import TimeOfDay
from deskcal.wire import aggregates, booking, calendar, explain, people, realtime, search
from deskcal.wire.shape import Page


class Client(
    Access, Catalogue, Imports, Openings, Managing, Together, Waitlist, Jobs, Operating, Plans, Reports
):
    """Everything that a caller with a token may ask: the catalogue, and what happens in it."""

    async def me(self) -> people.Me:
        return await self.call("GET", "/v1/auth/me", people.Me)

    async def provider_day(self, provider_id: UUID, *, service_id: UUID, day: date) -> calendar.ProviderDay:
        path = f"/v1/providers/{provider_id}/availability"
        return await self.call("GET", path, calendar.ProviderDay, serviceId=service_id, date=day)

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

    async def explain(
        self, *, provider_id: UUID, service_id: UUID, start: date, end: date
    ) -> explain.Explanation:
        """Ask why availability is as it is, for whole local days of the provider."""
        return await self.call(
            "GET",
            "/v1/admin/explain-availability",
            explain.Explanation,
            providerId=provider_id,
            serviceId=service_id,
            start=start,
            end=end,
        )

    async def check(self, request: calendar.CheckRequest) -> calendar.Verdict:
        return await self.call("POST", "/v1/availability/check", calendar.Verdict, body=request)

    async def reserve(
        self, request: booking.ReserveRequest, *, key: str | None = None
    ) -> booking.Reservation:
        return await self.call("POST", "/v1/reservations", booking.Reservation, body=request, key=key)

    async def reservation(self, token: str) -> booking.Reservation:
        return await self.call("GET", f"/v1/reservations/{token}", booking.Reservation)

    async def renew(self, token: str) -> booking.Reservation:
        return await self.call("POST", f"/v1/reservations/{token}/renew", booking.Reservation)

    async def release(self, token: str) -> None:
        await self.call("DELETE", f"/v1/reservations/{token}", type(None))

    async def confirm(self, request: booking.ConfirmRequest, *, key: str) -> booking.Booking:
        """Confirm a hold. Use one key for one decision of a person, however often it is sent."""
        return await self.call("POST", "/v1/bookings", booking.Booking, body=request, key=key)

    async def book(self, clinic_id: UUID, request: booking.BookRequest, *, key: str) -> booking.Appointment:
        path = f"/v1/clinics/{clinic_id}/appointments"
        return (await self.call("POST", path, booking.Booked, body=request, key=key)).appointment

    async def patients(self, query: str | None = None, *, limit: int = 50) -> Page[people.Patient]:
        """Find patients by part of a name, phone digits or date of birth, in any order."""
        return await self.call("GET", "/v1/patients", Page[people.Patient], query=query, limit=limit)

    async def patients_of(self, ids: Iterable[UUID]) -> list[people.Patient]:
        """Fetch patients by their ids, 200 at most; who is not there is left out."""
        wanted = ",".join(map(str, ids))
        return (await self.call("GET", "/v1/patients", Page[people.Patient], ids=wanted, limit=200)).items

    async def exported_patients(self, cursor: str | None = None) -> Page[people.Patient]:
        """Fetch all patients, page after page, by name; for admins."""
        return await self.call("GET", "/v1/exports/patients", Page[people.Patient], cursor=cursor)

    async def add_patient(self, request: people.NewPatient, *, key: str | None = None) -> people.Patient:
        return await self.call("POST", "/v1/patients", people.Patient, body=request, key=key)

    async def patient(self, patient_id: UUID) -> people.Patient:
        return await self.call("GET", f"/v1/patients/{patient_id}", people.Patient)

    async def create_key(self, request: people.NewApiKey) -> people.ApiKey:
        return await self.call("POST", "/v1/api-keys", people.ApiKey, body=request)

    async def keys(self) -> list[people.ApiKey]:
        return (await self.call("GET", "/v1/api-keys", Page[people.ApiKey])).items

    async def revoke_key(self, key_id: UUID) -> None:
        await self.call("DELETE", f"/v1/api-keys/{key_id}", type(None))

    async def log(
        self,
        *,
        since: int = 0,
        limit: int = 200,
        event_type: str | None = None,
        aggregate_id: UUID | None = None,
        actor_id: str | None = None,
    ) -> list[realtime.LogEntry]:
        """Read on from a seq, oldest first; `event_type` may end in `.*`."""
        found = await self.call(
            "GET",
            "/v1/log",
            Page[realtime.LogEntry],
            since=since,
            limit=limit,
            type=event_type,
            aggregateId=aggregate_id,
            actorId=actor_id,
        )
        return found.items
