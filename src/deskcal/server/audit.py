"""The audit of an appointment on the wire: who did what and when, what was before, and what was refused."""

from collections.abc import Sequence

from deskcal.core.access import Actor
from deskcal.core.booking import Appointment
from deskcal.store.log import Entry
from deskcal.wire.booking import AuditActor, AuditEntry

ACTIONS = {
    "hold.placed": "held",
    "hold.renewed": "renewed",
    "hold.released": "released",
    "hold.lapsed": "lapsed",
    "appointment.created": "created",
    "appointment.confirmed": "confirmed",
    "appointment.rescheduled": "rescheduled",
    "appointment.canceled": "cancelled",
    "appointment.status_changed": "status_changed",
    "appointment.freed": "freed",
    "appointment.restored": "restored",
    "appointment.refused": "refused",
    "session.created": "session_created",
    "session.failed": "session_failed",
}

FOR_PATIENTS = {
    "action",
    "end",
    "error",
    "expiresAt",
    "holdId",
    "missedBy",
    "money",
    "patientId",
    "previous",
    "providerId",
    "roomId",
    "serviceId",
    "start",
    "status",
    "was",
}


def spelled(made: Appointment, entries: Sequence[Entry], actor: Actor) -> list[AuditEntry]:
    """Spell the entries, oldest first. A patient learns what sort of person acted, and who only if they did.

    The desk of a hold is also that of what was done with the hold.
    """
    desks = {str(entry.aggregate_id): entry.payload.get("client") for entry in entries}
    return [
        AuditEntry(
            id=str(entry.seq),
            appointment_id=made.id,
            seq=entry.seq,
            action=ACTIONS.get(entry.event_type, entry.event_type.partition(".")[2]),
            actor=_actor(entry, desks, actor),
            timestamp=entry.occurred_at,
            metadata={
                name: value for name, value in entry.payload.items() if actor.is_staff or name in FOR_PATIENTS
            },
        )
        for entry in entries
    ]


def _actor(entry: Entry, desks: dict[str, str | None], asking: Actor) -> AuditActor:
    who = entry.actor
    if not asking.is_staff and who["id"] != asking.sub:
        return AuditActor(type=who["type"])
    desk = entry.payload.get("client") or desks.get(entry.payload.get("holdId", ""))
    return AuditActor(id=who["id"], type=who["type"], role=who.get("role"), client=desk)
