"""Which rooms and units would do for a booking, in the order in which they are offered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from deskcal.core.clinic import Equipment, Provider, Room, Service, Unit
from deskcal.core.needs import Needs
from deskcal.core.ruling import needs_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What a provider's booking of a service needs, and what of the clinic would do, best first.

    `rooms` is empty where none is needed. `units` has, for each type of equipment needed, every unit with its
    pool.
    """

    needs: Needs
    rooms: tuple[Room, ...]
    units: Mapping[str, tuple[tuple[Equipment, Unit], ...]]

    @property
    def resources(self) -> frozenset[UUID]:
        """Every room and unit that might be taken."""
        units = (unit.id for found in self.units.values() for _, unit in found)
        return frozenset((*(room.id for room in self.rooms), *units))


def fitting(
    provider: Provider, service: Service, rooms: Iterable[Room], equipment: Iterable[Equipment]
) -> Fitting:
    """Choose where the provider works. Rooms liked come first, then those with the fewest spare features."""
    needs = needs_of(service)
    liked = provider.preference(service.id)
    order = {room_id: place for place, room_id in enumerate(liked.room_ids if liked else ())}

    def rank(room: Room) -> tuple[int, int]:
        return order.get(room.id, len(order)), len(room.features - needs.room_features)

    return Fitting(
        needs=needs,
        rooms=tuple(sorted((room for room in rooms if _does(room, needs, provider)), key=rank)),
        units={
            kind: tuple(
                (pool, unit)
                for pool in equipment
                if pool.type == kind and provider.may_use(pool)
                for unit in pool.units
            )
            for kind in needs.units
        },
    )


def choosable(provider: Provider, fits: Fitting, rooms: Iterable[Room]) -> tuple[Room, ...]:
    """List the rooms that somebody may insist on: those that would do, or any if none is needed."""
    return tuple(filter(provider.may_use, rooms)) if fits.needs.room_types is None else fits.rooms


def _does(room: Room, needs: Needs, provider: Provider) -> bool:
    return (
        needs.room_types is not None
        and room.type in needs.room_types
        and room.features >= needs.room_features
        and (room.capacity is None or room.capacity >= needs.seats)
        and provider.may_use(room)
    )
