"""Holds and appointments, and which resources a booking takes for how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
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

    @property
    def is_remote(self) -> bool:
        """Tell whether they need a session to meet in."""
        return self is not Mode.IN_PERSON


class SessionState(StrEnum):
    """Where the session of a remote appointment stands; a failed one waits for ops to try again."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Party(StrEnum):
    """Who did not come."""

    PATIENT = "patient"
    PROVIDER = "provider"


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
    unit_ids: tuple[UUID, ...] = ()
    moving_id: UUID | None = None
    """The appointment that it is to give another time; its own time is not in the way."""

    def stands_at(self, now: datetime) -> bool:
        """Tell whether it may still be confirmed."""
        return self.state is HoldState.HELD and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A booking that was made. Money in cents; the policy is as it was when it was made.

    `session` is None in person. `charged_cents` and `refunded_cents` came of canceling, or of not coming;
    `freed` tells that others may have the time. `calendar_sequence` counts what calendars have to hear of.
    """

    id: UUID
    reference: str
    patient_id: UUID
    patient_name: str
    provider_id: UUID
    provider_name: str
    service_id: UUID
    service_title: str
    room_id: UUID | None
    unit_ids: tuple[UUID, ...]
    hold_id: UUID | None
    span: Span
    timezone: str
    status: Status
    mode: Mode
    session: SessionState | None
    price_cents: int
    currency: str
    free_until_hours: int
    fee_cents: int
    overbooked: bool
    overbook_reason: str | None
    notes: str | None
    booked_by: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    checked_in_at: datetime | None = None
    started_at: datetime | None = None
    no_show_fee_cents: int = 0
    charged_cents: int = 0
    refunded_cents: int = 0
    canceled_at: datetime | None = None
    change_reason: str | None = None
    missed_by: Party | None = None
    freed: bool = False
    calendar_sequence: int = 0
    walk_in: bool = False
    series_id: UUID | None = None
    batch_id: UUID | None = None

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
    unit_ids: tuple[UUID, ...] = (),
    hold_id: UUID | None = None,
) -> Appointment:
    """Draw up an appointment at the price and policy of now; its reference comes when it is written."""
    mode = mode_for(service, mode)
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
        unit_ids=unit_ids,
        hold_id=hold_id,
        span=span,
        timezone=provider.timezone,
        status=status,
        mode=mode,
        session=SessionState.PENDING if mode.is_remote else None,
        price_cents=provider.price_of(service),
        currency=service.currency,
        free_until_hours=service.policy.free_until_hours,
        fee_cents=service.policy.fee_cents,
        no_show_fee_cents=service.policy.no_show_fee_cents,
        overbooked=False,
        overbook_reason=None,
        notes=notes,
        booked_by=booked_by,
        version=1,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Want:
    """One row of occupancy that a booking asks for; an `overbooked` one is not guarded against others."""

    resource_id: UUID
    kind: Kind
    span: Span
    seat: int = 1
    capacity: int = 1
    overbooked: bool = False


def wants(
    *,
    service: Service,
    provider_id: UUID,
    room_id: UUID | None,
    unit_ids: Sequence[UUID],
    patient_id: UUID | None,
    span: Span,
    seat: int,
    over: Sequence[Span] = (),
) -> tuple[Want, ...]:
    """List what a booking takes, in resource order, which is the order that every writer takes them in.

    Provider, room and units are taken with the service's buffers, the patient for the bare service: nobody
    waits for a room to be cleaned. Where the provider is taken already, in `over`, the booking goes on top,
    unguarded.
    """
    whole = span.padded(before=service.buffer_before_minutes, after=service.buffer_after_minutes)
    things = [(unit_id, Kind.EQUIPMENT) for unit_id in unit_ids]
    if room_id is not None:
        things.append((room_id, Kind.ROOM))
    if not over:
        things.append((provider_id, Kind.PROVIDER))
    found = [
        Want(resource_id=id_, kind=kind, span=whole, seat=seat, capacity=max(service.capacity, seat))
        for id_, kind in things
    ]
    cut = pieces(whole, over) if over else []
    found += [
        Want(
            resource_id=provider_id,
            kind=Kind.PROVIDER,
            span=piece,
            seat=number,
            capacity=len(cut),
            overbooked=taken,
        )
        for number, (piece, taken) in enumerate(cut, 1)
    ]
    if patient_id is not None:
        found.append(Want(resource_id=patient_id, kind=Kind.PATIENT, span=span))
    return tuple(sorted(found, key=lambda want: (want.resource_id, want.span)))


def pieces(whole: Span, over: Sequence[Span]) -> list[tuple[Span, bool]]:
    """Cut a span at the edges of others; each piece comes with whether one of them takes it."""
    cuts = {edge for span in over for edge in (span.start, span.end) if whole.start < edge < whole.end}
    edges = sorted(cuts | {whole.start, whole.end})
    cut: list[tuple[Span, bool]] = []
    for start, end in pairwise(edges):
        piece = Span(start=start, end=end)
        taken = any(span.overlaps(piece) for span in over)
        if cut and cut[-1][1] is taken:
            piece = Span(start=cut.pop()[0].start, end=end)
        cut.append((piece, taken))
    return cut


def mode_for(service: Service, asked: Mode | None) -> Mode:
    """Choose the way to meet: as asked, else in person, or by video where the service is remote."""
    if asked is not None:
        return asked
    return Mode.VIDEO if service.modality is Modality.TELEHEALTH else Mode.IN_PERSON


def free_seats(capacity: int, taken: Sequence[int]) -> tuple[int, ...]:
    """List the seats of a session that nobody has, lowest first."""
    return tuple(seat for seat in range(1, capacity + 1) if seat not in taken)
