"""What the caller on the telephone wants, kept while the desk goes from area to area."""

from dataclasses import dataclass, field

from deskcal.tui.filters import Filter
from deskcal.wire.booking import Appointment
from deskcal.wire.people import Patient


@dataclass(kw_only=True)
class Errand:
    """For whom, narrowed to what, and which appointment is to get another time instead of a new one."""

    patient: Patient | None = None
    filter: Filter = field(default_factory=Filter)
    moving: Appointment | None = None
