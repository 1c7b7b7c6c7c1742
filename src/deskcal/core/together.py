"""Bookings that are wanted together: when each of them starts, and the verdict on each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from deskcal.core.clinic import Service
from deskcal.core.rules import MinGap
from deskcal.core.slot import Slot
from deskcal.core.verdict import Reason


class Adjacency(StrEnum):
    """How the bookings of a party lie: all at once with several providers, or in a row with one."""

    SAME_TIME = "same_time"
    BACK_TO_BACK = "back_to_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One of the bookings wanted, on the provider's wall clock; it can be had where nothing is against it.

    A time that the clock skips is spelled with the offset from before; `next_valid` is the next that exists.
    """

    start: datetime
    end: datetime
    reasons: tuple[Reason, ...] = ()
    alternatives: tuple[Slot, ...] = ()
    next_valid: datetime | None = None
    patient_id: UUID | None = None

    @property
    def available(self) -> bool:
        """Tell whether it can be had."""
        return not self.reasons


def starts_of_party(
    service: Service, start: datetime, places: int, adjacency: Adjacency
) -> Iterator[datetime]:
    """Give the start of each place; in a row the next one starts as soon as buffers and rules let it."""
    apart = timedelta()
    if adjacency is Adjacency.BACK_TO_BACK:
        buffers = service.buffer_before_minutes + service.buffer_after_minutes
        gaps = (rule.min_gap_minutes for rule in service.rules if isinstance(rule, MinGap))
        apart = timedelta(minutes=service.duration_minutes + max(buffers, *gaps, 0))
    for place in range(places):
        yield start + place * apart
