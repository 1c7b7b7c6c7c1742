"""What is taken as the log alone tells it: every booking's events, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from deskcal.core.slot import Busy
from deskcal.core.span import Span
from deskcal.flows.page import EPOCH, MINUTE, rows_taken
from deskcal.store.log import Entry
from deskcal.store.occupancy import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Booking:
    """A hold or an appointment that stands; `rows` are all that it takes, its patient too."""

    provider_id: UUID
    service_id: UUID
    span: Span
    rows: Sequence[Busy]
    is_made: bool
    """It is an appointment, not a hold."""


class Ledger:
    """The bookings that stand, by id, after as many entries of the log as it was told."""

    def __init__(self) -> None:
        self._standing: dict[UUID, _Booking] = {}

    def tell(self, entry: Entry) -> None:
        """Take the next entry; those that take or free nothing are passed over."""
        id_, facts = entry.aggregate_id, entry.payload
        match entry.event_type:
            case "hold.placed":
                self._standing[id_] = _booking(entry, list(rows_taken(entry)))
            case "hold.renewed" if id_ in self._standing:
                self._renew(id_, datetime.fromisoformat(facts["expiresAt"]))
            case "hold.released" | "hold.lapsed" | "appointment.canceled" | "appointment.freed":
                self._standing.pop(id_, None)
            case "appointment.confirmed" | "appointment.rescheduled" if "holdId" in facts:
                held = self._standing.pop(UUID(facts["holdId"]), None)
                self._standing[id_] = _booking(entry, _of_appointment(held, entry) if held else [])
            case _ if entry.aggregate_type == "appointment" and "takes" in facts:
                self._standing[id_] = _booking(entry, list(rows_taken(entry)))

    def taken(self, seq: int, window: Span) -> Taken:
        """Say what is taken in a window, in the form in which it is read from the database; patients too."""
        booked: dict[UUID, list[tuple[int, int]]] = {}
        visits: dict[tuple[UUID, UUID], list[tuple[int, int]]] = {}
        rows: list[Busy] = []
        for booking in self._standing.values():
            for row in (row for row in booking.rows if row.span.overlaps(window)):
                if row.appointment_id:
                    booked.setdefault(row.resource_id, []).append(_minutes(row.span))
                if row.told_apart:
                    rows.append(row)
            if booking.is_made and window.start <= booking.span.start < window.end:
                times = visits.setdefault((booking.provider_id, booking.service_id), [])
                times.append(((booking.span.start - EPOCH) // MINUTE, booking.span.minutes))
        return Taken(
            seq=seq, booked=booked, rows=rows, visits=[(*key, times) for key, times in visits.items()]
        )

    def _renew(self, hold_id: UUID, until: datetime) -> None:
        held = self._standing[hold_id]
        rows = [replace(row, expires_at=until) for row in held.rows]
        self._standing[hold_id] = replace(held, rows=rows)


def _booking(entry: Entry, rows: list[Busy]) -> _Booking:
    """Add the patient, whom `takes` leaves out: for the service alone, without buffers."""
    facts = entry.payload
    span = Span(start=datetime.fromisoformat(facts["start"]), end=datetime.fromisoformat(facts["end"]))
    held = entry.aggregate_type == "hold"
    if patient := facts.get("patientId"):
        rows.append(
            Busy(
                resource_id=UUID(patient),
                span=span,
                session_key=0,
                hold_id=entry.aggregate_id if held else None,
                appointment_id=None if held else entry.aggregate_id,
                expires_at=datetime.fromisoformat(facts["expiresAt"]) if held else None,
            )
        )
    return _Booking(
        provider_id=UUID(facts["providerId"]),
        service_id=UUID(facts["serviceId"]),
        span=span,
        rows=rows,
        is_made=not held,
    )


def _of_appointment(held: _Booking, entry: Entry) -> list[Busy]:
    patient = entry.payload.get("patientId")
    return [
        replace(row, hold_id=None, appointment_id=entry.aggregate_id, expires_at=None)
        for row in held.rows
        if str(row.resource_id) != patient
    ]


def _minutes(span: Span) -> tuple[int, int]:
    """Give the minutes since 1970 that a span touches, even in part."""
    return (span.start - EPOCH) // MINUTE, -((EPOCH - span.end) // MINUTE)
