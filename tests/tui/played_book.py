"""The books of a small clinic in memory, and a clock that a test moves."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from deskcal.client.errors import Refused
from deskcal.wire.booking import Appointment, AppointmentStatus, FrozenPolicy, Reservation
from deskcal.wire.calendar import DayAppointment, Lane, Timeslot
from deskcal.wire.catalog import CancellationPolicy, Clinic, Provider, Service
from deskcal.wire.people import Patient
from deskcal.wire.problem import Problem

TTL = 120


def number(kind: int, n: int) -> UUID:
    return UUID(int=kind << 64 | n)


@dataclass(kw_only=True)
class Clock:
    """A clock that stands until a test moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass(kw_only=True)
class Busy:
    """A taken stretch: a hold while `until` is set, else an appointment."""

    provider: int
    service: int
    start: datetime
    end: datetime
    until: datetime | None = None
    by: str | None = None
    token: str = ""
    patient: int = 0
    number: int = 0
    status: str = "confirmed"
    renewals: int = 1
    notes: str | None = None
    version: int = 1
    missed_by: Literal["patient", "provider"] | None = None


@dataclass(kw_only=True)
class PlayedBook:
    """What is on the books of the played clinic, and how it is spelled on the wire."""

    clock: Clock
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("America/New_York"))
    provider_names: tuple[str, ...] = (
        "Dr Garcia",
        "Dr Okafor",
        "Dr Chen",
        "Dr Perez",
        "Dr Adams",
        "Dr Singh",
    )
    patient_names: tuple[str, ...] = ("Lopez, Maria", "Lopez, Mario", "Novak, Eva", "Okoye, Tom", "Wei, Li")
    opens: time = time(8)
    closes: time = time(18)
    busy: list[Busy] = field(default_factory=list)
    seq: int = 100

    def __post_init__(self) -> None:
        self._services = [
            self._service(0, "Follow-up", 30, 8500),
            self._service(1, "Consultation", 60, 12000),
            self._service(2, "Group class", 60, 3000, capacity=6),
        ]
        self._people = [
            Patient(
                id=number(3, n),
                name=name,
                date_of_birth=date(1984 - 3 * n, 1 + n % 12, 12 + n % 16),
                phone=f"555-010-0{199 - n}",
                email=None,
                created_at=self.clock.now,
                version=1,
            )
            for n, name in enumerate(self.patient_names)
        ]

    @property
    def clinic(self) -> Clinic:
        return Clinic(
            id=number(9, 1),
            slug="riverside",
            name="Riverside Clinic",
            timezone=self.zone.key,
            limited_percent=20,
            version=1,
        )

    def at(self, hour: int, minute: int = 0, day: int | None = None) -> datetime:
        """Give a time of the clinic's wall clock on the clock's day, or on another day of its month."""
        local = self.clock.now.astimezone(self.zone)
        return local.replace(day=day or local.day, hour=hour, minute=minute, second=0, microsecond=0)

    def book(
        self,
        provider: int,
        hour: int,
        minute: int = 0,
        *,
        patient: int,
        length: int = 30,
        status: str = "confirmed",
    ) -> Busy:
        """Book silently, before the desk looks."""
        start = self.at(hour, minute)
        busy = Busy(
            provider=provider,
            service=0,
            start=start,
            end=start + timedelta(minutes=length),
            patient=patient,
            number=800 + len(self.busy),
            status=status,
        )
        self.busy.append(busy)
        return busy

    def _service(self, n: int, title: str, minutes: int, cents: int, *, capacity: int = 1) -> Service:
        return Service(
            id=number(2, n),
            provider_id=None,
            title=title,
            description=None,
            price_cents=cents,
            currency="USD",
            duration_minutes=minutes,
            buffer_before_minutes=0,
            buffer_after_minutes=0,
            slot_step_minutes=minutes,
            capacity=capacity,
            modality="in_person",
            requires_room=True,
            room_type="exam",
            requires_equipment=False,
            cancellation_policy=CancellationPolicy(),
            version=1,
        )

    def _provider(self, n: int) -> Provider:
        return Provider(
            id=number(1, n),
            name=self.provider_names[n],
            specialty=None,
            rating=None,
            thumbnail_url=None,
            location_id=None,
            is_available=True,
            is_approved=True,
            timezone=self.zone.key,
            version=1,
        )

    def _lane(self, n: int, day: date, service_id: UUID | None) -> Lane:
        service = next(one for one in self._services if service_id in {None, one.id})
        at = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
        closes = datetime.combine(day, self.closes, self.zone).astimezone(UTC)
        slots = []
        while at + timedelta(minutes=service.duration_minutes) <= closes:
            if at.astimezone(self.zone).hour != 12 or n % 2:
                slots.append(self._timeslot(n, service, at))
            at += timedelta(minutes=service.slot_step_minutes)
        mine = [busy for busy in self.busy if busy.provider == n and busy.until is None]
        return Lane(
            provider=self._provider(n),
            service_id=service.id,
            timezone_label="America/New_York (EST)",
            timeslots=slots,
            appointments=[
                DayAppointment(
                    id=number(5, busy.number),
                    reference=f"B-20{busy.number}",
                    patient_id=self._people[busy.patient].id,
                    patient_name=self._people[busy.patient].name,
                    service_title=self._services[busy.service].title,
                    start=busy.start,
                    end=busy.end,
                    status=busy.status,
                    version=busy.version,
                )
                for busy in mine
                if busy.start.astimezone(self.zone).date() == day
            ],
        )

    def _timeslot(self, n: int, service: Service, start: datetime) -> Timeslot:
        end = start + timedelta(minutes=service.duration_minutes)
        taken = [
            one
            for one in self.busy
            if one.provider == n
            and one.start < end
            and start < one.end
            and (one.until is None or one.until > self.clock.now)
        ]
        slot = Timeslot(
            id=self._id(n, service.id.int & 0xFF, start),
            provider_id=number(1, n),
            provider_name=self.provider_names[n],
            service_id=service.id,
            start=start,
            end=end,
            start_utc=start,
            end_utc=end,
            status="available",
            capacity=service.capacity,
            remaining=service.capacity - len(taken),
            price_cents=service.price_cents,
        )
        if start <= self.clock.now:
            slot.status, slot.reason = ("booked", None) if taken else ("unavailable", "it has begun")
        elif service.capacity > 1 and len(taken) < service.capacity:
            slot.status = "limited" if slot.remaining <= 2 else "available"
        elif taken and taken[0].until:
            slot.status, slot.held_until, slot.held_by = "reserved", taken[0].until, taken[0].by
            slot.mine = taken[0].by == "Desk 2"
        elif taken:
            slot.status = "booked"
        return slot

    def _id(self, provider: int, service: int, start: datetime) -> str:
        return f"{provider}~{service}~{start.isoformat()}"

    def _slot(self, slot_id: str) -> Timeslot:
        provider, service, start = slot_id.split("~")
        return self._timeslot(int(provider), self._services[int(service)], datetime.fromisoformat(start))

    def _held(self, token: str) -> Busy:
        hold = next((busy for busy in self.busy if busy.token == token), None)
        if hold is None or hold.until is None or hold.until <= self.clock.now:
            start = hold.start if hold else self.clock.now
            raise refused(409, "RESERVATION_EXPIRED", "The hold ran out.", self._alternatives(start))
        return hold

    def _taken(self, slot: Timeslot, error: str) -> Refused:
        words = "taken by Desk 3 a moment ago."
        return refused(409, error, words, self._alternatives(slot.start))

    def _alternatives(self, wanted: datetime) -> list[Timeslot]:
        lanes = [
            self._lane(n, wanted.astimezone(self.zone).date(), None) for n in range(len(self.provider_names))
        ]
        free = [slot for lane in lanes for slot in lane.timeslots if slot.status == "available"]
        return sorted(free, key=lambda slot: abs(slot.start - wanted))[:6]

    def _reservation(self, hold: Busy) -> Reservation:
        assert hold.until is not None
        return Reservation(
            reservation_token=hold.token,
            expires_at=hold.until,
            ttl_seconds=TTL,
            timeslot_id=self._id(hold.provider, hold.service, hold.start),
            provider_id=number(1, hold.provider),
            service_id=number(2, hold.service),
            start=hold.start,
            end=hold.end,
            room_id=number(4, 3),
            equipment_unit_ids=[],
            server_time=self.clock.now,
            renewals_left=hold.renewals,
        )

    def _appointment(self, busy: Busy) -> Appointment:
        service = self._services[busy.service]
        return Appointment(
            id=number(5, busy.number),
            reference=f"B-20{busy.number}",
            user_id=None,
            patient_id=self._people[busy.patient].id,
            provider_id=number(1, busy.provider),
            service_id=service.id,
            timeslot_id=self._id(busy.provider, busy.service, busy.start),
            room_id=number(4, 3),
            equipment_unit_ids=[],
            start=busy.start,
            end=busy.end,
            start_utc=busy.start,
            end_utc=busy.end,
            timezone=self.zone.key,
            mode="in_person",
            created_at=self.clock.now,
            version=busy.version,
            status=msgspec.convert(busy.status, AppointmentStatus),
            provider_name=self.provider_names[busy.provider],
            service_title=service.title,
            patient_name=self._people[busy.patient].name,
            price_cents=service.price_cents,
            currency="USD",
            cancellation_policy=FrozenPolicy(
                refundable_until=busy.start - timedelta(days=1), fee_cents=2500, no_show_fee_cents=1500
            ),
            overbooked=False,
            overbook_reason=None,
            notes=busy.notes,
            updated_at=self.clock.now,
            missed_by=busy.missed_by,
        )


def refused(status: int, error: str, detail: str, alternatives: list[Timeslot] | None = None) -> Refused:
    return Refused(Problem(title=error, status=status, error=error, detail=detail, alternatives=alternatives))
