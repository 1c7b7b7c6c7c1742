"""Calls to a deskcal server: one method per route, wire shapes in and out."""

from datetime import date
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID, uuid4

import httpx
import msgspec

from deskcal.client.errors import Refused, Unreachable
from deskcal.wire import booking, calendar, catalog, people, realtime
from deskcal.wire.problem import Problem
from deskcal.wire.shape import Page, Request

T = TypeVar("T")


class Client:
    """A caller with a token. Used as an async context manager; it owns its connections.

    An `ops` token works on one clinic at a time: `clinic_id` names it. Every method raises Refused when the
    server says no and Unreachable when none answers within `timeout` seconds.
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        clinic_id: UUID | None = None,
        timeout: float = 10.0,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.clinic_id = clinic_id
        self._http = httpx.AsyncClient(base_url=self.url, timeout=timeout, transport=transport)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def call(
        self,
        method: str,
        path: str,
        answer: type[T],
        *,
        body: Request | None = None,
        key: str | None = None,
        **params: object,
    ) -> T:
        """Send one request and decode its answer; a mutation carries a key, made here unless given."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.clinic_id is not None:
            headers["X-Clinic-Id"] = str(self.clinic_id)
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method != "GET":
            headers["Idempotency-Key"] = key or str(uuid4())
        try:
            response = await self._http.request(
                method,
                path,
                content=None if body is None else msgspec.json.encode(body),
                params={name: str(value) for name, value in params.items() if value is not None},
                headers=headers,
            )
        except httpx.HTTPError as error:
            raise Unreachable(self.url, str(error) or type(error).__name__) from error
        if response.is_error:
            raise Refused(_problem(response))
        if answer is type(None) or not response.content:
            return msgspec.convert(None, answer)
        try:
            return msgspec.json.decode(response.content, type=answer)
        except msgspec.DecodeError as error:
            raise Refused(_unexpected(response)) from error

    async def me(self) -> people.Me:
        return await self.call("GET", "/v1/auth/me", people.Me)

    async def clinics(self) -> list[catalog.Clinic]:
        return (await self.call("GET", "/v1/clinics", Page[catalog.Clinic], limit=200)).items

    async def create_clinic(self, request: catalog.NewClinic) -> catalog.Clinic:
        return await self.call("POST", "/v1/clinics", catalog.Clinic, body=request)

    async def locations(self) -> list[catalog.Location]:
        return (await self.call("GET", "/v1/locations", Page[catalog.Location], limit=200)).items

    async def add_location(self, request: catalog.NewLocation) -> catalog.Location:
        return await self.call("POST", "/v1/locations", catalog.Location, body=request)

    async def add_room(self, request: catalog.NewRoom) -> catalog.Room:
        return await self.call("POST", "/v1/rooms", catalog.Room, body=request)

    async def add_service(self, request: catalog.NewService) -> catalog.Service:
        return await self.call("POST", "/v1/services", catalog.Service, body=request)

    async def add_provider(self, request: catalog.NewProvider) -> catalog.Provider:
        return await self.call("POST", "/v1/providers", catalog.Provider, body=request)

    async def schedule(self, provider_id: UUID) -> catalog.Schedule:
        """Fetch the week that holds without dates."""
        return await self.call("GET", f"/v1/providers/{provider_id}/schedule", catalog.Schedule)

    async def set_schedule(self, provider_id: UUID, schedule: catalog.Schedule) -> dict[str, Any]:
        """Replace the hours; answers the week that holds without dates, and `appointmentsOutside`."""
        return await self.call("PUT", f"/v1/providers/{provider_id}/schedule", dict[str, Any], body=schedule)

    async def providers(
        self, *, query: str | None = None, service_id: UUID | None = None, cursor: str | None = None
    ) -> Page[catalog.Provider]:
        return await self.call(
            "GET",
            "/v1/providers",
            Page[catalog.Provider],
            query=query,
            serviceId=service_id,
            cursor=cursor,
            limit=200,
        )

    async def rooms(self) -> list[catalog.Room]:
        return (await self.call("GET", "/v1/rooms", Page[catalog.Room], limit=200)).items

    async def services(self) -> list[catalog.Service]:
        return (await self.call("GET", "/v1/services", Page[catalog.Service], limit=200)).items

    async def provider_services(self, provider_id: UUID) -> list[catalog.Service]:
        path = f"/v1/providers/{provider_id}/services"
        return (await self.call("GET", path, Page[catalog.Service])).items

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

    async def appointment(self, appointment_id: UUID) -> booking.Appointment:
        return await self.call("GET", f"/v1/appointments/{appointment_id}", booking.Appointment)

    async def audit(self, appointment_id: UUID) -> list[booking.AuditEntry]:
        path = f"/v1/appointments/{appointment_id}/audit"
        return (await self.call("GET", path, Page[booking.AuditEntry], limit=200)).items

    async def patients(self, query: str | None = None, *, limit: int = 50) -> Page[people.Patient]:
        """Find patients by part of a name, phone digits or date of birth, in any order."""
        return await self.call("GET", "/v1/patients", Page[people.Patient], query=query, limit=limit)

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
        self, *, since: int = 0, limit: int = 200, event_type: str | None = None
    ) -> list[realtime.LogEntry]:
        """Read on from a seq, oldest first; `event_type` may end in `.*`."""
        page = Page[realtime.LogEntry]
        found = await self.call("GET", "/v1/log", page, since=since, limit=limit, type=event_type)
        return found.items

    async def appointments(
        self,
        clinic_id: UUID,
        *,
        day: date | None = None,
        provider_id: UUID | None = None,
        patient_id: UUID | None = None,
        status: str | None = None,
        page: int = 1,
    ) -> list[booking.Appointment]:
        path = f"/v1/clinics/{clinic_id}/appointments"
        found = await self.call(
            "GET",
            path,
            Page[booking.Appointment],
            date=day,
            providerId=provider_id,
            patientId=patient_id,
            status=status,
            page=page,
            limit=200,
        )
        return found.items


def _problem(response: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(response.content, type=Problem)
    except msgspec.DecodeError:
        return _unexpected(response)


def _unexpected(response: httpx.Response) -> Problem:
    return Problem(
        title="Unexpected answer",
        status=response.status_code,
        error="UNEXPECTED",
        detail=f"The server answered {response.status_code} in a form that deskcal does not know.",
    )
