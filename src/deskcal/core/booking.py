"""Holds and appointments, and which resources a booking takes for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from deskcal.core.clinic import Modality, Patient, Provider, Service
from deskcal.core.refusals import Kind
from deskcal.core.span import Span

MOST_RENEWALS = 1
STALE_AFTER = timedelta(seconds=30)


class HoldState(StrEnum):
    """What became of a hold."""

    HELD = "held"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    LAPSED = "lapsed"


class Status(StrEnum):
    """Where an appointment stands."""

    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELED = "canceled"
    NO_SHOW = "no_show"


class Mode(StrEnum):
    """How patient and provider meet."""

    IN_PERSON = "in_person"
    VOICE = "voice"
    VIDEO = "video"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A slot kept for one owner until `expires_at`; `span` is the service alone, without buffers."""

    id: UUID
    provider_id: UUID
    service_id: UUID
    room_id: UUID | None
    patient_id: UUID | None
    span: Span
    owner: str
    client: str | None
    renewals: int
    state: HoldState
    expires_at: datetime

    def stands_at(self, now: datetime) -> bool:
        """Tell whether it may still be confirmed."""
        return self.state is HoldState.HELD and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A booking that was made. Money in cents; the policy is as it was when it was made."""

    id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    provider_id: UUID
    provider_name: str
    service_id: UUID
    service_title: str
    room_id: UUID | None
    hold_id: UUID | None
    span: Span
    timezone: str
    status: Status
    mode: Mode
    price_cents: int
    currency: str
    free_until_hours: int
    fee_cents: int
    overbooked: bool
    notes: str | None
    booked_by: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def refundable_until(self) -> datetime:
        """The last moment to cancel without a fee."""
        return self.span.start - timedelta(hours=self.free_until_hours)


def on_todays_terms(
    *,
    id: UUID,  # noqa: A002  the field's name
    provider: Provider,
    service: Service,
    patient: Patient,
    span: Span,
    status: Status,
    mode: Mode | None,
    notes: str | None,
    booked_by: str,
    now: datetime,
    room_id: UUID | None = None,
    hold_id: UUID | None = None,
) -> Appointment:
    """Draw up an appointment at the price and policy of now; its reference comes when it is written."""
    return Appointment(
        id=id,
        reference="",
        patient_id=patient.id,
        patient_name=patient.name,
        provider_id=provider.id,
        provider_name=provider.name,
        service_id=service.id,
        service_title=service.title,
        room_id=room_id,
        hold_id=hold_id,
        span=span,
        timezone=provider.timezone,
        status=status,
        mode=mode_for(service, mode),
        price_cents=provider.price_of(service),
        currency=service.currency,
        free_until_hours=service.policy.free_until_hours,
        fee_cents=service.policy.fee_cents,
        overbooked=False,
        notes=notes,
        booked_by=booked_by,
        version=1,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Want:
    """One row of occupancy that a booking asks for."""

    resource_id: UUID
    kind: Kind
    span: Span
    seat: int = 1
    capacity: int = 1


def wants(
    *,
    service: Service,
    provider_id: UUID,
    room_id: UUID | None,
    patient_id: UUID | None,
    span: Span,
    seat: int,
) -> tuple[Want, ...]:
    """List what a booking takes, in resource order, which is the order that every writer takes them in.

    Provider and room are taken with the service's buffers, the patient for the bare service: no patient waits
    for a room to be cleaned.
    """
    whole = span.padded(before=service.buffer_before_minutes, after=service.buffer_after_minutes)
    found = [_seat(provider_id, Kind.PROVIDER, whole, seat, service)]
    if room_id is not None:
        found.append(_seat(room_id, Kind.ROOM, whole, seat, service))
    if patient_id is not None:
        found.append(Want(resource_id=patient_id, kind=Kind.PATIENT, span=span))
    return tuple(sorted(found, key=lambda want: want.resource_id))


def _seat(resource_id: UUID, kind: Kind, span: Span, seat: int, service: Service) -> Want:
    return Want(resource_id=resource_id, kind=kind, span=span, seat=seat, capacity=service.capacity)


def mode_for(service: Service, asked: Mode | None) -> Mode:
    """Choose the way to meet: as asked, else in person, or by video where the service is remote."""
    if asked is not None:
        return asked
    return Mode.VIDEO if service.modality is Modality.TELEHEALTH else Mode.IN_PERSON


def free_seats(capacity: int, taken: Sequence[int]) -> tuple[int, ...]:
    """List the seats of a session that nobody has, lowest first."""
    return tuple(seat for seat in range(1, capacity + 1) if seat not in taken)
