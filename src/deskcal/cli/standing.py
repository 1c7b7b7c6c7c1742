"""Appointments that stay booked although something is against them now: whom to call."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from deskcal.cli.options import Options
from deskcal.cli.out import lines
from deskcal.cli.when import said_span
from deskcal.wire.booking import Appointment


def standing(options: Options, found: Sequence[Appointment], zone: ZoneInfo, *, why: str) -> None:
    """Print appointments by start; `why` goes on from their number, such as `use this room`."""
    if found:
        options.say(f"{len(found)} appointments {why} and stay booked; call them:")
    lines(
        (said_span(one.start, one.end, zone), one.patient_name, one.service_title, one.reference, str(one.id))
        for one in found
    )
