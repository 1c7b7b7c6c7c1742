"""How the status of an appointment reads at a desk, and where a change of it goes back to."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from deskcal.wire.booking import Appointment, AppointmentStatus

WORDS: Mapping[AppointmentStatus, str] = {
    "scheduled": "booked",
    "confirmed": "booked",
    "checked_in": "arrived",
    "in_progress": "in room",
    "completed": "out",
    "canceled": "canceled",
    "no_show": "no-show",
}
LATE_AFTER = timedelta(minutes=1)


def late(appointment: Appointment, now: datetime) -> int | None:
    """Give for how many minutes somebody is awaited who should be here; None when nobody is."""
    from deskcal.core.lifecycle import WAITING

    waited = now - appointment.start
    if appointment.status not in WAITING or waited < LATE_AFTER:
        return None
    return int(waited.total_seconds() // 60)


def status_words(appointment: Appointment, now: datetime) -> str:
    """Write a status in one or two words: `booked`, `LATE 11m`; `no doctor` is what a provider missed."""
    minutes = late(appointment, now)
    if minutes is not None and now < appointment.end:
        return f"LATE {minutes}m"
    if minutes is not None:
        return "not here"
    if appointment.missed_by == "provider":
        return "no doctor"
    return WORDS[appointment.status]


def back_to(was: AppointmentStatus) -> AppointmentStatus:
    """Say what undoing leads to: nothing becomes only scheduled again."""
    return "confirmed" if was == "scheduled" else was
