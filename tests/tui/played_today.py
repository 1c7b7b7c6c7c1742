# ruff: noqa: ARG002  it answers whatever is asked
"""Who comes to a played clinic without an appointment, who waits for one, and when somebody came."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from deskcal.wire.booking import Appointment, Booking
from deskcal.wire.series import NewWalkIn
from deskcal.wire.shape import Page
from deskcal.wire.waitlist import Acceptance, Answer, Entry, EntryState, NewEntry, Offer
from tui.played_appointments import PlayedAppointments
from tui.played_book import Busy, number, refused

FIVE_MINUTES = timedelta(minutes=5)


@dataclass(kw_only=True)
class PlayedToday(PlayedAppointments):
    """`came` and `called` say when, by the number of the appointment; `full` lets no walk-in in."""

    came: dict[int, datetime] = field(default_factory=dict)
    called: dict[int, datetime] = field(default_factory=dict)
    walked_in: set[int] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    full: bool = False

    async def walk_in(self, clinic_id: UUID, request: NewWalkIn, *, key: str) -> Appointment:
        await self._call("walk_in")
        if self.full:
            words = "Nobody has time left for Follow-up today."
            raise refused(409, "SLOT_ALREADY_BOOKED", words, self._alternatives(self.at(9, day=25)))
        patient = next(n for n, one in enumerate(self._people) if one.id == request.patient_id)
        provider = 1 if request.provider_id == "any" else UUID(request.provider_id).int & 0xFF
        start = self.clock.now + FIVE_MINUTES - timedelta(minutes=self.clock.now.minute % 5, seconds=7)
        made = self.book(provider, 8, patient=patient, status="checked_in")
        made.start, made.end = start, start + timedelta(minutes=30)
        made.notes = request.notes
        self.came[made.number] = self.clock.now
        self.walked_in.add(made.number)
        self._told_of(made, "appointment.created")
        return self._appointment(made)

    async def waitlist(
        self, *, state: str | None = None, patient_id: UUID | None = None, cursor: str | None = None
    ) -> Page[Entry]:
        await self._call("waitlist")
        found = [one for one in self.entries if patient_id in {None, one.patient_id}]
        return Page(items=[one for one in found if state is None or one.state in state])

    async def join_waitlist(self, request: NewEntry, *, key: str | None = None) -> Entry:
        await self._call("join_waitlist")
        patient = next(n for n, one in enumerate(self._people) if one.id == request.patient_id)
        facts = {
            name: getattr(request, name) for name in ("provider_ids", "first_date", "last_date", "times")
        }
        service = request.service_id.int & 0xFF
        return self.waits(patient, service=service, notes=request.notes, **facts)

    async def accept_offer(self, entry_id: UUID, request: Acceptance, *, key: str | None = None) -> Booking:
        await self._call("accept_offer")
        entry = self._entry_of(entry_id)
        offer = next(one for one in entry.offers if one.id == request.offer_id)
        if offer.expires_at <= self.clock.now:
            raise refused(409, "RESERVATION_EXPIRED", "The offer is over.")
        local, patient = offer.start.astimezone(self.zone), entry.patient_id.int & 0xFF
        made = self.book(offer.provider_id.int & 0xFF, local.hour, local.minute, patient=patient)
        self._answered(entry, "accepted", "booked")
        return msgspec.convert(
            {**msgspec.to_builtins(self._appointment(made)), "status": "confirmed"}, Booking
        )

    async def decline_offer(self, entry_id: UUID, request: Answer, *, key: str | None = None) -> Entry:
        await self._call("decline_offer")
        return self._answered(self._entry_of(entry_id), "declined", "waiting")

    async def leave_waitlist(self, entry_id: UUID) -> Entry:
        await self._call("leave_waitlist")
        return self._answered(self._entry_of(entry_id), "declined", "withdrawn")

    def waits(self, patient: int, *, service: int = 0, days: int = 2, **facts: Any) -> Entry:
        """Let somebody wait since some days ago."""
        known: dict[str, Any] = {"first_date": None, "last_date": None, "notes": None, "location_id": None}
        entry = Entry(
            id=number(6, len(self.entries)),
            patient_id=self._people[patient].id,
            patient_name=self._people[patient].name,
            service_id=number(2, service),
            service_title=self._services[service].title,
            **(known | {"provider_ids": [], "times": []} | facts),
            priority=0,
            state="waiting",
            appointment_id=None,
            offers=[],
            created_at=self.clock.now - timedelta(days=days),
            version=1,
        )
        self.entries.append(entry)
        self._waitlist_told(entry)
        return entry

    def offers(self, entry: Entry, provider: int, hour: int, minute: int = 0, *, day: int = 25) -> Offer:
        """Let a freed time be offered for twenty minutes."""
        start = self.at(hour, minute, day)
        offer = Offer(
            id=number(7, len(entry.offers) + 1),
            provider_id=number(1, provider),
            start=start,
            end=start + timedelta(minutes=30),
            state="open",
            offered_at=self.clock.now,
            expires_at=self.clock.now + timedelta(minutes=20),
        )
        entry.offers.append(offer)
        entry.state = "offered"
        self._waitlist_told(entry)
        return offer

    def comes(self, made: Busy, hour: int, minute: int) -> None:
        """Note silently when somebody came."""
        made.status, self.came[made.number] = "checked_in", self.at(hour, minute)

    def is_called(self, made: Busy, hour: int, minute: int) -> None:
        """Note silently when somebody was called in."""
        made.status, self.called[made.number] = "in_progress", self.at(hour, minute)

    def _become(self, made: Busy, status: str, desk: str, *, kind: str = "appointment.updated") -> None:
        times = {"checked_in": self.came, "in_progress": self.called}
        if status in times:
            times[status].setdefault(made.number, self.clock.now)
        super()._become(made, status, desk, kind=kind)

    def _appointment(self, busy: Busy) -> Appointment:
        return msgspec.structs.replace(
            super()._appointment(busy),
            checked_in_at=self.came.get(busy.number),
            started_at=self.called.get(busy.number),
            walk_in=busy.number in self.walked_in,
        )

    def _entry_of(self, entry_id: UUID) -> Entry:
        return next(one for one in self.entries if one.id == entry_id)

    def _answered(self, entry: Entry, offer: Any, state: EntryState) -> Entry:
        for one in entry.offers:
            if one.state == "open":
                one.state = offer
        entry.state = state
        self._waitlist_told(entry)
        return entry

    def _waitlist_told(self, entry: Entry) -> None:
        self.tell_of("waitlist.updated", {"entryId": str(entry.id), "patientId": str(entry.patient_id)})
