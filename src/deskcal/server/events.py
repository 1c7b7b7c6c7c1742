"""Log entries as the messages of channels: who is told what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from deskcal.core.session import own_window
from deskcal.core.slot import slot_id
from deskcal.core.span import Span
from deskcal.flows.board import Board
from deskcal.flows.calendar import slot_at
from deskcal.flows.page import DELAYED
from deskcal.server.invalidated import invalidated, time_range
from deskcal.server.recounts import NOTHING, Recounts
from deskcal.store import appointments
from deskcal.store.catalog import Catalog
from deskcal.store.database import ReadTx
from deskcal.store.log import Entry
from deskcal.wire.realtime import Event, Metadata

SLOT_STATUS = {
    "hold.placed": "reserved",
    "hold.renewed": "reserved",
    "hold.released": "available",
    "hold.lapsed": "available",
    "appointment.confirmed": "booked",
    "appointment.created": "booked",
    "appointment.rescheduled": "booked",
    "appointment.status_changed": "booked",
    "appointment.canceled": "available",
    "appointment.freed": "available",
    "appointment.restored": "booked",
}
TOLD_AS = {
    "appointment.confirmed": ("appointment.created", "booking.confirmed"),
    "appointment.created": ("appointment.created", "booking.confirmed"),
    "appointment.rescheduled": ("appointment.rescheduled", "booking.rescheduled"),
    "appointment.canceled": ("appointment.canceled", "booking.cancelled"),
    "appointment.status_changed": ("appointment.updated", None),
    "appointment.freed": ("appointment.updated", None),
    "appointment.restored": ("appointment.created", "booking.confirmed"),
}
"""What staff hear of an appointment, and what its patient and whoever did it hear of their booking."""

STATUS = {
    "appointment.confirmed": "confirmed",
    "appointment.created": "confirmed",
    "appointment.canceled": "canceled",
    "appointment.freed": "no_show",
}
UNTOLD = frozenset({"appointment.refused", DELAYED})
"""What makes no slot uncertain."""
CHANGED = frozenset({"patient", "token", "calendar", "series", "job", "plan"})
"""What is told of by its id alone: no slot depends on it."""
INVALIDATING = frozenset(
    {
        "hold",
        "appointment",
        "board",
        "clinic",
        "location",
        "room",
        "equipment",
        "service",
        "provider",
        "closure",
    }
)
"""What makes slots uncertain, where nothing more precise can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One frame for the watchers of a channel; of those with the same `about` only the latest matters."""

    channel: str
    about: str
    body: bytes


async def messages(board: Board, tx: ReadTx, entry: Entry, recounts: Recounts = NOTHING) -> Sequence[Message]:
    """Spell a log entry for every channel that it concerns, with what was counted anew because of it.

    Holds no names, and no ids for patients.
    """
    told = await _told(board, tx, entry, recounts)
    return [*told, *_recounted(entry, f"clinic:{tx.clinic_id}", recounts)]


async def _told(board: Board, tx: ReadTx, entry: Entry, recounts: Recounts) -> list[Message]:
    kind, clinic = entry.aggregate_type, f"clinic:{tx.clinic_id}"
    if entry.event_type in SLOT_STATUS:
        return await _slot_changed(board, tx, entry, recounts)
    if kind == "session":
        return await _session_changed(tx, entry)
    if kind == "waitlist":
        return _waitlist_changed(entry, clinic)
    if kind in INVALIDATING and entry.event_type not in UNTOLD:
        payload = invalidated(catalog := await board.catalog_as_of(entry.seq, tx), entry)
        whose = [payload["providerId"]] if payload["providerId"] else catalog.providers
        channels = [clinic, *(f"provider:{id_}" for id_ in whose)]
        return [_message(entry, channel, "availability.invalidated", payload) for channel in channels]
    return _for_staff(entry, clinic)


def _for_staff(entry: Entry, clinic: str) -> list[Message]:
    if entry.event_type == DELAYED:
        about = f"delay:{entry.aggregate_id}:{entry.payload['date']}"
        return [_message(entry, clinic, entry.event_type, entry.payload, about)]
    if entry.aggregate_type in CHANGED:
        payload = {"id": str(entry.aggregate_id)}
        return [_message(entry, clinic, f"{entry.aggregate_type}.changed", payload)]
    return []


async def _slot_changed(board: Board, tx: ReadTx, entry: Entry, recounts: Recounts) -> list[Message]:
    """Tell of a slot, and of the one that was left for it before."""
    facts, clinic = entry.payload, f"clinic:{tx.clinic_id}"
    catalog = await board.catalog_as_of(entry.seq, tx)
    slot = await _slot(tx, catalog, entry, facts, SLOT_STATUS[entry.event_type])
    left = None
    if "previous" in facts:
        left = await _slot(tx, catalog, entry, facts | facts["previous"], "available")
    told = [
        message for one in (left, slot) if one for message in _of_slot(catalog, entry, clinic, one, recounts)
    ]
    return told + _personal(entry, clinic, slot)


def _of_slot(
    catalog: Catalog, entry: Entry, clinic: str, slot: dict[str, Any], recounts: Recounts
) -> list[Message]:
    """Tell everybody what has become of a slot, and staff by whom it is held."""
    provider = catalog.provider(UUID(slot["providerId"]))
    held = {"heldUntil": entry.payload.get("expiresAt"), "heldBy": entry.payload.get("client")}
    about, months = f"slot:{slot['timeslotId']}", recounts.months
    told = [
        _message(entry, clinic, "timeslot.updated", slot | held | {"monthSummary": months.get(None)}, about),
        _message(
            entry,
            f"provider:{provider.id}",
            "timeslot.updated",
            slot | {"monthSummary": months.get(provider.id)},
            about,
        ),
    ]
    if provider.location_id:
        channel = f"location:{provider.location_id}:{slot['date']}"
        told.append(_message(entry, channel, "timeslot.updated", slot, about))
    return told


def _recounted(entry: Entry, clinic: str, recounts: Recounts) -> Iterator[Message]:
    for day in recounts.days:
        payload = msgspec.to_builtins(day)
        yield _message(entry, clinic, "availability.span_updated", payload, f"spans:{day.date}")
    if recounts.uncounted:
        payload = {"timeRange": time_range(recounts.uncounted)}
        for channel in (clinic, *(f"provider:{id_}" for id_ in recounts.of)):
            yield _message(entry, channel, "availability.invalidated", payload)


async def _session_changed(tx: ReadTx, entry: Entry) -> list[Message]:
    """Tell that an appointment has a session now, or has none: the way in is not told, only shown."""
    made = await appointments.find(tx, entry.aggregate_id)
    payload = {"appointmentId": str(entry.aggregate_id)}
    channels = [f"clinic:{tx.clinic_id}"] + ([f"user:{made.patient_id}"] if made else [])
    return [_message(entry, channel, "appointment.updated", payload) for channel in channels]


def _waitlist_changed(entry: Entry, clinic: str) -> list[Message]:
    facts = entry.payload | {"entryId": str(entry.aggregate_id)}
    channels = (clinic, f"user:{facts['patientId']}")
    return [_message(entry, channel, "waitlist.updated", facts) for channel in channels]


def _personal(entry: Entry, clinic: str, slot: dict[str, Any] | None) -> list[Message]:
    """Tell staff of appointments, and users of their own bookings and holds."""
    facts = entry.payload
    users = {entry.actor["id"], facts.get("patientId")} - {None, "system"}
    if entry.event_type in TOLD_AS:
        staff, own = TOLD_AS[entry.event_type]
        status = facts.get("status", STATUS.get(entry.event_type))
        made = facts | {"appointmentId": str(entry.aggregate_id), "status": status}
        told = [_message(entry, clinic, staff, made)]
        return told + [_message(entry, f"user:{user}", own, made) for user in users if own]
    if entry.event_type == "hold.lapsed":
        gone = (slot or {}) | {"holdId": str(entry.aggregate_id)}
        owners = users | ({facts["owner"]} if "owner" in facts else set())
        return [_message(entry, clinic, "reservation.expired", gone)] + [
            _message(entry, f"user:{user}", "reservation.expired", gone) for user in owners
        ]
    return []


async def _slot(
    tx: ReadTx, catalog: Catalog, entry: Entry, facts: dict[str, Any], status: str
) -> dict[str, Any] | None:
    """Say what has become of a slot; None where its provider or service is not there any more.

    Seats are counted where a service has several, and what was given back is looked at: something that lay
    on top, or overlaps, may still be there.
    """
    provider = catalog.providers.get(UUID(facts["providerId"]))
    service = catalog.services.get(UUID(facts["serviceId"]))
    if provider is None or service is None:
        return None
    span = Span(start=datetime.fromisoformat(facts["start"]), end=datetime.fromisoformat(facts["end"]))
    zone = provider.zone
    local = span.start.astimezone(zone)
    remaining = 1 if status == "available" else 0
    if service.capacity > 1 or (status == "available" and entry.aggregate_type == "appointment"):
        found = await slot_at(
            tx, catalog, provider=provider, service=service, span=span, now=entry.occurred_at
        )
        if found:
            status, remaining = found.state.value, found.remaining
    whole = own_window(service, span)
    return {
        "timeslotId": slot_id(provider.id, service.id, span.start),
        "providerId": str(provider.id),
        "serviceId": str(service.id),
        "date": local.date().isoformat(),
        "start": local.isoformat(),
        "end": span.end.astimezone(zone).isoformat(),
        "busyStart": whole.start.isoformat(),
        "busyEnd": whole.end.isoformat(),
        "status": status,
        "remaining": remaining,
    }


def _message(
    entry: Entry, channel: str, kind: str, payload: dict[str, Any], about: str | None = None
) -> Message:
    event = Event(
        type=kind,
        channel=channel,
        seq=entry.seq,
        payload={name: value for name, value in payload.items() if value is not None},
        metadata=Metadata(
            event_id=f"{channel.split(':', maxsplit=1)[0]}-{entry.seq}",
            timestamp=entry.occurred_at.astimezone(UTC),
        ),
    )
    return Message(channel=channel, about=about or f"{kind}:{entry.seq}", body=msgspec.json.encode(event))
