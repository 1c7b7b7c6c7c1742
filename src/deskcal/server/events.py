"""Log entries as the messages of channels: who is told what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from deskcal.core.clinic import Provider, Service
from deskcal.core.session import own_window
from deskcal.core.slot import slot_id
from deskcal.core.span import Span
from deskcal.flows.board import Board
from deskcal.flows.calendar import slot_at
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
}
BOOKED = ("appointment.confirmed", "appointment.created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One frame for the watchers of a channel; of those with the same `about` only the latest matters."""

    channel: str
    about: str
    body: bytes


async def messages(board: Board, tx: ReadTx, entry: Entry) -> Sequence[Message]:
    """Spell a log entry for every channel that it concerns. Holds no names, and no ids for patients."""
    clinic = f"clinic:{tx.clinic_id}"
    if entry.aggregate_type == "waitlist":
        facts = entry.payload | {"entryId": str(entry.aggregate_id)}
        channels = (clinic, f"user:{facts['patientId']}")
        return [_message(entry, channel, "waitlist.updated", facts) for channel in channels]
    if entry.event_type not in SLOT_STATUS:
        if entry.aggregate_type in {"patient", "token"}:
            return [
                _message(entry, clinic, f"{entry.aggregate_type}.changed", {"id": str(entry.aggregate_id)})
            ]
        payload = {"providerId": str(entry.aggregate_id)} if entry.aggregate_type == "provider" else {}
        told = [_message(entry, clinic, "availability.invalidated", payload)]
        if payload:
            channel = f"provider:{entry.aggregate_id}"
            told.append(_message(entry, channel, "availability.invalidated", payload))
        return told
    facts = entry.payload
    span = Span(start=datetime.fromisoformat(facts["start"]), end=datetime.fromisoformat(facts["end"]))
    catalog = await board.catalog_as_of(entry.seq, tx)
    provider = catalog.providers.get(UUID(facts["providerId"]))
    service = catalog.services.get(UUID(facts["serviceId"]))
    if provider is None or service is None:
        return []
    slot = await _slot(tx, catalog, entry, span=span, provider=provider, service=service)
    staff = slot | {"heldUntil": facts.get("expiresAt"), "heldBy": facts.get("client")}
    about = f"slot:{slot['timeslotId']}"
    told = [
        _message(entry, clinic, "timeslot.updated", staff, about),
        _message(entry, f"provider:{provider.id}", "timeslot.updated", slot, about),
    ]
    if provider.location_id:
        channel = f"location:{provider.location_id}:{slot['date']}"
        told.append(_message(entry, channel, "timeslot.updated", slot, about))
    return told + _personal(entry, clinic, slot)


def _personal(entry: Entry, clinic: str, slot: dict[str, Any]) -> list[Message]:
    """Tell staff of appointments, and users of their own bookings and holds."""
    facts = entry.payload
    users = {entry.actor["id"], facts.get("patientId")} - {None, "system"}
    if entry.event_type in BOOKED:
        made = facts | {"appointmentId": str(entry.aggregate_id), "status": "confirmed"}
        return [_message(entry, clinic, "appointment.created", made)] + [
            _message(entry, f"user:{user}", "booking.confirmed", made) for user in users
        ]
    if entry.event_type == "hold.lapsed":
        gone = slot | {"holdId": str(entry.aggregate_id)}
        owners = users | ({facts["owner"]} if "owner" in facts else set())
        return [_message(entry, clinic, "reservation.expired", gone)] + [
            _message(entry, f"user:{user}", "reservation.expired", gone) for user in owners
        ]
    return []


async def _slot(
    tx: ReadTx, catalog: Catalog, entry: Entry, *, span: Span, provider: Provider, service: Service
) -> dict[str, Any]:
    """Say what has become of a slot; seats are counted where a service has several."""
    zone, status = provider.zone, SLOT_STATUS[entry.event_type]
    local = span.start.astimezone(zone)
    remaining = 1 if status == "available" else 0
    if service.capacity > 1:
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
