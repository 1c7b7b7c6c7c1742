# ruff: noqa: ARG002  it answers whatever is asked
"""What becomes of the appointments of a played clinic, at this desk and at others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from deskcal.core.booking import Status
from deskcal.core.lifecycle import NEXT, STANDING
from deskcal.wire.booking import (
    Appointment,
    AppointmentChange,
    AuditActor,
    AuditEntry,
    Canceled,
    Cancellation,
    CancelRequest,
    RescheduleRequest,
)
from deskcal.wire.people import Patient
from deskcal.wire.shape import Page
from tui.played_book import Busy, number, refused
from tui.played_line import PlayedLine


@dataclass(kw_only=True)
class PlayedAppointments(PlayedLine):
    """`audits` has what happened, by the number of the appointment."""

    audits: dict[int, list[AuditEntry]] = field(default_factory=dict)

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
    ) -> Page[Appointment]:
        await self._call("appointments")
        found = [
            one
            for one in self._listed(which)
            if day in {None, one.start.astimezone(self.zone).date()}
            and provider_id in {None, one.provider_id}
            and patient_id in {None, one.patient_id}
            and service_id in {None, one.service_id}
            and (status is None or one.status in status.split(","))
            and (reference is None or one.reference == reference)
        ]
        return self._page(found, cursor, limit)

    async def appointments_of(
        self,
        user: UUID | Literal["me"],
        *,
        which: Literal["upcoming", "history"] = "upcoming",
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Appointment]:
        await self._call("appointments_of")
        mine = [one for one in self._listed(which) if one.provider_id == number(1, 0)]
        return self._page(mine, cursor, limit)

    async def appointment(self, appointment_id: UUID) -> Appointment:
        await self._call("appointment")
        return self._appointment(self.made(appointment_id))

    async def audit(self, appointment_id: UUID) -> list[AuditEntry]:
        await self._call("audit")
        made = self.made(appointment_id)
        created = [
            self._entry(made, action, minutes, "Desk 1", start=made.start.isoformat())
            for action, minutes in (("held", 9), ("created", 8))
        ]
        return created + self.audits.get(made.number, [])

    async def patient(self, patient_id: UUID) -> Patient:
        await self._call("patient")
        return next(one for one in self._people if one.id == patient_id)

    async def change(
        self,
        clinic_id: UUID,
        appointment_id: UUID,
        request: AppointmentChange,
        *,
        version: int,
        key: str | None = None,
    ) -> Appointment:
        await self._call("change")
        made = self._as_seen(appointment_id, version)
        assert request.status is not None
        if Status(request.status) not in NEXT[Status(made.status)]:
            raise refused(
                409, "INVALID_STATUS_CHANGE", f"This appointment is {made.status.replace('_', ' ')}."
            )
        self._become(made, request.status, "Desk 2")
        made.missed_by = request.missed_by if request.status == "no_show" else None
        return self._appointment(made)

    async def reschedule(
        self, appointment_id: UUID, request: RescheduleRequest, *, key: str, version: int | None = None
    ) -> Appointment:
        await self._call("reschedule")
        hold = self._held(request.reservation_token)
        moved = self.made(appointment_id)
        before = moved.start
        self.tell(moved, "available")
        self.busy.remove(hold)
        self._moved(moved, "Desk 2", provider=hold.provider, start=hold.start)
        self.tell(moved, "booked")
        self._told_of(moved, "appointment.rescheduled", previous={"start": before.isoformat()})
        return self._appointment(moved)

    async def cancellation(self, appointment_id: UUID) -> Cancellation:
        await self._call("cancellation")
        made = self._appointment(self.made(appointment_id))
        until = made.cancellation_policy.refundable_until
        fee = made.cancellation_policy.fee_cents if self.clock.now > until else 0
        refund = made.price_cents - fee
        return Cancellation(fee_cents=fee, refund_cents=refund, currency="USD", refundable_until=until)

    async def cancel(
        self, appointment_id: UUID, request: CancelRequest, *, key: str, version: int | None = None
    ) -> Canceled:
        await self._call("cancel")
        costs = await self.cancellation(appointment_id)
        made = self._as_seen(appointment_id, version or 0)
        fee = 0 if request.waive_fee else costs.fee_cents
        made.notes = request.reason
        self._become(made, "canceled", "Desk 2", kind="appointment.canceled")
        gone = self._appointment(made)
        return Canceled(appointment=gone, fee_cents=fee, refund_cents=gone.price_cents - fee)

    async def calendar_file(self, appointment_id: UUID) -> bytes:
        await self._call("calendar_file")
        return f"BEGIN:VCALENDAR\r\nUID:{appointment_id}\r\nEND:VCALENDAR\r\n".encode()

    def made(self, appointment_id: UUID) -> Busy:
        """Find an appointment on the books."""
        return next(busy for busy in self.busy if number(5, busy.number) == appointment_id)

    def other_desk_sets(self, made: Busy, status: str, *, told: bool = True) -> None:
        """Let Desk 1 change a status; it is told to everybody, unless the news are still under way."""
        feeds, self._feeds = self._feeds, self._feeds if told else []
        self._become(made, status, "Desk 1")
        self._feeds = feeds

    def other_desk_moves(self, made: Busy, hour: int, minute: int = 0) -> None:
        """Let Desk 1 move an appointment to another time of its day."""
        before = made.start
        self._moved(made, "Desk 1", provider=made.provider, start=self.at(hour, minute))
        self._told_of(made, "appointment.rescheduled", previous={"start": before.isoformat()})

    def other_desk_books(self, provider: int, hour: int, minute: int = 0, *, patient: int) -> Busy:
        """Let Desk 1 book."""
        made = self.book(provider, hour, minute, patient=patient)
        self._told_of(made, "appointment.created")
        return made

    def _listed(self, which: str | None) -> list[Appointment]:
        found = sorted(
            (self._appointment(busy) for busy in self.busy if busy.until is None),
            key=lambda one: (one.start, one.id),
        )
        ahead = [one for one in found if one.end > self.clock.now and Status(one.status) in STANDING]
        if which == "history":
            return [one for one in reversed(found) if one not in ahead]
        return ahead if which else found

    def _page(self, found: Sequence[Appointment], cursor: str | None, limit: int) -> Page[Appointment]:
        first = int(cursor or 0)
        more = str(first + limit) if len(found) > first + limit else None
        return Page(items=list(found[first : first + limit]), next_cursor=more)

    def _as_seen(self, appointment_id: UUID, version: int) -> Busy:
        made = self.made(appointment_id)
        if made.version != version:
            raise refused(412, "PRECONDITION_FAILED", "Someone else changed this appointment meanwhile.")
        return made

    def _become(self, made: Busy, status: str, desk: str, *, kind: str = "appointment.updated") -> None:
        was, made.status = made.status, status
        made.version += 1
        self._note(made, "status_changed", desk, was=was, status=status)
        self._told_of(made, kind, was=was, status=status)

    def _moved(self, made: Busy, desk: str, *, provider: int, start: Any) -> None:
        length, before = made.end - made.start, made.start
        made.provider, made.start, made.end = provider, start, start + length
        made.version += 1
        previous = {"start": before.isoformat()}
        self._note(made, "rescheduled", desk, previous=previous, start=start.isoformat())

    def _note(self, made: Busy, action: str, desk: str, **facts: object) -> None:
        self.audits.setdefault(made.number, []).append(self._entry(made, action, 0, desk, **facts))

    def _entry(self, made: Busy, action: str, minutes: int, desk: str, **facts: object) -> AuditEntry:
        return AuditEntry(
            id=f"e{made.number}-{action}",
            appointment_id=number(5, made.number),
            seq=self.seq,
            action=action,
            actor=AuditActor(id="ana", type="user", role="front_desk", client=desk),
            timestamp=self.clock.now - timedelta(minutes=minutes),
            metadata=facts,
        )

    def _told_of(self, made: Busy, kind: str, **facts: object) -> None:
        about = {"appointmentId": str(number(5, made.number)), "providerId": str(number(1, made.provider))}
        about |= {"patientId": str(self._people[made.patient].id), "start": made.start.isoformat()}
        self.tell_of(kind, {**about, **facts})
