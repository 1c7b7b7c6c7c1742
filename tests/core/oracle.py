"""Availability as counting minutes has it: slow, plain, and by the words of the contract alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from core.oracle_hours import DAY, MINUTE, Around
from core.oracle_rules import refuses
from deskcal.core.booking import wants
from deskcal.core.clinic import Equipment, Provider, Room, Service
from deskcal.core.lane import Rows
from deskcal.core.rule import Case
from deskcal.core.rules import DailyMaximum, RequiredEquipmentType, RoomType
from deskcal.core.session import session_key
from deskcal.core.slot import Busy, SlotState, Visit
from deskcal.core.span import Span
from deskcal.core.survey import Survey


@dataclass(frozen=True, kw_only=True)
class Booking:
    """An appointment, or a hold if it runs out. It lies on top of what takes its provider in `over`."""

    provider_id: UUID
    service: Service
    start: datetime
    resources: tuple[UUID, ...] = ()
    seat: int = 1
    held_until: datetime | None = None
    over: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        return Span.of_minutes(self.start, self.service.duration_minutes)

    @property
    def whole(self) -> Span:
        before, after = self.service.buffer_before_minutes, self.service.buffer_after_minutes
        return Span(start=self.span.start - before * MINUTE, end=self.span.end + after * MINUTE)

    def stands(self, now: datetime) -> bool:
        return self.held_until is None or now < self.held_until

    def meets(self, whole: Span) -> bool:
        return self.whole.start < whole.end and whole.start < self.whole.end

    def beside(self, other: "Booking") -> bool:
        """Tell whether it is another seat of the same session."""
        same = (self.provider_id, self.service, self.start) == (other.provider_id, other.service, other.start)
        return same and self.seat != other.seat

    def rows(self, number: int) -> Iterator[Busy]:
        """Give what the database keeps of it."""
        group, id_ = self.service.capacity > 1, UUID(int=1000 + number)
        for want in wants(
            service=self.service,
            provider_id=self.provider_id,
            room_id=None,
            unit_ids=self.resources,
            patient_id=None,
            span=self.span,
            seat=self.seat,
            over=self.over,
        ):
            yield Busy(
                resource_id=want.resource_id,
                span=want.span,
                session_key=session_key(self.provider_id, self.service.id, self.start) if group else number,
                seat=want.seat,
                capacity=want.capacity,
                overbooked=want.overbooked,
                service_id=self.service.id if self.held_until else None,
                hold_id=id_ if self.held_until else None,
                appointment_id=None if self.held_until else id_,
                expires_at=self.held_until,
            )


@dataclass(frozen=True, kw_only=True)
class Clinic:
    """A clinic around a date, with everything that may be in the way; `hours` are those of each resource."""

    providers: tuple[Provider, ...]
    service: Service
    rooms: tuple[Room, ...]
    equipment: tuple[Equipment, ...]
    hours: Mapping[UUID, Around]
    bookings: tuple[Booking, ...]
    window: Span
    now: datetime

    def survey(self) -> Survey:
        """Look at it as the product does."""
        rows = [row for number, booking in enumerate(self.bookings) for row in booking.rows(number)]
        return Survey(
            service=self.service,
            rooms=self.rooms,
            equipment=self.equipment,
            window=self.window,
            sight=Rows.of(rows, self.now, counted=self._visits()),
            now=self.now,
        )

    def states(self, provider: Provider) -> list[tuple[datetime, SlotState, int]]:
        """Say what each slot of the window must be, with the places that are left."""
        return [(start, *self.state(provider, start)) for start in sorted(self.starts(provider))]

    def offers(self, provider: Provider) -> bool:
        """Tell whether the provider gives the service at all."""
        return provider.is_available and provider.is_approved and self.service.id in provider.prices

    def starts(self, provider: Provider) -> Iterator[datetime]:
        """Give the starts of slots in the window, once each."""
        if not self.offers(provider):
            return
        hours, step = self.hours[provider.id], self.service.slot_step_minutes
        window = hours.place(self.window)
        for day in (hours.day + n * DAY for n in range(-2, 3)):
            midnight = datetime.combine(day, time())
            for place, anchors in hours.on(day).items():
                if place not in window:
                    continue
                start = hours.first + place * MINUTE
                wall = (start.astimezone(provider.zone).replace(tzinfo=None) - midnight) // MINUTE
                if any((wall - anchor) % step == 0 for anchor in anchors) and self.is_open(provider, start):
                    yield start

    def is_open(self, provider: Provider, start: datetime) -> bool:
        """Tell whether the bare service fits into a provider's hours."""
        hours = self.hours[provider.id]
        return hours.opened.issuperset(hours.place(Span.of_minutes(start, self.service.duration_minutes)))

    def state(self, provider: Provider, start: datetime) -> tuple[SlotState, int]:
        """Say what a slot must be, with the places that are left."""
        mine = self._in_way(provider.id, start)
        seats = self._session(start, mine)
        left = self.service.capacity - len({booking.seat for booking in seats})
        if mine and not (seats and left):
            held = all(booking.held_until for booking in mine)
            if seats:
                held = any(booking.held_until for booking in mine)
            return (SlotState.RESERVED if held else SlotState.BOOKED), 0
        if start < self.now or self.refused(provider, start) or not self._equipped(provider, start, seats):
            return SlotState.UNAVAILABLE, 0
        return (SlotState.LIMITED if seats else SlotState.AVAILABLE), left

    def refused(self, provider: Provider, start: datetime) -> bool:
        """Tell whether a rule is against it."""
        case = Case(
            provider=provider,
            service=self.service,
            window=Span.of_minutes(start, 1),
            now=self.now,
            visits=self._visits(),
        )
        rules = [
            rule for rule in self.service.rules if not isinstance(rule, RoomType | RequiredEquipmentType)
        ]
        if provider.daily_maximum is not None:
            rules.append(DailyMaximum(id=provider.id, most=provider.daily_maximum))
        return any(refuses(rule, case, start) for rule in rules)

    def _visits(self) -> list[Visit]:
        return [
            Visit(provider_id=booking.provider_id, service_id=booking.service.id, span=booking.span)
            for booking in self.bookings
            if booking.stands(self.now)
        ]

    def _whole(self, start: datetime) -> Span:
        return Booking(provider_id=self.providers[0].id, service=self.service, start=start).whole

    def _in_way(self, resource_id: UUID, start: datetime) -> list[Booking]:
        whole = self._whole(start)
        return [
            booking
            for booking in self.bookings
            if resource_id in {booking.provider_id, *booking.resources}
            and booking.stands(self.now)
            and booking.meets(whole)
        ]

    def _session(self, start: datetime, mine: Sequence[Booking]) -> list[Booking]:
        """Give the seats that are taken of the group session that starts then, if one can join it."""
        same = [booking for booking in mine if booking.service == self.service and booking.start == start]
        return same if self.service.capacity > 1 and len(same) == len(mine) else []

    def _equipped(self, provider: Provider, start: datetime, seats: Sequence[Booking]) -> bool:
        """Tell whether there is a room for it, if it needs one, and all the units that it needs.

        Whoever joins a session shares its room and may share its units.
        """
        service, shared = self.service, {thing for seat in seats for thing in seat.resources}
        types = [{service.room_type}] if service.room_type else []
        units = {service.equipment_type: service.equipment_units} if service.equipment_type else {}
        for rule in service.rules:
            if isinstance(rule, RoomType):
                types.append(set(rule.room_types))
            if isinstance(rule, RequiredEquipmentType):
                units[rule.equipment_type] = max(rule.min_units, units.get(rule.equipment_type, 0))
        roomy = not types or any(
            self._usable(room.id, start, seats)
            for room in self.rooms
            if not seats or room.id in shared
            if all(room.type in asked for asked in types)
            and service.room_features <= room.features
            and (room.capacity is None or room.capacity >= service.capacity)
            and _same_place(provider, room)
        )
        return roomy and all(
            wanted
            <= sum(
                self._usable(unit.id, start, seats)
                for pool in self.equipment
                if pool.type == kind and _same_place(provider, pool)
                for unit in pool.units
            )
            for kind, wanted in units.items()
        )

    def _usable(self, resource_id: UUID, start: datetime, seats: Sequence[Booking]) -> bool:
        hours = self.hours[resource_id]
        is_open = hours.opened.issuperset(hours.place(self._whole(start)))
        return is_open and all(booking in seats for booking in self._in_way(resource_id, start))


def _same_place(provider: Provider, thing: Room | Equipment) -> bool:
    return None in {provider.location_id, thing.location_id} or provider.location_id == thing.location_id
