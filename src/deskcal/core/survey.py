"""Where in a stretch of time a service may start: a mask for each thing that could be in the way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.clinic import Equipment, Provider, Room, Service, Unit
from deskcal.core.fitting import Fitting, fitting
from deskcal.core.hours import Hours, hours_of, open_bits, open_time, stretches, unit_hours
from deskcal.core.localtime import segments
from deskcal.core.rule import Case, Rule
from deskcal.core.ruling import rules_for
from deskcal.core.session import own_window, session_key
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span
from deskcal.core.starts import Sight, Starts

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_COUNTED = timedelta(days=2)
_SHORTEST_KEPT = 60


@dataclass(slots=True, kw_only=True)
class Survey:
    """One look at a stretch of time for one service, with any number of providers.

    Slots start in `window`, of whole minutes; `sight` has to reach as far around it as a booking does. What
    depends on hours alone is kept in `memo`, which is good for as long as the catalogue is.
    """

    service: Service
    rooms: Sequence[Room]
    equipment: Sequence[Equipment]
    window: Span
    sight: Sight
    now: datetime
    memo: dict[Any, Any] = field(default_factory=dict)
    reach: Span = field(init=False)
    """The stretch that bookings with a start in the window take something of."""
    _clear: dict[Any, int] = field(default_factory=dict)
    _visits: dict[UUID, Sequence[Visit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        before, after = self.service.buffer_before_minutes, self.service.buffer_after_minutes
        self.reach = self.window.padded(before=before, after=self.service.duration_minutes + after)

    def of(self, provider: Provider) -> Starts:
        """Look at one provider."""
        service, window = self.service, self.window
        fits = self._kept(("fits", provider.id, service.id), lambda: self._fitting(provider))
        holds = [row for row in self.sight.rows(provider.id) if row.hold_id]
        booked = self.sight.booked(provider.id, self.reach)
        sessions = self._sessions(provider) if service.capacity > 1 else {}
        unbooked = self._runs(~booked)
        held = bitmap.union((row.span for row in holds), self.reach)
        unheld = self._runs(~held) if held else bitmap.full(window)
        roomy, equipped = self._roomy(fits), self._equipped(fits)
        for minute, seats in sessions.items():
            # Whoever joins a session uses what it has taken already, as long as that is open.
            here = 1 << minute
            with_room, with_units = self._still_fits(fits, minute, seats)
            full = len({row.seat for row in seats}) >= service.capacity
            held = full and any(row.hold_id for row in seats)
            unbooked = unbooked & ~here if full and not held else unbooked | here
            unheld = unheld & ~here if held else unheld | here
            roomy = roomy | here if with_room else roomy & ~here
            equipped = equipped | here if with_units else equipped & ~here
        past = max(-((window.start - self.now) // _MINUTE), 0)
        return Starts(
            provider=provider,
            service=service,
            window=window,
            fits=fits,
            offered=self.offered(provider),
            unbooked=unbooked,
            unheld=unheld,
            roomy=roomy,
            equipped=equipped,
            coming=bitmap.full(window) >> past << past,
            refused=tuple(self._refused(provider)),
            sessions=sessions,
        )

    def reason(self, provider: Provider, rule: Rule, start: datetime) -> tuple[str, str | None]:
        """Say why a rule refuses a start, and what would help."""
        return rule.reason(replace(self.case(provider, rule), window=Span.of_minutes(start, 1)))

    def beside(self, provider: Provider) -> tuple[int, int]:
        """Set the starts that leave no gap before them, and those that leave none behind them.

        There the provider is taken, held or closed in the very next minute.
        """
        around = self.reach.padded(before=1, after=1)
        hours = hours_of(provider)
        opened = self._kept_for_days(("open", provider.id, around), lambda: open_bits(hours, around))
        held = bitmap.union((row.span for row in self.sight.rows(provider.id)), around)
        idle = opened & ~self.sight.booked(provider.id, around) & ~held
        used, behind = ~idle, around.minutes - self.window.minutes - 1
        return used & bitmap.full(self.window), used >> behind & bitmap.full(self.window)

    def offered(self, provider: Provider) -> int:
        """Set the starts of slots by the provider's hours, taken or not; none without the service."""
        service = self.service
        if absences(provider, service):
            return 0
        step = service.duration_minutes, service.slot_step_minutes
        return self._kept_for_days(("offered", provider.id, step, self.window), lambda: self._grid(provider))

    def _grid(self, provider: Provider) -> int:
        first = self.window.start.astimezone(provider.zone).date()
        last = self.window.end.astimezone(provider.zone).date()
        found = 0
        for ahead in range((last - first).days + 1):
            base, minutes = self._slots_of(provider, first + ahead * _DAY)
            shift = (base - self.window.start) // _MINUTE
            found |= minutes << shift if shift >= 0 else minutes >> -shift
        return found & bitmap.full(self.window)

    def room_clear(self, room: Room) -> int:
        """Set the starts for which a room is open and free."""
        return self._resource_clear(room.id, hours_of(room))

    def unit_clear(self, pool: Equipment, unit: Unit) -> int:
        """Set the starts for which a unit is at hand and free."""
        return self._resource_clear(unit.id, unit_hours(pool, unit))

    def room_free(self, room: Room, minute: int, seats: Sequence[Busy]) -> bool:
        """Tell whether a start can have a room; whoever joins the session of these seats can have its own."""
        if seats:
            return self._shared(room.id, hours_of(room), minute, seats)
        return bool(self.room_clear(room) >> minute & 1)

    def unit_free(self, pool: Equipment, unit: Unit, minute: int, seats: Sequence[Busy]) -> bool:
        """Tell whether a start can have a unit, be it the session's own."""
        if self.unit_clear(pool, unit) >> minute & 1:
            return True
        return bool(seats) and self._shared(unit.id, unit_hours(pool, unit), minute, seats)

    def _shared(self, resource_id: UUID, hours: Hours, minute: int, seats: Sequence[Busy]) -> bool:
        key = seats[0].session_key
        taken = any(row.session_key == key for row in self.sight.rows(resource_id))
        return taken and bool(self._runs(self._opened(resource_id, hours)) >> minute & 1)

    def _still_fits(self, fits: Fitting, minute: int, seats: Sequence[Busy]) -> tuple[bool, bool]:
        """Tell whether a session that has begun to fill has a room and units enough for one more."""
        needs = fits.needs
        roomy = needs.room_types is None or any(self.room_free(room, minute, seats) for room in fits.rooms)
        equipped = all(
            needs.units[kind] <= sum(self.unit_free(pool, unit, minute, seats) for pool, unit in units)
            for kind, units in fits.units.items()
        )
        return roomy, equipped

    def _slots_of(self, provider: Provider, day: date) -> tuple[datetime, int]:
        service = self.service
        key = ("slots", provider.id, service.duration_minutes, service.slot_step_minutes, day)
        found: tuple[datetime, int] = self._kept(
            key,
            lambda: slots_of(
                hours_of(provider), day, step=service.slot_step_minutes, minutes=service.duration_minutes
            ),
        )
        return found

    def _fitting(self, provider: Provider) -> Fitting:
        return fitting(provider, self.service, self.rooms, self.equipment)

    def _kept(self, key: Any, make: Any) -> Any:
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = make()
        return found

    def _kept_for_days(self, key: Any, make: Callable[[], int]) -> int:
        """Keep it, unless only a start or two are looked at: of those there are too many."""
        found: int = self._kept(key, make) if self.window.minutes >= _SHORTEST_KEPT else make()
        return found

    def _runs(self, free: int) -> int:
        """Set the starts from which a whole booking is free, given the free minutes of the reach."""
        reach = self.reach
        minutes = reach.minutes - self.window.minutes
        return bitmap.run_starts(free & bitmap.full(reach), minutes) & bitmap.full(self.window)

    def _resource_clear(self, resource_id: UUID, hours: Hours) -> int:
        found = self._clear.get(resource_id)
        if found is None:
            taken = self.sight.booked(resource_id, self.reach)
            held = bitmap.union((row.span for row in self.sight.rows(resource_id)), self.reach)
            opened = self._opened(resource_id, hours)
            found = self._clear[resource_id] = self._runs(opened & ~taken & ~held)
        return found

    def _opened(self, resource_id: UUID, hours: Hours) -> int:
        reach = self.reach
        return self._kept_for_days(("open", resource_id, reach), lambda: open_bits(hours, reach))

    def _roomy(self, fits: Fitting) -> int:
        if fits.needs.room_types is None:
            return bitmap.full(self.window)
        key = tuple(room.id for room in fits.rooms)
        if key not in self._clear:
            self._clear[key] = at_least(1, map(self.room_clear, fits.rooms))
        return self._clear[key]

    def _equipped(self, fits: Fitting) -> int:
        equipped = bitmap.full(self.window)
        for kind, units in fits.units.items():
            key = tuple(unit.id for _, unit in units), fits.needs.units[kind]
            if key not in self._clear:
                clear = (self.unit_clear(pool, unit) for pool, unit in units)
                self._clear[key] = at_least(fits.needs.units[kind], clear)
            equipped &= self._clear[key]
        return equipped

    def _refused(self, provider: Provider) -> Iterator[tuple[Rule, int]]:
        """Give each rule that refuses some start in the window, with these minutes."""
        for rule in rules_for(provider, self.service):
            if rule.counts_of == "provider":
                minutes = rule.refused(self.case(provider, rule))
            else:
                key = rule, provider.timezone
                if key not in self._clear:
                    self._clear[key] = rule.refused(self.case(provider, rule))
                minutes = self._clear[key]
            if minutes:
                yield rule, minutes

    def case(self, provider: Provider, rule: Rule) -> Case:
        """Draw up what a rule judges, with those bookings alone that it counts."""
        visits: Sequence[Visit] = ()
        if rule.counts:
            id_ = self.service.id if rule.counts_of == "service" else provider.id
            if id_ not in self._visits:
                around = Span(start=self.window.start - _COUNTED, end=self.window.end + _COUNTED)
                self._visits[id_] = self.sight.visits(id_, around)
            visits = self._visits[id_]
        return Case(provider=provider, service=self.service, window=self.window, now=self.now, visits=visits)

    def _sessions(self, provider: Provider) -> dict[int, tuple[Busy, ...]]:
        """Find the group sessions of this service that begin in the window, by minute."""
        found: dict[int, tuple[Busy, ...]] = {}
        rows = self.sight.rows(provider.id)
        for row in rows:
            start = row.span.start + self.service.buffer_before_minutes * _MINUTE
            span = Span.of_minutes(start, self.service.duration_minutes)
            joins = row.session_key == session_key(provider.id, self.service.id, start)
            if joins and row.span == own_window(self.service, span):
                minute, rest = divmod(start - self.window.start, _MINUTE)
                if not rest and 0 <= minute < self.window.minutes:
                    found[minute] = (*found.get(minute, ()), row)
        return {
            minute: seats
            for minute, seats in found.items()
            if not any(row.span.overlaps(seats[0].span) and row not in seats for row in rows)
        }


def slots_of(hours: Hours, day: date, *, step: int, minutes: int) -> tuple[datetime, int]:
    """Set the minutes of a local date at which so long a service fits into open hours, from an instant on.

    Steps count from each opening's start on the wall clock, so labels stay the same after a clock change.
    """
    usable = open_time(hours, day, minutes)
    midnight = datetime.combine(day, time())
    if not usable:
        return midnight.replace(tzinfo=hours.zone), 0
    window = Span(start=usable[0].start, end=usable[-1].end)
    grid = 0
    for stretch in stretches(hours, day):
        for piece, offset in segments(stretch.span, hours.zone):
            wall = (piece.start.replace(tzinfo=None) + offset - midnight) // _MINUTE
            first = (piece.start - window.start) // _MINUTE + (stretch.anchor - wall) % step
            for minute in range(first, (piece.end - window.start) // _MINUTE, step):
                grid |= 1 << minute
    return window.start, grid & bitmap.run_starts(bitmap.union(usable, window), minutes)


def at_least(wanted: int, masks: Iterable[int]) -> int:
    """Set the bits that are set in so many of the masks, or more; `wanted` is at least 1."""
    reached = [0] * wanted
    for mask in masks:
        for place in range(wanted - 1, 0, -1):
            reached[place] |= reached[place - 1] & mask
        reached[0] |= mask
    return reached[-1]


def absences(provider: Provider, service: Service) -> tuple[tuple[str, str], ...]:
    """Say each cause why the provider gives no such appointments at all, and what would change it."""
    name = provider.name
    causes = (
        (provider.is_available, f"{name} takes no appointments now", f"an admin can make {name} available"),
        (provider.is_approved, f"{name} is not approved yet", f"an admin can approve {name}"),
        (
            service.id in provider.prices,
            f"{name} does not offer {service.title}",
            f"choose another provider, or an admin can add {service.title} to the services of {name}",
        ),
    )
    return tuple((message, fix) for fine, message, fix in causes if not fine)
