"""Where a service may start with a provider, as masks of a stretch of time; and sight of what is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from deskcal.core import bitmap
from deskcal.core.clinic import Provider, Service
from deskcal.core.fitting import Fitting
from deskcal.core.rule import Rule
from deskcal.core.slot import Busy, Visit
from deskcal.core.span import Span

_MINUTE = timedelta(minutes=1)


class Sight(Protocol):
    """What is taken, as far as one looked. It shows no holds that have run out."""

    def booked(self, resource_id: UUID, window: Span) -> int:
        """Set the minutes of the window that appointments take, buffers included."""
        ...

    def rows(self, resource_id: UUID) -> Sequence[Busy]:
        """List the rows that have to be told apart: holds, seats of group sessions, overbookings."""
        ...

    def visits(self, of: UUID, window: Span) -> Sequence[Visit]:
        """List the bookings of a provider or a service, held ones too, that start in the window."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """Masks over a window: bit i speaks of a start at its minute i.

    `offered` is where there are slots at all. A start is `unbooked` and `unheld` for the provider, `roomy`
    and `equipped` if what else is needed is free, `coming` if it is not over. `refused` are the rules that
    speak against some starts. `sessions` has the taken seats by minute.
    """

    provider: Provider
    service: Service
    window: Span
    fits: Fitting
    offered: int
    unbooked: int
    unheld: int
    roomy: int
    equipped: int
    coming: int
    refused: tuple[tuple[Rule, int], ...] = ()
    sessions: Mapping[int, tuple[Busy, ...]] = field(default_factory=dict)

    @property
    def allowed(self) -> int:
        """Where no rule is against it."""
        allowed = bitmap.full(self.window)
        for _, minutes in self.refused:
            allowed &= ~minutes
        return allowed

    @property
    def possible(self) -> int:
        """Where nothing is in the way, on the grid of slots or off it."""
        return self.unbooked & self.unheld & self.roomy & self.equipped & self.coming & self.allowed

    @property
    def free(self) -> int:
        """Where a slot can be booked."""
        return self.offered & self.possible

    def place(self, start: datetime) -> int:
        """Give the minute of the window at which an instant lies."""
        return (start - self.window.start) // _MINUTE

    def span(self, minute: int) -> Span:
        """Give the service alone that starts at a minute of the window."""
        return Span.of_minutes(self.window.start + minute * _MINUTE, self.service.duration_minutes)
