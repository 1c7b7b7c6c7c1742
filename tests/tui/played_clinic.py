# ruff: noqa: ARG002  it answers whatever is asked
"""A small clinic in memory: it plays the server, and the other desks."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from deskcal.wire.booking import Booking, ConfirmRequest, Reservation, ReserveRequest
from deskcal.wire.calendar import CalendarDay, CheckRequest, Verdict
from deskcal.wire.catalog import Provider, Service
from deskcal.wire.people import NewPatient, Patient
from deskcal.wire.resources import Room
from deskcal.wire.shape import Page
from tui.played_book import TTL, Busy, number, refused
from tui.played_delays import PlayedDelays
from tui.played_periods import PlayedPeriods
from tui.played_search import PlayedSearch
from tui.played_today import PlayedToday


@dataclass(kw_only=True)
class PlayedClinic(PlayedToday, PlayedDelays, PlayedSearch, PlayedPeriods):
    """Implements Link."""

    closed: bool = False
    _tokens: int = 0
    _answers: dict[str, Booking] = field(default_factory=dict)

    async def rooms(self) -> list[Room]:
        await self._call("rooms")
        return [Room(id=number(4, 3), name="room 3", type="exam", location_id=None, version=1)]

    async def services(self) -> list[Service]:
        await self._call("services")
        return self._services

    async def providers(self) -> Page[Provider]:
        await self._call("providers")
        return Page(items=[self._provider(n) for n in range(len(self.provider_names))])

    async def calendar_day(
        self, day: date, *, service_id: UUID | None = None, provider_id: UUID | None = None
    ) -> CalendarDay:
        await self._call("calendar_day")
        lanes = [
            self._lane(n, day, service_id)
            for n in range(len(self.provider_names))
            if provider_id in {None, number(1, n)}
        ]
        return CalendarDay(
            date=day,
            providers=lanes,
            timezone=self.zone.key,
            timezone_label="America/New_York (EST)",
            fetched_at=self.clock.now,
            seq=self.seq,
        )

    async def check(self, request: CheckRequest) -> Verdict:
        await self._call("check")
        wanted = datetime.fromisoformat(request.start)
        return Verdict(available=False, reasons=[], alternatives=self._alternatives(wanted))

    async def reserve(self, request: ReserveRequest, *, key: str | None = None) -> Reservation:
        await self._call("reserve")
        slot = self._slot(request.timeslot_id or "")
        if slot.status not in {"available", "limited"}:
            held = slot.status == "reserved"
            raise self._taken(slot, "SLOT_HELD" if held else "SLOT_ALREADY_BOOKED")
        self._tokens += 1
        hold = Busy(
            provider=slot.provider_id.int & 0xFF,
            service=slot.service_id.int & 0xFF,
            start=slot.start,
            end=slot.end,
            until=self.clock.now + timedelta(seconds=TTL),
            by=request.client_id,
            token=f"hold-{self._tokens}",
        )
        self.busy.append(hold)
        self.tell(hold, "reserved")
        return self._reservation(hold)

    async def renew(self, token: str) -> Reservation:
        await self._call("renew")
        hold = self._held(token)
        if hold.renewals == 0:
            raise refused(409, "INVALID_STATUS_CHANGE", "A hold is renewed once at most.")
        hold.renewals, hold.until = 0, self.clock.now + timedelta(seconds=TTL)
        return self._reservation(hold)

    async def release(self, token: str) -> None:
        await self._call("release")
        for hold in [busy for busy in self.busy if busy.token == token and busy.until]:
            self.busy.remove(hold)
            self.tell(hold, "available")

    async def confirm(self, request: ConfirmRequest, *, key: str) -> Booking:
        await self._call("confirm")
        if key in self._answers:
            return self._answers[key]
        hold = self._held(request.reservation_token)
        hold.until, hold.number = None, 931 + len(self.busy)
        hold.patient = next(n for n, one in enumerate(self._people) if one.id == request.patient_id)
        hold.notes = request.notes
        self.tell(hold, "booked")
        self._answers[key] = msgspec.convert(
            {**msgspec.to_builtins(self._appointment(hold)), "status": "confirmed"}, Booking
        )
        return self._answers[key]

    async def patients(self, query: str | None = None, *, limit: int = 50) -> Page[Patient]:
        await self._call("patients")
        words = (query or "").casefold().split()
        found = [
            one
            for one in self._people
            if all(w in f"{one.name} {one.phone} {one.date_of_birth}".casefold() for w in words)
        ]
        return Page(items=found[:limit])

    async def add_patient(self, request: NewPatient, *, key: str | None = None) -> Patient:
        await self._call("add_patient")
        self._people.append(
            Patient(
                id=number(3, len(self._people)),
                name=request.name,
                date_of_birth=request.date_of_birth,
                phone=request.phone,
                email=None,
                created_at=self.clock.now,
                version=1,
            )
        )
        return self._people[-1]

    async def aclose(self) -> None:
        self.closed = True

    def other_desk(self, provider: int, hour: int, minute: int = 0, *, books: bool = False) -> Busy:
        """Let Desk 3 hold or book a slot, as everybody is told of it."""
        busy = self.book(provider, hour, minute, patient=3)
        busy.by = "Desk 3"
        if not books:
            busy.until = self.clock.now + timedelta(seconds=72)
        self.tell(busy, "booked" if books else "reserved")
        return busy
