"""Appointments read and changed, and put into calendars: one method per route."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from deskcal.client.calls import Calls
from deskcal.wire import booking
from deskcal.wire.shape import Page


class Managing(Calls):
    """What is booked, and what becomes of it. `version` is what the caller saw; None changes whatever is."""

    async def appointment(self, appointment_id: UUID, *, audit: bool = False) -> booking.Appointment:
        path, include = f"/v1/appointments/{appointment_id}", "audit" if audit else None
        return await self.call("GET", path, booking.Appointment, include=include)

    async def audit(self, appointment_id: UUID) -> list[booking.AuditEntry]:
        path = f"/v1/appointments/{appointment_id}/audit"
        return (await self.call("GET", path, Page[booking.AuditEntry])).items

    async def appointments(
        self,
        clinic_id: UUID,
        *,
        which: Literal["upcoming", "history"] | None = None,
        day: date | None = None,
        between: tuple[date, date] | None = None,
        provider_id: UUID | None = None,
        patient_id: UUID | None = None,
        location_id: UUID | None = None,
        service_id: UUID | None = None,
        status: str | None = None,
        walk_in: bool | None = None,
        reference: str | None = None,
        cursor: str | None = None,
        limit: int = 200,
    ) -> Page[booking.Appointment]:
        """List by start, `history` backwards; `status` may name several, with commas.

        `between` are local dates of the clinic, both included.
        """
        return await self.call(
            "GET",
            f"/v1/clinics/{clinic_id}/appointments",
            Page[booking.Appointment],
            filter=which,
            date=day,
            dateRange=between and f"{between[0]},{between[1]}",
            providerId=provider_id,
            patientId=patient_id,
            locationId=location_id,
            serviceId=service_id,
            status=status,
            walkIn=walk_in,
            query=reference,
            cursor=cursor,
            limit=limit,
        )

    async def appointments_of(
        self,
        user: UUID | Literal["me"],
        *,
        which: Literal["upcoming", "history"] = "upcoming",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[booking.Appointment]:
        """List a user's own: the caller's, or for staff a patient's."""
        path, page = f"/v1/users/{user}/appointments", Page[booking.Appointment]
        return await self.call("GET", path, page, filter=which, cursor=cursor, limit=limit)

    async def bookings_of(
        self, user: UUID | Literal["me"], *, start: date | datetime, end: date | datetime
    ) -> list[booking.Booking]:
        """List what stands between two dates, both included, or two instants; the first 200."""
        path, page = f"/v1/bookings/{user}", Page[booking.Booking]
        first, last = start.isoformat(), end.isoformat()
        return (await self.call("GET", path, page, start=first, end=last, limit=200)).items

    async def change(
        self,
        clinic_id: UUID,
        appointment_id: UUID,
        request: booking.AppointmentChange,
        *,
        version: int,
        key: str | None = None,
    ) -> booking.Appointment:
        """Move an appointment, or say how it goes on: for staff."""
        path = f"/v1/clinics/{clinic_id}/appointments/{appointment_id}"
        return await self.call("PATCH", path, booking.Appointment, body=request, version=version, key=key)

    async def reschedule(
        self,
        appointment_id: UUID,
        request: booking.RescheduleRequest,
        *,
        key: str,
        version: int | None = None,
    ) -> booking.Appointment:
        """Give an appointment the time of a hold. Use one key for one decision of a person."""
        path = f"/v1/appointments/{appointment_id}/reschedule"
        return await self.call("POST", path, booking.Appointment, body=request, version=version, key=key)

    async def cancellation(self, appointment_id: UUID) -> booking.Cancellation:
        """Ask what canceling costs now."""
        path = f"/v1/appointments/{appointment_id}/cancellation"
        return await self.call("GET", path, booking.Cancellation)

    async def cancel(
        self, appointment_id: UUID, request: booking.CancelRequest, *, key: str, version: int | None = None
    ) -> booking.Canceled:
        """Cancel an appointment. Use one key for one decision of a person."""
        path = f"/v1/appointments/{appointment_id}/cancel"
        return await self.call("POST", path, booking.Canceled, body=request, version=version, key=key)

    async def calendar_file(self, appointment_id: UUID) -> bytes:
        """Fetch an appointment as iCalendar."""
        path = f"/v1/bookings/{appointment_id}/calendar"
        return await self.call("POST", path, bytes, body=booking.CalendarRequest(target="ics"))

    async def share_calendar(self, request: booking.NewCalendar) -> booking.SharedCalendar:
        """Make a calendar to subscribe to; its `url` is answered this once."""
        return await self.call("POST", "/v1/calendars", booking.SharedCalendar, body=request)

    async def shared_calendars(self) -> list[booking.SharedCalendar]:
        return (await self.call("GET", "/v1/calendars", Page[booking.SharedCalendar])).items

    async def revoke_calendar(self, calendar_id: UUID) -> None:
        await self.call("DELETE", f"/v1/calendars/{calendar_id}", type(None))
