"""Three weeks of appointments for the demo clinic: one back, two ahead, fuller near today."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from deskcal.core import slot
from deskcal.core.clinic import Patient, Provider, Room, Service
from deskcal.core.fitting import Fitting, fitting
from deskcal.core.hours import Hours, hours_of, open_spans, unit_hours
from deskcal.core.localtime import to_instant
from deskcal.core.rule import Case
from deskcal.core.ruling import refusals
from deskcal.core.session import own_window
from deskcal.core.span import Span
from deskcal.flows.demo_people import is_child
from deskcal.store.catalog import Catalog

DAYS_BACK, DAYS_AHEAD = 7, 14
FULLEST, EMPTIER_A_DAY, EMPTIEST = 0.74, 0.035, 0.25
SQUEEZED_IN, WHY = 0.02, "Cannot wait for the next free time"
STEP, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
PEDIATRICS = "Pediatrics"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """An appointment to make, and when it was asked for; on top of another one if it says why."""

    provider: Provider
    service: Service
    room: Room | None
    patient: Patient
    span: Span
    asked_at: datetime
    overbook_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A session to book, of one seat or several."""

    service: Service
    fits: Fitting
    room: Room | None
    span: Span

    @property
    def whole(self) -> Span:
        return own_window(self.service, self.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What is given away of one local day already: stretches by room and type of equipment, and who comes."""

    on: date
    taken: dict[UUID | str, list[Span]] = field(default_factory=lambda: defaultdict(list))
    booked: list[slot.Visit] = field(default_factory=list)
    coming: set[UUID] = field(default_factory=set)

    def take(self, choice: _Choice) -> None:
        if choice.room is not None:
            self.taken[choice.room.id].append(choice.whole)
        for kind, units in choice.fits.needs.units.items():
            self.taken[kind] += [choice.whole] * units

    def room(self, fits: Fitting, whole: Span) -> Room | None:
        """Give the best room that is open and free."""
        free = (room for room in fits.rooms if not any(whole.overlaps(one) for one in self.taken[room.id]))
        return next((room for room in free if self._open(hours_of(room), whole)), None)

    def equipped(self, fits: Fitting, whole: Span) -> bool:
        """Tell whether there are units enough, in whatever order those who use them were booked."""
        return all(
            self._spare(kind, whole, sum(self._open(unit_hours(pool, unit), whole) for pool, unit in units))
            >= fits.needs.units[kind]
            for kind, units in fits.units.items()
        )

    def _spare(self, kind: str, whole: Span, units: int) -> int:
        near = [use for use in self.taken[kind] if use.overlaps(whole)]
        crowds = (sum(use.overlaps(other) for other in self.taken[kind]) for use in near)
        return units - max((len(near), *crowds))

    def _open(self, hours: Hours, whole: Span) -> bool:
        return any(opened.contains(whole) for opened in open_spans(hours, self.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Fills the days of a clinic so that no two visits are in each other's way; `now` is an instant."""

    random: Random
    now: datetime
    known: Catalog
    patients: Sequence[Patient]

    def visits(self) -> list[Visit]:
        """Give three weeks around today in the order in which they were asked for."""
        today = self.now.astimezone(ZoneInfo(self.known.clinic.timezone)).date()
        days = range(-DAYS_BACK, DAYS_AHEAD + 1)
        found = [visit for offset in days for visit in self._day(today + timedelta(days=offset), abs(offset))]
        return sorted(found, key=lambda visit: visit.asked_at)

    def _day(self, on: date, distance: int) -> Iterator[Visit]:
        day = _Day(on=on)
        full = max(EMPTIEST, FULLEST - EMPTIER_A_DAY * distance)
        for provider in self.known.providers.values():
            young = provider.specialty == PEDIATRICS
            public = [patient for patient in self.patients if is_child(patient, on) is young]
            for hours in open_spans(hours_of(provider), on):
                yield from self._stretch(day, provider, public, hours, full)

    def _stretch(
        self, day: _Day, provider: Provider, public: Sequence[Patient], hours: Span, full: float
    ) -> Iterator[Visit]:
        at = hours.start
        while at < hours.end:
            asked_at = self._asked(at, provider)
            wanted = self.random.random() < full
            choice = self._choose(day, provider, hours, at, asked_at) if wanted else None
            if choice is None:
                at += 2 * STEP
                continue
            yield from self._given(day, provider, public, choice, asked_at)
            end = choice.whole.end
            if at > self.now and choice.service.capacity == 1 and self.random.random() < SQUEEZED_IN:
                on_top = self._choose(day, provider, hours, at, self.now)
                if on_top is not None and on_top.service.capacity == 1:
                    yield from self._given(day, provider, public, on_top, self.now, reason=WHY)
                    end = max(end, on_top.whole.end)
            at = end + (hours.start - end) % STEP

    def _choose(
        self, day: _Day, provider: Provider, hours: Span, at: datetime, asked_at: datetime
    ) -> _Choice | None:
        """Pick what fits from `at` on, all that it needs included; the first service offered most often."""
        options: list[_Choice] = []
        for place, service in enumerate(self.known.services[id_] for id_ in provider.prices):
            span = Span.of_minutes(at + service.buffer_before_minutes * MINUTE, service.duration_minutes)
            whole = own_window(service, span)
            on_grid = (at - hours.start) % (service.slot_step_minutes * MINUTE) == timedelta()
            if not (hours.contains(whole) and (on_grid or service.buffer_before_minutes)):
                continue
            case = Case(
                provider=provider,
                service=service,
                window=Span.of_minutes(span.start, 1),
                now=asked_at,
                visits=day.booked,
            )
            fits = fitting(provider, service, self.known.rooms, self.known.equipment)
            room = day.room(fits, whole)
            roomy = room is not None or fits.needs.room_types is None
            if roomy and day.equipped(fits, whole) and not any(refusals(case)):
                choice = _Choice(service=service, fits=fits, room=room, span=span)
                options += [choice] * (3 if place == 0 else 1)
        return self.random.choice(options) if options else None

    def _given(
        self,
        day: _Day,
        provider: Provider,
        public: Sequence[Patient],
        choice: _Choice,
        asked_at: datetime,
        *,
        reason: str | None = None,
    ) -> Iterator[Visit]:
        """Give at least half of the seats to whoever does not come that day."""
        day.take(choice)
        service, span = choice.service, choice.span
        seats = self.random.randint((service.capacity + 1) // 2, service.capacity)
        free = [patient for patient in public if patient.id not in day.coming]
        for number, patient in enumerate(self.random.sample(free, seats)):
            day.coming.add(patient.id)
            day.booked.append(slot.Visit(provider_id=provider.id, service_id=service.id, span=span))
            yield Visit(
                provider=provider,
                service=service,
                room=choice.room,
                patient=patient,
                span=span,
                asked_at=asked_at + number * MINUTE,
                overbook_reason=reason,
            )

    def _asked(self, start: datetime, provider: Provider) -> datetime:
        """Choose a moment of the working day some days before the visit, and before now."""
        latest = min(start, self.now).astimezone(provider.zone).date() - timedelta(days=1)
        on = latest - timedelta(days=self.random.randint(0, 20))
        minute = self.random.randint(8 * 60, 18 * 60)
        return to_instant(datetime.combine(on, time(minute // 60, minute % 60)), provider.zone)
