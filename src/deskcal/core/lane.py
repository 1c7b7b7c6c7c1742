"""A provider's day as slots: where a service may start, and in which state each slot is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.session import in_force, own_window
from deskcal.core.slot import Busy, Slot, SlotState, Visit
from deskcal.core.span import Span
from deskcal.core.starts import Starts
from deskcal.core.survey import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Sight of a few rows of occupancy: what a transaction has just read, by resource."""

    taken: Mapping[UUID, Sequence[Busy]]
    counted: Sequence[Visit] = ()

    @classmethod
    def of(cls, rows: Iterable[Busy], now: datetime, *, counted: Sequence[Visit] = ()) -> "Rows":
        """Sort rows by resource, leaving out holds that have run out."""
        taken: dict[UUID, list[Busy]] = {}
        for row in in_force(rows, now):
            taken.setdefault(row.resource_id, []).append(row)
        return cls(taken=taken, counted=counted)

    def booked(self, resource_id: UUID, window: Span) -> int:
        """Set the minutes that appointments take."""
        rows = self.taken.get(resource_id, ())
        return bitmap.union((row.span for row in rows if not row.hold_id), window)

    def rows(self, resource_id: UUID) -> Sequence[Busy]:
        """List all rows of a resource: more than what is asked for does no harm."""
        return [row for row in self.taken.get(resource_id, ()) if row.told_apart]

    def visits(self, of: UUID, window: Span) -> Sequence[Visit]:
        """List the bookings of a provider or a service that start in the window."""
        own = [visit for visit in self.counted if of in {visit.provider_id, visit.service_id}]
        return [visit for visit in own if window.start <= visit.span.start < window.end]


def slots(survey: Survey, starts: Starts) -> tuple[Slot, ...]:
    """Give every slot in start order, taken ones too; `remaining` is 0 wherever nothing can be booked."""
    return tuple(slot(survey, starts, minute) for minute in bitmap.positions(starts.offered))


def slot(survey: Survey, starts: Starts, minute: int) -> Slot:
    """Give the slot that starts at a minute of the window."""
    here, span = 1 << minute, starts.span(minute)
    seats = starts.sessions.get(minute, ())
    taken = len({row.seat for row in seats})
    state, reason, hold = SlotState.LIMITED if taken else SlotState.AVAILABLE, None, None
    if not starts.unbooked & here:
        state = SlotState.BOOKED
    elif not starts.unheld & here:
        state, hold = SlotState.RESERVED, _hold(survey, starts, span, seats)
    elif not starts.possible & here:
        state, reason = SlotState.UNAVAILABLE, against(survey, starts, minute)
    capacity = starts.service.capacity
    return Slot(
        provider_id=starts.provider.id,
        service_id=starts.service.id,
        span=span,
        state=state,
        capacity=capacity,
        remaining=capacity - taken if state in {SlotState.AVAILABLE, SlotState.LIMITED} else 0,
        reason=reason,
        hold=hold,
    )


def against(survey: Survey, starts: Starts, minute: int) -> str:
    """Say in a few words what else than the provider's bookings is in the way of a start."""
    here = 1 << minute
    if not starts.coming & here:
        return "in the past"
    if not starts.roomy & here:
        return no_room(starts)
    if not starts.equipped & here:
        return no_units(survey, starts, minute)
    rule = next(rule for rule, minutes in starts.refused if minutes & here)
    return survey.reason(starts.provider, rule, starts.span(minute).start)[0]


def no_room(starts: Starts) -> str:
    """Say that no room is free, or that there is none of that sort."""
    types = " or ".join(sorted(starts.fits.needs.room_types or ()))
    return f"no room of type {types} is free" if starts.fits.rooms else f"there is no room of type {types}"


def no_units(survey: Survey, starts: Starts, minute: int) -> str:
    """Say of which equipment too little is free, or that there is too little of it at all."""
    needs, seats = starts.fits.needs.units, starts.sessions.get(minute, ())
    for kind, units in starts.fits.units.items():
        if len(units) < needs[kind]:
            return (
                f"there are {len(units)} {kind} of the {needs[kind]} needed"
                if units
                else f"there is no {kind}"
            )
        free = sum(survey.unit_free(pool, unit, minute, seats) for pool, unit in units)
        if free < needs[kind]:
            return f"{free} {kind} of the {needs[kind]} needed are free" if free else f"no {kind} is free"
    return "some equipment is taken"


def _hold(survey: Survey, starts: Starts, span: Span, seats: Sequence[Busy]) -> Busy | None:
    window = own_window(starts.service, span)
    held = [row for row in survey.sight.rows(starts.provider.id) if row.hold_id]
    # In order, so that every process names the same one of several.
    ahead = sorted((row for row in held if row.span.overlaps(window)), key=lambda row: (row.span, row.seat))
    return next((row for row in ahead if row not in seats), ahead[0] if ahead else None)
