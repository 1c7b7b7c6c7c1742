"""What a booking of a service needs besides its provider: a room of some kind, units of equipment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Requirements of one service, its rules included.

    `room_types` is None where no room is needed; an empty set is a contradiction that no room meets. A room
    has to have all `room_features` and places for `seats` patients. `units` counts by type of equipment.
    """

    room_types: frozenset[str] | None = None
    room_features: frozenset[str] = frozenset()
    seats: int = 1
    units: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
