"""Calls to a deskcal server: one method per route, wire shapes in and out."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from deskcal.client.access import Access
from deskcal.client.front_desk import FrontDesk
from deskcal.client.imports import Imports
from deskcal.client.jobs import Jobs
from deskcal.client.operating import Operating
from deskcal.client.plans import Plans
from deskcal.client.reports import Reports
from deskcal.wire import booking, calendar, explain, people, realtime
from deskcal.wire.shape import Page


class Client(FrontDesk, Access, Imports, Jobs, Operating, Plans, Reports):
    """Everything that a caller with a token may ask: the catalogue, and what happens in it."""

    async def provider_day(self, provider_id: UUID, *, service_id: UUID, day: date) -> calendar.ProviderDay:
        path = f"/v1/providers/{provider_id}/availability"
        return await self.call("GET", path, calendar.ProviderDay, serviceId=service_id, date=day)

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

    async def reservation(self, token: str) -> booking.Reservation:
        return await self.call("GET", f"/v1/reservations/{token}", booking.Reservation)

    async def book(self, clinic_id: UUID, request: booking.BookRequest, *, key: str) -> booking.Appointment:
        path = f"/v1/clinics/{clinic_id}/appointments"
        return (await self.call("POST", path, booking.Booked, body=request, key=key)).appointment

    async def patients_of(self, ids: Iterable[UUID]) -> list[people.Patient]:
        """Fetch patients by their ids, 200 at most; who is not there is left out."""
        wanted = ",".join(map(str, ids))
        return (await self.call("GET", "/v1/patients", Page[people.Patient], ids=wanted, limit=200)).items

    async def exported_patients(self, cursor: str | None = None) -> Page[people.Patient]:
        """Fetch all patients, page after page, by name; for admins."""
        return await self.call("GET", "/v1/exports/patients", Page[people.Patient], cursor=cursor)

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
