"""Three weeks of appointments for the demo clinic: one back, two ahead, fuller near today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from deskcal.core.clinic import Patient, Provider, Room, Service
from deskcal.core.localtime import to_instant
from deskcal.core.rota import open_spans
from deskcal.core.session import own_window
from deskcal.core.span import Span
from deskcal.flows.demo_people import is_child

DAYS_BACK, DAYS_AHEAD = 7, 14
FULLEST, EMPTIER_A_DAY, EMPTIEST = 0.74, 0.035, 0.25
STEP = timedelta(minutes=15)
PEDIATRICS = "Pediatrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An appointment to make, and when it was asked for."""

    provider: Provider
    service: Service
    room: Room | None
    patient: Patient
    span: Span
    asked_at: datetime


@dataclass(slots=True, kw_only=True)
class _Day:
    """What is given away of one day already: stretches by room, and who comes."""

    rooms: dict[UUID, list[Span]] = field(default_factory=dict)
    coming: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Fills the days of a clinic so that no two visits are in each other's way; `now` is an instant."""

    random: Random
    now: datetime
    providers: Sequence[Provider]
    services: Sequence[Service]
    rooms: Sequence[Room]
    patients: Sequence[Patient]

    def visits(self) -> list[Visit]:
        """Give three weeks around today in the order in which they were asked for."""
        today = self.now.astimezone(self.providers[0].zone).date()
        days = range(-DAYS_BACK, DAYS_AHEAD + 1)
        found = [visit for offset in days for visit in self._day(today + timedelta(days=offset), abs(offset))]
        return sorted(found, key=lambda visit: visit.asked_at)

    def _day(self, on: date, distance: int) -> Iterator[Visit]:
        taken = _Day()
        full = max(EMPTIEST, FULLEST - EMPTIER_A_DAY * distance)
        for provider in self.providers:
            young = provider.specialty == PEDIATRICS
            public = [patient for patient in self.patients if is_child(patient, on) is young]
            for hours in open_spans(provider.openings, on, provider.zone):
                yield from self._stretch(taken, provider, public, hours, full)

    def _stretch(
        self, taken: _Day, provider: Provider, public: Sequence[Patient], hours: Span, full: float
    ) -> Iterator[Visit]:
        at = hours.start
        while at < hours.end:
            choice = self._choose(taken, provider, hours, at) if self.random.random() < full else None
            if choice is None:
                at += 2 * STEP
                continue
            service, room, span = choice
            whole = own_window(service, span)
            if room is not None:
                taken.rooms.setdefault(room.id, []).append(whole)
            patient = self.random.choice([one for one in public if one.id not in taken.coming])
            taken.coming.add(patient.id)
            yield Visit(
                provider=provider,
                service=service,
                room=room,
                patient=patient,
                span=span,
                asked_at=self._asked(span.start, provider),
            )
            at = whole.end + (hours.start - whole.end) % STEP

    def _choose(
        self, taken: _Day, provider: Provider, hours: Span, at: datetime
    ) -> tuple[Service, Room | None, Span] | None:
        """Pick what fits from `at` on, buffers and room included; the first service offered most often."""
        options = []
        for place, service in enumerate(s for id_ in provider.prices for s in self.services if s.id == id_):
            before = timedelta(minutes=service.buffer_before_minutes)
            span = Span.of_minutes(at + before, service.duration_minutes)
            whole = own_window(service, span)
            on_grid = (at - hours.start) % timedelta(minutes=service.slot_step_minutes) == timedelta()
            if not (hours.contains(whole) and (on_grid or before)):
                continue
            rooms = [
                room
                for room in self.rooms
                if room.type == service.room_type
                and not any(whole.overlaps(other) for other in taken.rooms.get(room.id, ()))
            ]
            if rooms or service.room_type is None:
                options += [(service, rooms[0] if rooms else None, span)] * (3 if place == 0 else 1)
        return self.random.choice(options) if options else None

    def _asked(self, start: datetime, provider: Provider) -> datetime:
        """Choose a moment of the working day some days before the visit, and before now."""
        latest = min(start, self.now).astimezone(provider.zone).date() - timedelta(days=1)
        on = latest - timedelta(days=self.random.randint(0, 20))
        minute = self.random.randint(8 * 60, 18 * 60)
        return to_instant(datetime.combine(on, time(minute // 60, minute % 60)), provider.zone)
