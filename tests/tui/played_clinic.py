# ruff: noqa: ARG002  it answers whatever is asked
"""A small clinic in memory: it plays the server, and the other desks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from deskcal.client.errors import Unreachable
from deskcal.client.told import Live, Lost, Told
from deskcal.wire.booking import (
    Appointment,
    AuditActor,
    AuditEntry,
    Booking,
    ConfirmRequest,
    RescheduleRequest,
    Reservation,
    ReserveRequest,
)
from deskcal.wire.calendar import CalendarDay, CheckRequest, Verdict
from deskcal.wire.catalog import Provider, Service
from deskcal.wire.people import NewPatient, Patient
from deskcal.wire.realtime import Event, Metadata
from deskcal.wire.resources import Room
from deskcal.wire.shape import Page
from tui.played_book import TTL, Busy, PlayedBook, number, refused


@dataclass(kw_only=True)
class PlayedClinic(PlayedBook):
    """Implements Link. `offline` makes every call Unreachable; `slow` makes calls wait for it to be set."""

    calls: list[str] = field(default_factory=list)
    offline: bool = False
    slow: asyncio.Event | None = None
    closed: bool = False
    _feeds: list[asyncio.Queue[Told]] = field(default_factory=list)
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

    async def reschedule(
        self, appointment_id: UUID, request: RescheduleRequest, *, key: str, version: int | None = None
    ) -> Appointment:
        await self._call("reschedule")
        hold = self._held(request.reservation_token)
        moved = next(busy for busy in self.busy if number(5, busy.number) == appointment_id)
        self.tell(moved, "available")
        self.busy.remove(hold)
        moved.provider, moved.start, moved.end = hold.provider, hold.start, hold.end
        self.tell(moved, "booked")
        return self._appointment(moved)

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

    async def appointments(
        self, clinic_id: UUID, *, day: date | None = None, patient_id: UUID | None = None
    ) -> Page[Appointment]:
        await self._call("appointments")
        found = [
            self._appointment(busy)
            for busy in self.busy
            if busy.until is None
            and busy.start.astimezone(self.zone).date() == day
            and self._people[busy.patient].id == patient_id
        ]
        return Page(items=found)

    async def appointment(self, appointment_id: UUID) -> Appointment:
        await self._call("appointment")
        return next(self._appointment(busy) for busy in self.busy if number(5, busy.number) == appointment_id)

    async def audit(self, appointment_id: UUID) -> list[AuditEntry]:
        await self._call("audit")
        actor = AuditActor(id="Desk 1", type="user")
        return [
            AuditEntry(
                id=f"e{n}",
                appointment_id=appointment_id,
                seq=n,
                action=action,
                actor=actor,
                timestamp=self.clock.now - timedelta(minutes=9 - n),
                metadata={},
            )
            for n, action in enumerate(("held", "created"))
        ]

    async def follow(self, since: int | None) -> AsyncIterator[Told]:
        feed: asyncio.Queue[Told] = asyncio.Queue()
        self._feeds.append(feed)
        yield Lost(why="no answer", retry_in=8) if self.offline else Live(seq=self.seq)
        while True:
            yield await feed.get()

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

    def tell(self, busy: Busy, status: str) -> None:
        """Tell every follower of a change."""
        self.seq += 1
        payload = {
            "timeslotId": self._id(busy.provider, busy.service, busy.start),
            "providerId": str(number(1, busy.provider)),
            "serviceId": str(number(2, busy.service)),
            "date": str(busy.start.astimezone(self.zone).date()),
            "start": busy.start.isoformat(),
            "end": busy.end.isoformat(),
            "busyStart": busy.start.isoformat(),
            "busyEnd": busy.end.isoformat(),
            "status": status,
            "heldUntil": busy.until.isoformat() if busy.until else None,
            "heldBy": busy.by,
        }
        metadata = Metadata(event_id=str(self.seq), timestamp=self.clock.now)
        event = Event(
            type="timeslot.updated", channel="clinic", seq=self.seq, payload=payload, metadata=metadata
        )
        self.say(event)

    def say(self, told: Told) -> None:
        for feed in self._feeds:
            feed.put_nowait(told)

    def go_offline(self) -> None:
        self.offline = True
        self.say(Lost(why="no answer", retry_in=8))

    def come_back(self) -> None:
        self.offline = False
        self.say(Live(seq=self.seq))

    async def _call(self, name: str) -> None:
        self.calls.append(name)
        if self.slow is not None and name in {"reserve", "confirm", "calendar_day"}:
            await self.slow.wait()
        if self.offline:
            raise Unreachable("http://played", "no answer")
