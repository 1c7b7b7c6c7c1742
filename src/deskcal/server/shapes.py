"""Core types as the wire spells them, in the zone of whoever is concerned."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import booking as core
from deskcal.core import clinic, slot
from deskcal.core import delay as core_delay
from deskcal.core.access import Actor, Role
from deskcal.core.localtime import zone_label
from deskcal.core.span import Span
from deskcal.core.user import User
from deskcal.flows import calendar as days
from deskcal.flows.sessions import Whole
from deskcal.store.catalog import Catalog
from deskcal.store.log import Entry
from deskcal.store.tokens import Token
from deskcal.wire import booking, calendar, catalog, delays, people, realtime, users


def times(span: Span, zone: ZoneInfo) -> dict[str, datetime]:
    """Give a span both ways: on the wall clock of a zone, and in UTC."""
    return {
        "start": span.start.astimezone(zone),
        "end": span.end.astimezone(zone),
        "start_utc": span.start,
        "end_utc": span.end,
    }


def timeslot(
    found: slot.Slot, provider: clinic.Provider, service: clinic.Service, zone: ZoneInfo, actor: Actor | None
) -> calendar.Timeslot:
    """Spell a slot. Who holds it is for its owner and for staff."""
    hold = found.hold if actor and found.hold else None
    mine = hold is not None and actor is not None and hold.owner == actor.sub
    shown = hold if hold and actor and (mine or actor.is_staff) else None
    return calendar.Timeslot(
        id=slot.slot_id(found.provider_id, found.service_id, found.span.start),
        provider_id=found.provider_id,
        provider_name=provider.name,
        service_id=found.service_id,
        **times(found.span, zone),
        status=found.state.value,
        capacity=found.capacity,
        remaining=found.remaining,
        price_cents=provider.price_of(service),
        mine=True if mine else None,
        held_until=shown.expires_at if shown else None,
        held_by=shown.client if shown else None,
        reason=found.reason,
    )


def timeslots(found: Iterable[slot.Slot], known: Catalog) -> list[calendar.Timeslot]:
    """Spell slots of many providers, each in the provider's zone; those that are not there any more go."""
    return [
        timeslot(one, provider, service, provider.zone, None)
        for one in found
        if (provider := known.providers.get(one.provider_id))
        and (service := known.services.get(one.service_id))
    ]


def lane_slots(lane: days.Lane, actor: Actor) -> list[calendar.Timeslot]:
    """Spell a lane's slots in the provider's zone."""
    if lane.service is None:
        return []
    zone = lane.provider.zone
    return [timeslot(found, lane.provider, lane.service, zone, actor) for found in lane.slots]


def lane(found: days.Lane, actor: Actor, label_at: datetime) -> calendar.Lane:
    """Spell a lane of the desk's day."""
    zone = found.provider.zone
    return calendar.Lane(
        provider=provider(found.provider),
        service_id=found.service.id if found.service else None,
        timezone_label=zone_label(zone, label_at),
        timeslots=lane_slots(found, actor),
        appointments=[
            calendar.DayAppointment(
                id=made.id,
                reference=made.reference,
                patient_id=made.patient_id,
                patient_name=made.patient_name,
                service_title=made.service_title,
                start=made.span.start.astimezone(zone),
                end=made.span.end.astimezone(zone),
                status=made.status,
                version=made.version,
                overbooked=made.overbooked,
            )
            for made in found.appointments
        ],
        running_late=delay(found.delay) if found.delay else None,
    )


def delay(found: core_delay.Delay) -> delays.Delay:
    return delays.Delay(
        provider_id=found.provider_id,
        day=found.day,
        minutes=found.minutes,
        noted_at=found.noted_at,
        noted_by=found.noted_by,
        client=found.client,
    )


def provider(found: clinic.Provider) -> catalog.Provider:
    return catalog.Provider(
        id=found.id,
        name=found.name,
        specialty=found.specialty,
        rating=found.rating,
        thumbnail_url=found.thumbnail_url,
        location_id=found.location_id,
        is_available=found.is_available,
        is_approved=found.is_approved,
        timezone=found.timezone,
        version=found.version,
        daily_maximum=found.daily_maximum,
    )


def service(found: clinic.Service, of: clinic.Provider | None = None) -> catalog.Service:
    """Spell a service; with a provider, at that provider's price."""
    return catalog.Service(
        id=found.id,
        provider_id=of.id if of else None,
        title=found.title,
        description=found.description,
        price_cents=of.price_of(found) if of else found.price_cents,
        currency=found.currency,
        duration_minutes=found.duration_minutes,
        buffer_before_minutes=found.buffer_before_minutes,
        buffer_after_minutes=found.buffer_after_minutes,
        slot_step_minutes=found.slot_step_minutes,
        capacity=found.capacity,
        modality=found.modality.value,
        requires_room=found.room_type is not None,
        room_type=found.room_type,
        requires_equipment=found.equipment_type is not None,
        cancellation_policy=catalog.CancellationPolicy(
            free_until_hours=found.policy.free_until_hours,
            fee_cents=found.policy.fee_cents,
            no_show_fee_cents=found.policy.no_show_fee_cents,
        ),
        version=found.version,
        room_features=sorted(found.room_features),
        equipment_type=found.equipment_type,
        equipment_units=found.equipment_units,
    )


def reservation(hold: core.Hold, token: str, zone: ZoneInfo, now: datetime) -> booking.Reservation:
    """Spell a hold with the token that is its key."""
    return booking.Reservation(
        reservation_token=token,
        expires_at=hold.expires_at,
        ttl_seconds=max(0, round((hold.expires_at - now).total_seconds())),
        timeslot_id=slot.slot_id(hold.provider_id, hold.service_id, hold.span.start),
        provider_id=hold.provider_id,
        service_id=hold.service_id,
        start=hold.span.start.astimezone(zone),
        end=hold.span.end.astimezone(zone),
        room_id=hold.room_id,
        equipment_unit_ids=list(hold.unit_ids),
        server_time=now,
        renewals_left=core.MOST_RENEWALS - hold.renewals,
    )


def _shared(made: core.Appointment) -> dict[str, Any]:
    return {
        "id": made.id,
        "reference": made.reference,
        "user_id": made.booked_by,
        "patient_id": made.patient_id,
        "provider_id": made.provider_id,
        "service_id": made.service_id,
        "timeslot_id": slot.slot_id(made.provider_id, made.service_id, made.span.start),
        "room_id": made.room_id,
        "equipment_unit_ids": list(made.unit_ids),
        **times(made.span, ZoneInfo(made.timezone)),
        "timezone": made.timezone,
        "mode": made.mode.value,
        "session": booking.RemoteSession(state=made.session.value) if made.session else None,
        "created_at": made.created_at,
        "version": made.version,
    }


def booked(made: core.Appointment) -> booking.Booking:
    """Spell an appointment as the answer to its confirmation."""
    canceled = made.status is core.Status.CANCELED
    return booking.Booking(**_shared(made), status="cancelled" if canceled else "confirmed")


def appointment(made: core.Appointment) -> booking.Appointment:
    """Spell an appointment for staff."""
    return booking.Appointment(
        **_shared(made),
        status=made.status.value,
        provider_name=made.provider_name,
        service_title=made.service_title,
        patient_name=made.patient_name,
        price_cents=made.price_cents,
        currency=made.currency,
        cancellation_policy=booking.FrozenPolicy(
            refundable_until=made.refundable_until,
            fee_cents=made.fee_cents,
            no_show_fee_cents=made.no_show_fee_cents,
        ),
        overbooked=made.overbooked,
        overbook_reason=made.overbook_reason,
        notes=made.notes,
        updated_at=made.updated_at,
        checked_in_at=made.checked_in_at,
        started_at=made.started_at,
        charged_cents=made.charged_cents,
        refunded_cents=made.refunded_cents,
        canceled_at=made.canceled_at,
        change_reason=made.change_reason,
        missed_by=made.missed_by.value if made.missed_by else None,
        time_freed=made.freed,
        walk_in=made.walk_in,
        series_id=made.series_id,
        batch_id=made.batch_id,
    )


def shown(made: core.Appointment, actor: Actor) -> booking.Appointment:
    """Spell an appointment for somebody; why it was changed or overbooked is for staff only."""
    spelled = appointment(made)
    if not actor.is_staff:
        spelled.change_reason = spelled.overbook_reason = None
    return spelled


def whole(found: Whole, actor: Actor) -> booking.Appointment:
    """Spell an appointment with what only staff and its patient may see."""
    spelled = shown(found.appointment, actor)
    spelled.medical_info = found.medical_info
    if spelled.session and found.way_in:
        spelled.session = booking.RemoteSession(state=spelled.session.state, **asdict(found.way_in))
    return spelled


def log_entry(entry: Entry) -> realtime.LogEntry:
    return realtime.LogEntry(
        seq=entry.seq,
        occurred_at=entry.occurred_at.astimezone(UTC),
        aggregate_type=entry.aggregate_type,
        aggregate_id=entry.aggregate_id,
        event_type=entry.event_type,
        actor=entry.actor,
        payload=entry.payload,
        trace_id=entry.trace_id,
    )


def patient(found: clinic.Patient) -> people.Patient:
    return people.Patient(
        id=found.id,
        name=found.name,
        date_of_birth=found.date_of_birth,
        phone=found.phone,
        email=found.email,
        created_at=found.created_at or datetime.fromtimestamp(0, tz=UTC),
        version=found.version,
    )


def api_key(token: Token, text: str | None = None) -> people.ApiKey:
    """Spell a key; its text only when it was just made."""
    return people.ApiKey(
        id=token.id,
        role=Role(token.role).value,
        name=token.name,
        patient_id=token.patient_id,
        provider_id=token.provider_id,
        scopes=list(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        token=text,
    )


def user(found: User) -> users.User:
    return users.User(
        id=found.id,
        email=found.email,
        role=found.role.value,
        name=found.name,
        provider_id=found.provider_id,
        patient_id=found.patient_id,
        created_at=found.created_at,
        disabled_at=found.disabled_at,
        version=found.version,
    )


def me(actor: Actor, clinic_id: UUID | None, found: User | None) -> people.Me:
    return people.Me(
        sub=actor.sub,
        email=found.email if found else None,
        clinic_id=clinic_id,
        role=actor.role.value,
        scopes=sorted(actor.scopes),
        patient_id=actor.patient_id,
        provider_id=actor.provider_id,
    )
