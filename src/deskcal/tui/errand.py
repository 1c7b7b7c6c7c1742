"""What the caller on the telephone wants, kept while the desk goes from area to area."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deskcal.tui.filters import Filter

if TYPE_CHECKING:
    from deskcal.wire.booking import Appointment
    from deskcal.wire.people import Patient
    from deskcal.wire.waitlist import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """The slot of a gap, and who waited for it."""

    slot_id: str
    entry: Entry


@dataclass(kw_only=True)
class Errand:
    """For whom, narrowed to what, and which appointment is to get another time instead of a new one.

    `filling` is the gap that somebody on the waitlist is booked into; `waits` is what the patient who was
    booked last still waits for.
    """

    patient: Patient | None = None
    filter: Filter = field(default_factory=Filter)
    moving: Appointment | None = None
    filling: Filling | None = None
    waits: Entry | None = None
