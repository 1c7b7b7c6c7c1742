"""Reservations, bookings, appointments and their audit on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, field

from deskcal.wire.shape import Request, Shape

Key = Annotated[str, Meta(min_length=1, max_length=255)]
Reason = Annotated[str, Meta(max_length=500)]
ProviderOrAny = Annotated[str, Meta(pattern="^(any|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$")]
Mode = Literal["in_person", "voice", "video", "chat"]
MedicalInfo = Annotated[str, Meta(max_length=8000)]
AppointmentStatus = Literal[
    "scheduled", "confirmed", "checked_in", "in_progress", "completed", "canceled", "no_show"
]


class ReserveRequest(Request, kw_only=True):
    """A slot to hold: a timeslot of a provider, or a start with whoever is best, `providerId` being `any`.

    `client_id` names the desk or device, for other desks to see. `appointment_id` names an appointment that
    is to be moved there: its own time is not in the way.
    """

    provider_id: ProviderOrAny
    service_id: UUID
    timeslot_id: Annotated[str, Meta(max_length=128)] | None = None
    start: Annotated[str, Meta(max_length=64)] | None = None
    patient_id: UUID | None = None
    client_id: Annotated[str, Meta(max_length=60)] | None = None
    room_id: UUID | None = None
    appointment_id: UUID | None = None
    idempotency_key: Key | None = None


class Reservation(Shape, kw_only=True):
    """A hold. Count down from `expires_at` against `server_time`, not against the local clock."""

    reservation_token: str
    expires_at: datetime
    ttl_seconds: int
    timeslot_id: str
    provider_id: UUID
    service_id: UUID
    start: datetime
    end: datetime
    room_id: UUID | None
    equipment_unit_ids: list[UUID]
    server_time: datetime
    renewals_left: int


class Confirmation(Request, kw_only=True):
    """A hold to confirm, for the caller unless it names a patient; `consult_mode` is the older `mode`.

    That one is read in both spellings, `consultMode` and `consult_mode`.
    """

    reservation_token: Annotated[str, Meta(max_length=128)]
    patient_id: UUID | None = None
    mode: Mode | None = None
    consult_mode: Mode | None = None
    consult_mode_as_ever: Mode | None = field(default=None, name="consult_mode")
    notes: Annotated[str, Meta(max_length=4000)] | None = None
    medical_info: MedicalInfo | None = None


class ConfirmRequest(Confirmation, kw_only=True):
    """One hold to confirm."""

    idempotency_key: Key | None = None


class BatchRequest(Request, kw_only=True):
    """Holds to confirm all together, or none of them."""

    items: Annotated[list[Confirmation], Meta(min_length=1, max_length=50)]
    idempotency_key: Key | None = None


class Overbook(Request, kw_only=True):
    """Why a provider may be booked on top of another appointment."""

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"\S")]


class RescheduleRequest(Request, kw_only=True):
    """A hold whose time an appointment gets instead of its own."""

    reservation_token: Annotated[str, Meta(max_length=128)]
    reason: Reason | None = None
    idempotency_key: Key | None = None


class CancelRequest(Request, kw_only=True):
    """Why an appointment is canceled; `waive_fee` is for staff, when it is the clinic that cancels."""

    reason: Reason | None = None
    waive_fee: bool = False
    idempotency_key: Key | None = None


class AppointmentChange(Request, kw_only=True):
    """What becomes of an appointment: another time, or another status.

    A move names `start`, and what else changes with it. `missed_by` goes with `no_show`, and is the patient
    unless given. `free_time` gives the time of a no-show to others.
    """

    start: Annotated[str, Meta(max_length=64)] | None = None
    end: Annotated[str, Meta(max_length=64)] | None = None
    provider_id: UUID | None = None
    room_id: UUID | None = None
    status: AppointmentStatus | None = None
    missed_by: Literal["patient", "provider"] | None = None
    free_time: bool = False
    waive_fee: bool = False
    reason: Reason | None = None
    idempotency_key: Key | None = None


class BookRequest(Request, kw_only=True):
    """An appointment to make directly; `start` is RFC 3339 with an offset."""

    patient_id: UUID
    service_id: UUID
    provider_id: UUID
    start: Annotated[str, Meta(max_length=64)]
    end: Annotated[str, Meta(max_length=64)] | None = None
    room_id: UUID | None = None
    room_selection_mode: Literal["auto", "fixed"] = "auto"
    mode: Mode | None = None
    notes: Annotated[str, Meta(max_length=4000)] | None = None
    medical_info: MedicalInfo | None = None
    availability_fetched_at: datetime | None = None
    overbook: Overbook | None = None
    idempotency_key: Key | None = None


class RemoteSession(Shape, kw_only=True):
    """Where a remote appointment meets: a link, or a Vonage session with a token for the caller.

    What opens it is answered with a single appointment only, and a token anew each time.
    """

    state: Literal["pending", "ready", "failed"]
    url: str | None = None
    application_id: str | None = None
    session_id: str | None = None
    token: str | None = None
    token_expires_at: datetime | None = None


class BookingTimes(Shape, kw_only=True):
    """What a booking and an appointment share."""

    id: UUID
    reference: str
    user_id: str | None
    patient_id: UUID
    provider_id: UUID
    service_id: UUID
    timeslot_id: str
    room_id: UUID | None
    equipment_unit_ids: list[UUID]
    start: datetime
    end: datetime
    start_utc: datetime
    end_utc: datetime
    timezone: str
    mode: Mode
    session: RemoteSession | None = None
    created_at: datetime
    version: int


class Booking(BookingTimes, kw_only=True):
    """The answer to a confirmation."""

    status: Literal["pending", "confirmed", "failed", "cancelled"]


class FrozenPolicy(Shape, kw_only=True):
    """The cancellation policy as it was when the appointment was made."""

    refundable_until: datetime
    fee_cents: int
    no_show_fee_cents: int = 0


class AuditActor(Shape, kw_only=True):
    """Who did it: a token's subject, never a name, to patients only their own. `client` is the desk."""

    type: Literal["user", "system", "provider"]
    id: str | None = None
    role: str | None = None
    client: str | None = None


class AuditEntry(Shape, kw_only=True):
    """One entry of the log as the audit of an appointment shows it."""

    id: str
    appointment_id: UUID
    seq: int
    action: str
    actor: AuditActor
    timestamp: datetime
    metadata: dict[str, object]


class Appointment(BookingTimes, kw_only=True):
    """An appointment whole; `patient_name` is for staff and for the patient.

    So is `medical_info`, which is answered with a single appointment only. `checked_in_at` is when the
    patient came, `started_at` when they were called in.
    """

    status: AppointmentStatus
    provider_name: str
    service_title: str
    patient_name: str
    price_cents: int
    currency: str
    cancellation_policy: FrozenPolicy
    overbooked: bool
    overbook_reason: str | None
    notes: str | None
    medical_info: str | None = None
    updated_at: datetime
    checked_in_at: datetime | None = None
    started_at: datetime | None = None
    charged_cents: int = 0
    refunded_cents: int = 0
    canceled_at: datetime | None = None
    change_reason: str | None = None
    missed_by: Literal["patient", "provider"] | None = None
    time_freed: bool = False
    walk_in: bool = False
    series_id: UUID | None = None
    batch_id: UUID | None = None
    audit: list[AuditEntry] | None = None


class Batch(Shape, kw_only=True):
    """The answer to a batch: the bookings in the order of its items."""

    bookings: list[Booking]


class Cancellation(Shape, kw_only=True):
    """What canceling costs at this moment, in cents of the appointment's currency."""

    fee_cents: int
    refund_cents: int
    currency: str
    refundable_until: datetime


class Canceled(Shape, kw_only=True):
    """A canceled appointment, with the fee and the refund of that moment."""

    appointment: Appointment
    fee_cents: int
    refund_cents: int


class CalendarRequest(Request, kw_only=True):
    """Where a booking is to be put down: `ics` gives it as a file."""

    target: Literal["ics", "caldav"]


class NewCalendar(Request, kw_only=True):
    """Whose calendar to share; patients and providers share their own unless they say so."""

    patient_id: UUID | None = None
    provider_id: UUID | None = None
    idempotency_key: Key | None = None


class SharedCalendar(Shape, kw_only=True):
    """A calendar to subscribe to. Whoever has its `url` can read it; it is answered once, when it is made."""

    id: UUID
    patient_id: UUID | None
    provider_id: UUID | None
    created_at: datetime
    url: str | None = None


class Booked(Shape, kw_only=True):
    """The answer to a direct booking."""

    appointment: Appointment
