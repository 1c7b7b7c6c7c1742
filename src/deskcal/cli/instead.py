"""What is free instead of what cannot be had."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from deskcal.cli.when import said_span
from deskcal.wire.calendar import Timeslot


def instead(slots: Sequence[Timeslot], zone: ZoneInfo) -> Iterator[str]:
    """Say which slots are free, a line each."""
    if slots:
        yield f"Free instead, times in {zone.key}:"
    for slot in slots:
        yield f"  {said_span(slot.start, slot.end, zone)}  {slot.provider_name}"
