"""Who goes where when a provider is away: new places, best first, no two of them the same."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum
from heapq import nsmallest
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.booking import Appointment, free_seats, wants
from deskcal.core.clinic import Provider, Service
from deskcal.core.ranking import ranked
from deskcal.core.session import own_window, session_key
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.core.starts import Sight, Starts
from deskcal.core.survey import Survey

MOST_PLACES = 20
"""So many are given of each way; where somebody else is faster with all of them, the next way follows."""


class Way(IntEnum):
    """How near a new place is to what the patient had, nearest first."""

    SAME_TIME = 0
    SAME_PROVIDER = 1
    OTHERWISE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place for an appointment; room and units as they would be chosen now."""

    provider: Provider
    span: Span
    room_id: UUID | None
    unit_ids: tuple[UUID, ...]
    seat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Besides:
    """What is taken, without what an appointment gives back, and with what was proposed to others."""

    sight: Sight
    made: Appointment
    gives_back: Span | None
    taken: Sequence[Busy]
    counted: Sequence[Visit]

    def booked(self, resource_id: UUID, window: Span) -> int:
        minutes = self.sight.booked(resource_id, window)
        if self.gives_back and resource_id in {self.made.room_id, *self.made.unit_ids}:
            minutes &= ~bitmap.bits(self.gives_back, window)
        return minutes

    def rows(self, resource_id: UUID) -> Sequence[Busy]:
        return [*self.sight.rows(resource_id), *(row for row in self.taken if row.resource_id == resource_id)]

    def visits(self, of: UUID, window: Span) -> Sequence[Visit]:
        own = _visit(self.made)
        found = [visit for visit in self.counted if of in {visit.provider_id, visit.service_id}]
        found = [
            *self.sight.visits(of, window),
            *(one for one in found if window.start <= one.span.start < window.end),
        ]
        if own in found:
            found.remove(own)
        return found


@dataclass(slots=True, kw_only=True)
class Planning:
    """The search for places on `day`, the local one without `away`, and after it until `until`.

    `survey` looks at the starts of a service in a stretch of time. `patients` has what they do besides.
    """

    away: Provider
    providers: Sequence[Provider]
    day: Span
    until: datetime
    sight: Sight
    survey: Callable[[Service, Span, Sight], Survey]
    patients: Mapping[UUID, Sequence[Busy]]
    _taken: list[Busy] = field(default_factory=list)
    _visits: list[Visit] = field(default_factory=list)

    def places(self, made: Appointment, service: Service, way: Way) -> Iterator[Place]:
        """Give places of one way, best first. They are as long as the appointment is."""
        service = replace(service, duration_minutes=made.span.minutes)
        sight = _Besides(
            sight=self.sight,
            made=made,
            gives_back=own_window(service, made.span) if service.capacity == 1 else None,
            taken=self._taken,
            counted=self._visits,
        )
        look = self.survey(service, self._window(made, way), sight)
        found = self._found(made, look, way)
        for starts, minute in nsmallest(MOST_PLACES, found, key=lambda one: self._rank(made, *one)):
            yield _place(look, starts, minute)

    def take(self, made: Appointment, service: Service, place: Place) -> None:
        """Keep a place from all who are looked at after this."""
        service = replace(service, duration_minutes=place.span.minutes)
        key = -len(self._taken) - 1
        if service.capacity > 1:
            key = session_key(place.provider.id, service.id, place.span.start)
        for want in wants(
            service=service,
            provider_id=place.provider.id,
            room_id=place.room_id,
            unit_ids=place.unit_ids,
            patient_id=made.patient_id,
            span=place.span,
            seat=place.seat,
        ):
            row = Busy(
                resource_id=want.resource_id,
                span=want.span,
                session_key=key,
                seat=want.seat,
                capacity=want.capacity,
                service_id=service.id,
                hold_id=made.id,
            )
            self._taken.append(row)
        visit = Visit(provider_id=place.provider.id, service_id=service.id, span=place.span)
        self._visits.append(visit)

    def _window(self, made: Appointment, way: Way) -> Span:
        if way is Way.SAME_TIME:
            return Span.of_minutes(made.span.start, 1)
        return Span(start=self.day.end if way is Way.SAME_PROVIDER else self.day.start, end=self.until)

    def _found(self, made: Appointment, look: Survey, way: Way) -> Iterator[tuple[Starts, int]]:
        """Give the starts of a way at which the patient has time, at one time the better providers first."""
        busy = [
            row.span
            for row in (*self.patients.get(made.patient_id, ()), *self._taken)
            if row.resource_id == made.patient_id and row.appointment_id != made.id
        ]
        for starts in self._providers(look, way):
            for minute in bitmap.positions(starts.free):
                if not any(span.overlaps(starts.span(minute)) for span in busy):
                    yield starts, minute

    def _providers(self, look: Survey, way: Way) -> Iterable[Starts]:
        others = [one for one in self.providers if one.id != self.away.id]
        if way is Way.SAME_PROVIDER:
            return [look.of(self.away)]
        if way is Way.SAME_TIME:
            return [one.starts for one in ranked(look, others, prefer=None, limit=len(others))]
        return [look.of(one) for one in others]

    def _rank(self, made: Appointment, starts: Starts, minute: int) -> tuple[int, int, bool, int]:
        """Prefer soon, the same time of day, the same location, what is not dearer; then as they come."""
        provider, zone = starts.provider, self.away.zone
        was, at = (span.start.astimezone(zone) for span in (made.span, starts.span(minute)))
        days = (at.date() - was.date()).days
        clocks = abs((at.hour - was.hour) * 60 + at.minute - was.minute)
        elsewhere = provider.location_id != self.away.location_id
        return days, clocks, elsewhere, max(provider.price_of(starts.service) - made.price_cents, 0)


def _place(look: Survey, starts: Starts, minute: int) -> Place:
    seats, needs = starts.sessions.get(minute, ()), starts.fits.needs
    rooms = (room.id for room in starts.fits.rooms if look.room_free(room, minute, seats))
    return Place(
        provider=starts.provider,
        span=starts.span(minute),
        room_id=next(rooms, None),
        unit_ids=tuple(
            unit_id
            for kind, units in starts.fits.units.items()
            for unit_id in [unit.id for pool, unit in units if look.unit_free(pool, unit, minute, seats)][
                : needs.units[kind]
            ]
        ),
        seat=free_seats(starts.service.capacity, [row.seat for row in seats])[0],
    )


def _visit(made: Appointment) -> Visit:
    return Visit(provider_id=made.provider_id, service_id=made.service_id, span=made.span)
